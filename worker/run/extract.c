/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-extract"
#include "worker/run/extract.h"
#include "ipc/error.h"
#include "worker/io/durable.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Left free for the machine: this much, or a hundredth of the file system where that is less. */
#define RESERVE_BYTES ((guint64)64 * 1024 * 1024)
#define RESERVE_ENTRIES 1000

/* No ARCHIVE_EXTRACT_OWNER, _ACL, _XATTR or _FFLAGS: an extended attribute could carry capabilities. */
#define WRITE_FLAGS                                                                                                                        \
  (ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT                         \
   | ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS)

typedef struct archive OcsArchive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsArchive, archive_free)

typedef struct {
  OcsArchive *reader;   /* borrowed: of ocs_extract() */
  OcsArchive *writer;   /* borrowed: of ocs_extract() */
  guint64 bytes_left;   /* of the limits */
  guint64 entries_left; /* of the limits */
} Job;

void
ocs_extract_limits_from_space (int folder, OcsExtractLimits *limits)
{
  struct statvfs space;
  guint64 unit;
  guint64 available;
  guint64 reserve;

  limits->bytes = limits->entries = G_MAXUINT64;
  if (fstatvfs (folder, &space) != 0)
    return;
  unit = space.f_frsize;
  available = (guint64)space.f_bavail * unit;
  reserve = MIN (RESERVE_BYTES, (guint64)space.f_blocks * unit / 100);
  limits->bytes = available > reserve ? available - reserve : 0;
  if (space.f_files > 0)
    limits->entries = space.f_favail > RESERVE_ENTRIES ? space.f_favail - RESERVE_ENTRIES : 0;
}

/* Splits at slashes and leaves out empty pieces and ".". */
static GPtrArray *
split_name (const char *name)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) pieces = g_strsplit (name, "/", -1);

  for (guint i = 0; pieces[i] != NULL; i++)
    if (*pieces[i] != '\0' && strcmp (pieces[i], ".") != 0)
      g_ptr_array_add (parts, g_strdup (pieces[i]));
  return parts;
}

gboolean
ocs_extract_name_is_inside (const char *name)
{
  g_autoptr (GPtrArray) parts = split_name (name);

  for (guint i = 0; i < parts->len; i++)
    if (strcmp (g_ptr_array_index (parts, i), "..") == 0)
      return FALSE;
  return *name != '/' && *name != '\0';
}

gboolean
ocs_extract_symlink_is_inside (const char *name, const char *link)
{
  g_autoptr (GPtrArray) parts = split_name (name);
  g_autoptr (GPtrArray) steps = split_name (link);
  guint up = 0;

  if (*link == '/' || *link == '\0')
    return FALSE;
  while (up < steps->len && strcmp (g_ptr_array_index (steps, up), "..") == 0)
    up++;
  for (guint i = up; i < steps->len; i++)
    if (strcmp (g_ptr_array_index (steps, i), "..") == 0)
      return FALSE;
  return up < MAX (parts->len, 1);
}

static gboolean
refuse (GError **error, const char *name, const char *why)
{
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "archive entry \"%.300s\" %s: build the package without it", name, why);
  return FALSE;
}

/* A hard link to a symbolic link would let that link be read from another depth, so only files that this archive has unpacked are taken,
 * reached through real folders. The working directory is the target. */
static gboolean
is_plain_file_inside (const char *name)
{
  g_autoptr (GPtrArray) parts = split_name (name);
  g_autoptr (GString) path = g_string_new (NULL);
  struct stat info = {0};

  if (!ocs_extract_name_is_inside (name))
    return FALSE;
  for (guint i = 0; i < parts->len; i++) {
    g_string_append_printf (path, "%s%s", i > 0 ? "/" : "", (const char *)g_ptr_array_index (parts, i));
    if (lstat (path->str, &info) != 0 || (i + 1 < parts->len && !S_ISDIR (info.st_mode)))
      return FALSE;
  }
  return S_ISREG (info.st_mode);
}

static gboolean
check_kind (struct archive_entry *entry, const char *name, GError **error)
{
  const char *hard = archive_entry_hardlink (entry);
  const char *link = archive_entry_symlink (entry);

  if (archive_entry_hardlink_w (entry) != NULL || hard != NULL)
    return hard != NULL && is_plain_file_inside (hard)
               ? TRUE
               : refuse (error, name, "is a hard link to something else than a file of the archive");
  switch (archive_entry_filetype (entry)) {
  case AE_IFREG:
  case AE_IFDIR:
    return TRUE;
  case AE_IFLNK:
    return link != NULL && ocs_extract_symlink_is_inside (name, link) ? TRUE : refuse (error, name, "is a link that leaves the package");
  default:
    return refuse (error, name, "is a device, a pipe or a socket");
  }
}

/* Owner rights stay with the owner, so that the tree can be copied and removed without being root. */
static void
tame_mode (struct archive_entry *entry)
{
  mode_t mode = archive_entry_perm (entry) & 0777;

  archive_entry_set_perm (entry, mode | (archive_entry_filetype (entry) == AE_IFDIR ? 0700 : 0400));
}

static gboolean
report (OcsArchive *archive, const char *name, GError **error)
{
  const char *text = archive_error_string (archive);
  int number = archive_errno (archive);

  if (number == ENOSPC || number == EDQUOT)
    ocs_durable_set_error (error, number, "%s", name);
  else
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the archive cannot be unpacked at \"%.300s\": %s", name,
                 text != NULL ? text : "it is broken");
  return FALSE;
}

