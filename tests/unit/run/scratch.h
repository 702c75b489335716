/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of its own for a test, and archives cut into fragments in it. */
#pragma once
#include <glib.h>

typedef struct {
  char *path; /* owned */
  int fd;     /* owned */
} Scratch;

void scratch_open (Scratch *scratch);
/* Removes all of it. */
void scratch_close (Scratch *scratch);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scratch, scratch_close)

/* transfer full. */
char *scratch_path (Scratch *scratch, const char *name);
/* The content of a file below the scratch folder, transfer full; NULL where there is none. */
char *scratch_read (Scratch *scratch, const char *name);
void scratch_write (Scratch *scratch, const char *name, const char *text);
gboolean scratch_has (Scratch *scratch, const char *name);

typedef struct {
  char type; /* f file, d folder, l symbolic link, h hard link, c device, p pipe; 0 ends a list */
  const char *name;
  const char *content; /* of a file; the target of a link */
  int mode;            /* 0 for 0644, of a folder 0755 */
} Item;

typedef enum { SCRATCH_TAR, SCRATCH_TAR_GZIP, SCRATCH_TAR_XZ, SCRATCH_TAR_ZSTD, SCRATCH_ZIP } ScratchFormat;

/* The bytes of an archive of items, transfer full. */
GByteArray *scratch_pack (const Item *items, ScratchFormat format);
/* Writes bytes as count fragments id-1 … into folder, below scratch. */
void scratch_cut (Scratch *scratch, const char *folder, const char *id, GByteArray *bytes, guint count);
