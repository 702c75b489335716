/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-install"
#include "worker/run/install.h"
#include "ipc/error.h"
#include "worker/io/durable.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (128 * 1024)
#define OPEN_FOLDER (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#define TEMPORARY ".ocs-install.tmp"

static gboolean
fail (GError **error, const char *name)
{
  int number = errno;
  g_autofree char *what = g_strdup_printf ("cannot store %s", name);

  ocs_durable_set_error (error, number, "%s", what);
  return FALSE;
}

/* What the link name in at leads to, where whoever made it could store there himself: root, we, or the owner of that folder. Somebody who
 * may write into a place that packages are stored in would otherwise send them anywhere. */
static int
follow (int at, const char *name, int flags)
{
  char target[PATH_MAX];
  struct stat link, folder;
  int made = openat (at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  ssize_t length = made >= 0 && fstat (made, &link) == 0 ? readlinkat (made, "", target, sizeof target - 1) : -1;
  int fd = -1;

  if (length >= 0) {
    target[length] = '\0';
    fd = openat (at, target, flags);
  }
  if (made >= 0)
    close (made);
  if (fd < 0 || link.st_uid == 0 || link.st_uid == geteuid () || (fstat (fd, &folder) == 0 && folder.st_uid == link.st_uid))
    return fd;
  close (fd);
  errno = EACCES;
  return -1;
}

/* flags: OPEN_FOLDER, or O_PATH with it. -1 with errno. */
static int
open_folder (int at, const char *name, int flags)
{
  int fd = openat (at, name, flags | O_NOFOLLOW);

  return fd < 0 && (errno == ELOOP || errno == ENOTDIR) ? follow (at, name, flags) : fd;
}

/* Takes at. */
static int
make_step (int at, const char *name)
{
  int fd = open_folder (at, name, O_PATH | OPEN_FOLDER);
  int number;

  if (fd < 0 && errno == ENOENT && (mkdirat (at, name, 0755) == 0 || errno == EEXIST))
    fd = openat (at, name, O_PATH | OPEN_FOLDER | O_NOFOLLOW);
  number = errno;
  close (at);
  errno = number;
  return fd;
}

/* plain: absolute, without "..". */
static int
make_path (const char *plain)
{
  g_auto (GStrv) steps = g_strsplit (plain, "/", -1);
  int at = open ("/", O_PATH | OPEN_FOLDER);
  int fd = -1, number;

  for (guint i = 0; at >= 0 && steps[i] != NULL; i++)
    if (*steps[i] != '\0')
      at = make_step (at, steps[i]);
  if (at < 0)
    return -1;
  fd = openat (at, ".", OPEN_FOLDER);
  number = errno;
  close (at);
  errno = number;
  return fd;
}

static int
open_place (const char *path, GError **error)
{
  g_autofree char *plain = g_canonicalize_filename (path, "/");
  int fd;

  if (!g_path_is_absolute (path)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "PATH=\"%.300s\" does not start with a slash: correct the package", path);
    return -1;
  }
  fd = make_path (plain);
  if (fd < 0)
    fail (error, plain);
  return fd;
}

/* copy_file_range() clones where the file system can; it does not work between all of them. */
static gboolean
copy_range (int from, int to, off_t at, off_t end)
{
  g_autofree guint8 *buffer = NULL;
  loff_t read_at = at, write_at = at;
  ssize_t got = 1;

  while (got > 0 && read_at < end)
    got = copy_file_range (from, &read_at, to, &write_at, (size_t)MIN (end - read_at, 1 << 30), 0);
  if (got < 0 && errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP && errno != EPERM)
    return FALSE;
  buffer = g_malloc (BUFFER_SIZE);
  got = 1;
  while (got > 0 && read_at < end) {
    got = pread (from, buffer, (size_t)MIN (end - read_at, BUFFER_SIZE), read_at);
    for (ssize_t done = 0; done < got;) {
      ssize_t written = pwrite (to, buffer + done, (size_t)(got - done), read_at + done);

      if (written < 0)
        return FALSE;
      done += written;
    }
    read_at += MAX (got, 0);
  }
  return got >= 0;
}

