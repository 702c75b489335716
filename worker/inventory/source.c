/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See source.h. */
#include "worker/inventory/source.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_CAP 1024

struct _OcsSource {
  char *root; /* owned; without a slash at the end, so "" for / */
  int folder; /* of root; -1: none */
  gboolean live;
};

OcsSource *
ocs_source_new (const char *root)
{
  OcsSource *source = g_new0 (OcsSource, 1);
  source->root = g_strdup (root == NULL ? "/" : root);
  gsize length = strlen (source->root);
  while (length > 0 && source->root[length - 1] == '/')
    source->root[--length] = '\0';
  source->live = length == 0;
  source->folder = open (source->live ? "/" : source->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return source;
}

void
ocs_source_free (OcsSource *source)
{
  if (source == NULL)
    return;
  if (source->folder >= 0)
    close (source->folder);
  g_free (source->root);
  g_free (source);
}

gboolean
ocs_source_is_live (const OcsSource *source)
{
  return source->live;
}

char *
ocs_source_path (const OcsSource *source, const char *path)
{
  return g_strconcat (source->root, path, NULL);
}

static gboolean format_path (char path[PATH_CAP], const char *format, va_list arguments) G_GNUC_PRINTF (2, 0);
static char *read_target (const OcsSource *source, const char *format, va_list arguments) G_GNUC_PRINTF (2, 0);
static char *read_path (const OcsSource *source, gsize start, gsize cap, gsize *length, const char *format, va_list arguments)
    G_GNUC_PRINTF (5, 0);

/* Fills path, relative to the folder; FALSE where it does not fit. */
static gboolean
format_path (char path[PATH_CAP], const char *format, va_list arguments)
{
  char whole[PATH_CAP];
  int length = g_vsnprintf (whole, sizeof whole, format, arguments);
  if (length < 2 || length >= (int)sizeof whole || whole[0] != '/')
    return FALSE;
  memcpy (path, whole + 1, (gsize)length);
  return TRUE;
}

static int
open_regular (const OcsSource *source, const char *path)
{
  struct stat status;
  int fd = openat (source->folder, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd >= 0 && (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))) {
    close (fd);
    return -1;
  }
  return fd;
}

/* Reads at most cap bytes into a fresh buffer, which starts small: most files of /sys are a few bytes. */
static char *
read_all (int fd, gsize start, gsize cap, gsize *length)
{
  gsize room = MIN (start, cap);
  gsize used = 0;
  char *bytes = g_malloc (room + 1);
  for (;;) {
    if (used == room && room < cap) {
      room = MIN (room * 2, cap);
      bytes = g_realloc (bytes, room + 1);
    }
    gssize got = used < room ? read (fd, bytes + used, room - used) : 0;
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      g_free (bytes);
      return NULL;
    }
    if (got == 0)
      break;
    used += (gsize)got;
  }
  bytes[used] = '\0';
  *length = used;
  return bytes;
}

static char *
read_path (const OcsSource *source, gsize start, gsize cap, gsize *length, const char *format, va_list arguments)
{
  char path[PATH_CAP];
  gsize used = 0;
  if (!format_path (path, format, arguments))
    return NULL;
  int fd = open_regular (source, path);
  if (fd < 0)
    return NULL;
  char *bytes = read_all (fd, start, cap, &used);
  close (fd);
  if (length != NULL)
    *length = used;
  return bytes;
}

char *
ocs_source_read (const OcsSource *source, gsize *length, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *bytes = read_path (source, 4096, OCS_SOURCE_READ_MAX, length, format, arguments);
  va_end (arguments);
  return bytes;
}

