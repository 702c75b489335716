/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual machine or container of this machine, as VIRTUALMACHINES has it, and the places where they are found. Everything is read from
 * files: no program is started and no daemon is asked. */
#pragma once
#include "worker/core/inventory.h"
#include "worker/inventory/source.h"

#define OCS_GUESTS_MAX 4096 /* of one kind */

typedef struct {
  char *name;            /* owned */
  char *uuid;            /* owned, nullable */
  char *status;          /* owned; "running", "paused", "off"; of docker its own words */
  const char *subsystem; /* borrowed: static; who runs it */
  char *type;            /* owned, nullable; "kvm" */
  gint64 vcpu;           /* 0: not said */
  gint64 memory_mb;      /* 0: not said, or no limit */
} OcsGuest;

/* status: copied. */
OcsGuest *ocs_guest_new (const char *subsystem, const char *type, const char *status);
void ocs_guest_free (OcsGuest *guest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsGuest, ocs_guest_free)

/* Each adds its own to guests, of OcsGuest. */
void ocs_libvirt_collect (const OcsSource *source, GPtrArray *guests, GPtrArray *notes);
void ocs_docker_collect (const OcsSource *source, GPtrArray *guests);
void ocs_podman_collect (const OcsSource *source, GPtrArray *guests);
void ocs_lxc_collect (const OcsSource *source, GPtrArray *guests);
/* Of qemu and VirtualBox, by their processes: those that libvirt does not know. */
void ocs_processes_collect (const OcsSource *source, GPtrArray *guests);

/* What their files say. Pure. text: not ended by a NUL. transfer full, nullable. */
OcsGuest *ocs_libvirt_parse (const char *text, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* hostconfig: nullable. */
OcsGuest *ocs_docker_parse (const char *config, const char *hostconfig);
/* arguments: each ended by a NUL, as /proc/PID/cmdline has them. */
OcsGuest *ocs_processes_parse (const char *arguments, gsize length);
/* "0-3,8" → 5; 0 for what is none. */
gint64 ocs_lxc_count_cpus (const char *list);
/* "512M", "2G", "1048576" in bytes → MB; unit: what a number alone counts, in bytes. 0 for what is none. */
gint64 ocs_guest_megabytes (const char *text, gint64 unit);
