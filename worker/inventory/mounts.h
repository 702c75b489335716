/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of /proc/self/mountinfo, read by libmount: the file systems that hold files of people and programs. Pure. */
#pragma once
#include <glib.h>

#define OCS_MOUNTS_MAX 8192 /* lines that are kept; a host of containers has some thousands */

typedef struct {
  char *target; /* owned; where it is mounted */
  char *source; /* owned; the device, or what stands for it; perhaps "none" */
  char *type;   /* owned; "ext4" */
  char *root;   /* owned; the folder of the file system that is seen at target: "/" is all of it */
  guint major;
  guint minor;
  gboolean is_local; /* nobody but the kernel answers for it, nor for any folder on the way there: asking cannot hang */
} OcsMount;

/* Those that are wanted, in the text's order: what the kernel makes up, images, containers' layers, and what lies hidden below
 * another mount at the same place are left out. transfer full, of OcsMount. */
GPtrArray *ocs_mounts_parse (const char *text, gsize length);
