/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine's files, all read under one root: "/" is this machine, another folder a captured one. Reads are capped, and only regular
 * files (as those of /proc and /sys are) are opened, so that nothing can block. Paths are formats and begin with '/'.
 * What is absent or may not be read is NULL or FALSE: no machine has every file. */
#pragma once
#include <glib.h>

typedef struct _OcsSource OcsSource;

/* root: NULL is "/". A root that does not exist gives a source without files. */
OcsSource *ocs_source_new (const char *root);
void ocs_source_free (OcsSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsSource, ocs_source_free)

/* Whether it is this machine: only then may system calls say what files do not. */
gboolean ocs_source_is_live (const OcsSource *source);
/* root + path, for libraries that open files by themselves. transfer full. */
char *ocs_source_path (const OcsSource *source, const char *path);

/* The first OCS_SOURCE_READ_MAX bytes, ended by a NUL; length: nullable. transfer full. */
#define OCS_SOURCE_READ_MAX (4 * 1024 * 1024)
char *ocs_source_read (const OcsSource *source, gsize *length, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* The first line, stripped; NULL where it is empty. transfer full. */
char *ocs_source_line (const OcsSource *source, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* A descriptor to read a regular file by, for a file that is too large to be read whole; -1 where there is none. The caller closes it. */
int ocs_source_open (const OcsSource *source, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Exactly size bytes from offset of a regular file or a disk, which no other call opens; FALSE where there are not as many. */
gboolean ocs_source_read_at (const OcsSource *source, gint64 offset, void *bytes, gsize size, const char *format, ...)
    G_GNUC_PRINTF (5, 6) G_GNUC_WARN_UNUSED_RESULT;
/* A number, decimal or 0x…; fallback where there is none. */
gint64 ocs_source_int (const OcsSource *source, gint64 fallback, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* A large file that is replaced by rename and never written in place (dpkg's status, pci.ids). transfer full. */
GMappedFile *ocs_source_map (const OcsSource *source, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Names in a folder, sorted, numbers by value (sda2 before sda10); empty where there is no such folder. transfer full, of char *. */
GPtrArray *ocs_source_list (const OcsSource *source, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* What a symbolic link points to: all of it, and its last part. transfer full. */
char *ocs_source_target (const OcsSource *source, const char *format, ...) G_GNUC_PRINTF (2, 3);
char *ocs_source_link (const OcsSource *source, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean ocs_source_exists (const OcsSource *source, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Size in bytes; 0 where there is no such file. */
gint64 ocs_source_size (const OcsSource *source, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Modification time in seconds since the epoch; 0 where there is none. */
gint64 ocs_source_mtime (const OcsSource *source, const char *format, ...) G_GNUC_PRINTF (2, 3);