static gboolean
spend (guint64 *left, guint64 amount, const char *name, GError **error)
{
  if (amount > *left) {
    ocs_durable_set_error (error, ENOSPC, "%s", name);
    return FALSE;
  }
  *left -= amount;
  return TRUE;
}

static gboolean
copy_data (Job *job, const char *name, GError **error)
{
  const void *bytes;
  size_t length;
  la_int64_t offset;
  int status;

  while ((status = archive_read_data_block (job->reader, &bytes, &length, &offset)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
    if (!spend (&job->bytes_left, length, name, error))
      return FALSE;
    if (archive_write_data_block (job->writer, bytes, length, offset) < ARCHIVE_WARN)
      return report (job->writer, name, error);
  }
  return status == ARCHIVE_EOF ? TRUE : report (job->reader, name, error);
}

static gboolean
unpack_entry (Job *job, struct archive_entry *entry, GError **error)
{
  const char *name = archive_entry_pathname (entry);
  g_autoptr (GPtrArray) parts = NULL;

  if (name == NULL)
    return refuse (error, "?", "has a name that is not UTF-8");
  parts = split_name (name);
  if (parts->len == 0 && *name == '.')
    return TRUE; /* "./", the target itself */
  if (!ocs_extract_name_is_inside (name))
    return refuse (error, name, "leaves the package");
  if (!check_kind (entry, name, error) || !spend (&job->entries_left, 1, name, error))
    return FALSE;
  tame_mode (entry);
  if (archive_write_header (job->writer, entry) < ARCHIVE_WARN)
    return report (job->writer, name, error);
  if (!copy_data (job, name, error))
    return FALSE;
  return archive_write_finish_entry (job->writer) < ARCHIVE_WARN ? report (job->writer, name, error) : TRUE;
}

static gboolean
unpack_all (Job *job, GError **error)
{
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (job->reader, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN)
    if (!unpack_entry (job, entry, error))
      return FALSE;
  if (status != ARCHIVE_EOF)
    return report (job->reader, "an entry's head", error);
  return archive_write_close (job->writer) < ARCHIVE_WARN ? report (job->writer, "the end", error) : TRUE;
}

static la_ssize_t
on_archive_read (struct archive *archive, void *user_data, const void **bytes)
{
  gssize got = ocs_fragments_read (user_data, bytes);

  if (got < 0)
    archive_set_error (archive, errno, "a fragment cannot be read: %s", g_strerror (errno));
  return got;
}

static la_int64_t
on_archive_seek (struct archive *archive, void *user_data, la_int64_t offset, int whence)
{
  OcsFragments *fragments = user_data;
  gint64 base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? ocs_fragments_tell (fragments) : ocs_fragments_size (fragments);

  if (!ocs_fragments_seek (fragments, base + offset)) {
    archive_set_error (archive, EINVAL, "the archive points outside itself");
    return ARCHIVE_FATAL;
  }
  return ocs_fragments_tell (fragments);
}

/* Optional: without it libarchive reads what it wants to leave out. */
static la_int64_t
on_archive_skip (struct archive *archive, void *user_data, la_int64_t request)
{
  OcsFragments *fragments = user_data;
  gint64 before = ocs_fragments_tell (fragments);
  gint64 after = MIN (before + MAX (request, 0), ocs_fragments_size (fragments));

  return ocs_fragments_seek (fragments, after) ? after - before : 0;
}

static OcsArchive *
open_reader (OcsFragments *fragments, GError **error)
{
  g_autoptr (OcsArchive) reader = archive_read_new ();

  archive_read_support_filter_gzip (reader);
  archive_read_support_filter_xz (reader);
  archive_read_support_filter_zstd (reader);
  archive_read_support_format_tar (reader);
  archive_read_support_format_zip (reader);
  archive_read_set_read_callback (reader, on_archive_read);
  archive_read_set_seek_callback (reader, on_archive_seek);
  archive_read_set_skip_callback (reader, on_archive_skip);
  archive_read_set_callback_data (reader, fragments);
  if (archive_read_open1 (reader) < ARCHIVE_WARN) {
    report (reader, "its start", error);
    return NULL;
  }
  return g_steal_pointer (&reader);
}

gboolean
ocs_extract (OcsFragments *fragments, int target, const OcsExtractLimits *limits, GError **error)
{
  g_autoptr (OcsArchive) reader = open_reader (fragments, error);
  g_autoptr (OcsArchive) writer = NULL;
  Job job = {.reader = reader, .bytes_left = limits->bytes, .entries_left = limits->entries};
  gboolean unpacked;
  int home;

  if (reader == NULL)
    return FALSE;
  home = open (".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fchdir (target) != 0) {
    ocs_durable_set_error (error, errno, "the folder to unpack into");
    close (home);
    return FALSE;
  }
  writer = job.writer = archive_write_disk_new ();
  archive_write_disk_set_options (writer, WRITE_FLAGS);
  unpacked = unpack_all (&job, error);
  /* Freeing sets the folders' modes and times by relative names: before the way back. */
  g_clear_pointer (&writer, archive_free);
  if (home < 0 || fchdir (home) != 0)
    g_warning ("the working directory is gone");
  if (home >= 0)
    close (home);
  return unpacked;
}
