/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who this machine is for the server, and when it becomes another. A new name or address changes nothing; other hardware below the same
 * disk image does: a clone that kept its DEVICEID would fight with the original over one row. Pure. */
#pragma once
#include <glib.h>
#include <json-glib/json-glib.h>

/* Of the identity, which is read first, and so of all state that has no version of its own: where a later version leaves what this one
 * would read wrongly or spoil, it counts this up. */
#define OCS_IDENTITY_VERSION 1

typedef struct {
  char *deviceid;     /* owned */
  char *old_deviceid; /* owned, nullable; told to the server with the next inventory, which merges the old row into the new one */
  char *machine_id;   /* owned, nullable */
  char *uuid;         /* owned, nullable; of the firmware */
  gint64 made;        /* seconds since the epoch */
} OcsIdentity;

/* What is found on the machine now. All borrowed. */
typedef struct {
  const char *machine_id; /* nullable; /etc/machine-id; what is no 32 hexadecimal digits counts as none */
  const char *uuid;       /* nullable; DMI product_uuid; fillers of manufacturers count as none */
  const char *preset;     /* nullable; DEVICEID= of the ini file */
  const char *host_name;
  GDateTime *now; /* local time */
} OcsMachineFacts;

typedef enum {
  OCS_IDENTITY_KEPT,
  OCS_IDENTITY_MADE,    /* there was none */
  OCS_IDENTITY_CLONED,  /* the state was made on another machine: nothing of what the server knows of that one is ours */
  OCS_IDENTITY_RENAMED, /* the administrator gave the same machine another DEVICEID: old_deviceid is set */
} OcsIdentityChange;

/* identity: nullable; what was kept. *settled: transfer full, what counts from now on. A preset that the server would refuse is not taken.
 */
OcsIdentityChange ocs_identity_settle (const OcsIdentity *identity, const OcsMachineFacts *facts, OcsIdentity **settled);

void ocs_identity_free (OcsIdentity *identity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsIdentity, ocs_identity_free)
JsonObject *ocs_identity_to_json (const OcsIdentity *identity);
/* NULL where it holds no valid deviceid. */
OcsIdentity *ocs_identity_from_json (JsonObject *object);
