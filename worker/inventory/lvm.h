/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text that LVM keeps of each volume group in /etc/lvm/backup (vgcfgbackup(8)). Pure. */
#pragma once
#include <glib.h>

#define OCS_LVM_VOLUMES_MAX 4096 /* of each kind */

/* A physical or a logical volume. */
typedef struct {
  char *name;   /* owned; "pv0", "root" */
  char *device; /* owned, nullable; of a physical one: where it was when the text was written */
  guint64 extents;
  guint64 used;       /* of a physical one: extents that are given out */
  guint segments;     /* of a logical one */
  gboolean is_hidden; /* a logical one that is a part of another */
} OcsLvmVolume;

typedef struct {
  char *name;             /* owned */
  char *id;               /* owned; without dashes, as in the uuid of its device mapper nodes */
  char *format;           /* owned; "lvm2" */
  guint64 extent_sectors; /* of 512 bytes */
  GPtrArray *physical;    /* owned; of OcsLvmVolume */
  GPtrArray *logical;     /* owned; of OcsLvmVolume */
} OcsLvmGroup;

/* NULL where text is no volume group. transfer full. */
OcsLvmGroup *ocs_lvm_parse (const char *text);
void ocs_lvm_group_free (OcsLvmGroup *group);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLvmGroup, ocs_lvm_group_free)
