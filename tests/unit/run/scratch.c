/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/run/scratch.h"
#include "worker/io/tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
scratch_open (Scratch *scratch)
{
  scratch->path = g_dir_make_tmp ("ocs-test-XXXXXX", NULL);
  g_assert_nonnull (scratch->path);
  scratch->fd = open (scratch->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint (scratch->fd, >=, 0);
}

void
scratch_close (Scratch *scratch)
{
  g_autofree char *name = NULL;
  g_autofree char *parent = NULL;
  int fd;

  if (scratch->path == NULL)
    return;
  name = g_path_get_basename (scratch->path);
  parent = g_path_get_dirname (scratch->path);
  fd = open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_true (ocs_tree_remove (fd, name));
  close (fd);
  close (scratch->fd);
  g_clear_pointer (&scratch->path, g_free);
}

char *
scratch_path (Scratch *scratch, const char *name)
{
  return g_build_filename (scratch->path, name, NULL);
}

char *
scratch_read (Scratch *scratch, const char *name)
{
  g_autofree char *path = scratch_path (scratch, name);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

void
scratch_write (Scratch *scratch, const char *name, const char *text)
{
  g_autofree char *path = scratch_path (scratch, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

gboolean
scratch_has (Scratch *scratch, const char *name)
{
  struct stat info;

  return fstatat (scratch->fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

static ssize_t
on_archive_write (struct archive *archive, void *user_data, const void *bytes, size_t length)
{
  g_byte_array_append (user_data, bytes, (guint)length);
  return (ssize_t)length;
}

static void
set_type (struct archive_entry *entry, const Item *item)
{
  static const struct {
    char type;
    unsigned int filetype;
  } types[] = {{'f', AE_IFREG}, {'d', AE_IFDIR}, {'l', AE_IFLNK}, {'h', AE_IFREG}, {'c', AE_IFCHR}, {'p', AE_IFIFO}};

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == item->type)
      archive_entry_set_filetype (entry, types[i].filetype);
  archive_entry_set_perm (entry, item->mode != 0 ? (mode_t)item->mode : item->type == 'd' ? 0755 : 0644);
  if (item->type == 'l')
    archive_entry_set_symlink (entry, item->content);
  if (item->type == 'h')
    archive_entry_set_hardlink (entry, item->content);
  if (item->type == 'c')
    archive_entry_set_rdev (entry, 0x103);
}

GByteArray *
scratch_pack (const Item *items, ScratchFormat format)
{
  GByteArray *bytes = g_byte_array_new ();
  struct archive *archive = archive_write_new ();

  if (format == SCRATCH_ZIP)
    archive_write_set_format_zip (archive);
  else
    archive_write_set_format_pax_restricted (archive);
  if (format == SCRATCH_TAR_GZIP)
    archive_write_add_filter_gzip (archive);
  if (format == SCRATCH_TAR_XZ)
    archive_write_add_filter_xz (archive);
  if (format == SCRATCH_TAR_ZSTD)
    archive_write_add_filter_zstd (archive);
  archive_write_set_bytes_in_last_block (archive, 1);
  g_assert_cmpint (archive_write_open (archive, bytes, NULL, on_archive_write, NULL), ==, ARCHIVE_OK);
  for (const Item *item = items; item->type != '\0'; item++) {
    struct archive_entry *entry = archive_entry_new ();
    gsize length = item->type == 'f' ? strlen (item->content) : 0;

    archive_entry_set_pathname (entry, item->name);
    archive_entry_set_size (entry, (la_int64_t)length);
    archive_entry_set_mtime (entry, 1600000000, 0);
    set_type (entry, item);
    g_assert_cmpint (archive_write_header (archive, entry), >=, ARCHIVE_WARN);
    if (length > 0)
      g_assert_cmpint (archive_write_data (archive, item->content, length), ==, (gssize)length);
    archive_entry_free (entry);
  }
  g_assert_cmpint (archive_write_free (archive), ==, ARCHIVE_OK);
  return bytes;
}

void
scratch_cut (Scratch *scratch, const char *folder, const char *id, GByteArray *bytes, guint count)
{
  for (guint i = 0; i < count; i++) {
    gsize from = (gsize)bytes->len * i / count;
    gsize to = (gsize)bytes->len * (i + 1) / count;
    g_autofree char *name = g_strdup_printf ("%s-%u", id, i + 1);
    g_autofree char *path = g_build_filename (scratch->path, folder, name, NULL);

    g_assert_true (g_file_set_contents (path, (const char *)bytes->data + from, (gssize)(to - from), NULL));
  }
}