/* Holes stay holes: an archive of a few bytes may hold a file of terabytes, which must not become that on disk. */
static gboolean
copy_bytes (int from, int to, off_t size)
{
  off_t at = 0;

  while (at < size) {
    off_t data = lseek (from, at, SEEK_DATA);
    off_t hole = data >= 0 ? lseek (from, data, SEEK_HOLE) : size;

    if (data < 0 && errno == ENXIO)
      break; /* a hole to the end */
    if (!copy_range (from, to, MAX (data, at), hole > at ? hole : size))
      return FALSE;
    at = hole > at ? hole : size;
  }
  return ftruncate (to, size) == 0;
}

static gboolean
copy_file (int from_folder, const char *name, int to_folder)
{
  struct stat info;
  int from = openat (from_folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  int to = from >= 0 ? openat (to_folder, TEMPORARY, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
  gboolean copied = to >= 0 && fstat (from, &info) == 0 && copy_bytes (from, to, info.st_size) && fchmod (to, info.st_mode & 0777) == 0;
  int number;

  if (copied) {
    struct timespec times[2] = {info.st_atim, info.st_mtim};

    copied = futimens (to, times) == 0;
  }
  number = errno;
  if (from >= 0)
    close (from);
  if (to >= 0 && close (to) != 0 && copied) {
    copied = FALSE;
    number = errno;
  }
  errno = number;
  return copied;
}

static gboolean
copy_link (int from_folder, const char *name, int to_folder)
{
  char target[PATH_MAX];
  ssize_t length = readlinkat (from_folder, name, target, sizeof target - 1);

  if (length < 0)
    return FALSE;
  target[length] = '\0';
  return symlinkat (target, to_folder, TEMPORARY) == 0;
}

static gboolean
store_leaf (int from_folder, const char *name, int to_folder, gboolean is_link, GError **error)
{
  gboolean stored;

  unlinkat (to_folder, TEMPORARY, 0); /* of a run that was cut short */
  stored = is_link ? copy_link (from_folder, name, to_folder) : copy_file (from_folder, name, to_folder);
  if (!stored || renameat (to_folder, TEMPORARY, to_folder, name) != 0) {
    fail (error, name);
    unlinkat (to_folder, TEMPORARY, 0);
    return FALSE;
  }
  unlinkat (from_folder, name, 0);
  return TRUE;
}

static gboolean store_content (int from, int to, GError **error);

static gboolean
store_folder (int from_folder, const char *name, int to_folder, const struct stat *info, GError **error)
{
  gboolean made = mkdirat (to_folder, name, 0700) == 0;
  int to = made || errno == EEXIST ? open_folder (to_folder, name, OPEN_FOLDER) : -1;
  int from = to >= 0 ? openat (from_folder, name, OPEN_FOLDER | O_NOFOLLOW) : -1;
  gboolean stored = from >= 0 ? store_content (from, to, error) : fail (error, name); /* takes from */

  if (stored && made) {
    struct timespec times[2] = {info->st_atim, info->st_mtim};

    if (fchmod (to, info->st_mode & 0777) != 0 || futimens (to, times) != 0)
      stored = fail (error, name);
  }
  if (to >= 0)
    close (to);
  return stored;
}

static gboolean
store_entry (int from, int to, const char *name, GError **error)
{
  struct stat info;

  if (fstatat (from, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
    return fail (error, name);
  if (S_ISDIR (info.st_mode))
    return store_folder (from, name, to, &info, error);
  if (S_ISREG (info.st_mode) || S_ISLNK (info.st_mode))
    return store_leaf (from, name, to, S_ISLNK (info.st_mode), error);
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "cannot store %s: it is a device, a pipe or a socket", name);
  return FALSE;
}

/* Takes from. */
static gboolean
store_content (int from, int to, GError **error)
{
  DIR *stream = fdopendir (from);
  struct dirent *entry;
  gboolean stored = TRUE;

  if (stream == NULL) {
    close (from);
    return fail (error, "a folder");
  }
  while (stored && (entry = readdir (stream)) != NULL)
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      stored = store_entry (dirfd (stream), to, entry->d_name, error);
  closedir (stream);
  return stored;
}

gboolean
ocs_install (int tree, const char *path, GError **error)
{
  int to = open_place (path, error);
  int from = to >= 0 ? openat (tree, ".", OPEN_FOLDER) : -1;
  gboolean stored = FALSE;

  if (to < 0)
    return FALSE;
  if (from < 0)
    fail (error, "the unpacked package");
  else
    stored = store_content (from, to, error);
  if (stored && syncfs (to) != 0)
    stored = fail (error, path);
  close (to);
  return stored;
}