static char *
first_line (char *text)
{
  if (text == NULL)
    return NULL;
  text[strcspn (text, "\n")] = '\0';
  g_strstrip (text);
  if (*text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

char *
ocs_source_line (const OcsSource *source, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = read_path (source, 256, 4096, NULL, format, arguments);
  va_end (arguments);
  return first_line (text);
}

gint64
ocs_source_int (const OcsSource *source, gint64 fallback, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *line = first_line (read_path (source, 64, 256, NULL, format, arguments));
  va_end (arguments);
  if (line == NULL)
    return fallback;
  char *end = NULL;
  gint64 value = g_ascii_strtoll (line, &end, g_str_has_prefix (line, "0x") ? 16 : 10);
  return end == line ? fallback : value;
}

GMappedFile *
ocs_source_map (const OcsSource *source, const char *format, ...)
{
  char path[PATH_CAP];
  va_list arguments;
  va_start (arguments, format);
  gboolean fits = format_path (path, format, arguments);
  va_end (arguments);
  int fd = fits ? open_regular (source, path) : -1;
  if (fd < 0)
    return NULL;
  GMappedFile *file = g_mapped_file_new_from_fd (fd, FALSE, NULL);
  close (fd);
  return file;
}

int
ocs_source_open (const OcsSource *source, const char *format, ...)
{
  char path[PATH_CAP];
  va_list arguments;
  va_start (arguments, format);
  gboolean fits = format_path (path, format, arguments);
  va_end (arguments);
  return fits ? open_regular (source, path) : -1;
}

gboolean
ocs_source_read_at (const OcsSource *source, gint64 offset, void *bytes, gsize size, const char *format, ...)
{
  struct stat status;
  char path[PATH_CAP];
  va_list arguments;
  va_start (arguments, format);
  gboolean fits = format_path (path, format, arguments);
  va_end (arguments);
  int fd = fits ? openat (source->folder, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
  if (fd < 0)
    return FALSE;
  gboolean is_storage = fstat (fd, &status) == 0 && (S_ISREG (status.st_mode) || S_ISBLK (status.st_mode));
  gboolean whole = is_storage && pread (fd, bytes, size, offset) == (gssize)size;
  close (fd);
  return whole;
}

static int
compare_names (gconstpointer left, gconstpointer right)
{
  return strverscmp (*(const char *const *)left, *(const char *const *)right);
}

GPtrArray *
ocs_source_list (const OcsSource *source, const char *format, ...)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  char path[PATH_CAP];
  va_list arguments;
  va_start (arguments, format);
  gboolean fits = format_path (path, format, arguments);
  va_end (arguments);
  int fd = fits ? openat (source->folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  DIR *folder = fd < 0 ? NULL : fdopendir (fd);
  if (folder == NULL) {
    if (fd >= 0)
      close (fd);
    return names;
  }
  for (struct dirent *entry = readdir (folder); entry != NULL; entry = readdir (folder))
    if (entry->d_name[0] != '.')
      g_ptr_array_add (names, g_strdup (entry->d_name));
  closedir (folder);
  g_ptr_array_sort (names, compare_names);
  return names;
}

static char *
read_target (const OcsSource *source, const char *format, va_list arguments)
{
  char path[PATH_CAP];
  char target[PATH_CAP];
  gssize length = format_path (path, format, arguments) ? readlinkat (source->folder, path, target, sizeof target - 1) : -1;
  return length > 0 ? g_strndup (target, (gsize)length) : NULL;
}

char *
ocs_source_target (const OcsSource *source, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *target = read_target (source, format, arguments);
  va_end (arguments);
  return target;
}

char *
ocs_source_link (const OcsSource *source, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *target = read_target (source, format, arguments);
  va_end (arguments);
  const char *slash = target == NULL ? NULL : strrchr (target, '/');
  return slash == NULL ? g_steal_pointer (&target) : g_strdup (slash + 1);
}

gboolean
ocs_source_exists (const OcsSource *source, const char *format, ...)
{
  char path[PATH_CAP];
  va_list arguments;
  va_start (arguments, format);
  gboolean fits = format_path (path, format, arguments);
  va_end (arguments);
  return fits && faccessat (source->folder, path, F_OK, 0) == 0;
}

gint64
ocs_source_size (const OcsSource *source, const char *format, ...)
{
  struct stat status;
  char path[PATH_CAP];
  va_list arguments;
  va_start (arguments, format);
  gboolean fits = format_path (path, format, arguments);
  va_end (arguments);
  return fits && fstatat (source->folder, path, &status, 0) == 0 && S_ISREG (status.st_mode) ? (gint64)status.st_size : 0;
}

gint64
ocs_source_mtime (const OcsSource *source, const char *format, ...)
{
  struct stat status;
  char path[PATH_CAP];
  va_list arguments;
  va_start (arguments, format);
  gboolean fits = format_path (path, format, arguments);
  va_end (arguments);
  return fits && fstatat (source->folder, path, &status, 0) == 0 ? (gint64)status.st_mtime : 0;
}
