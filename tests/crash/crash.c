/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into one of our programs: counts what it does to files below a folder, and at a chosen moment kills it as a power cut would
 * (what was not synced is lost), or lets one operation fail. Set by the environment:
 *   OCS_CRASH_PROGRAM  name of the program that is meant; others are left alone
 *   OCS_CRASH_FOLDER   what counts
 *   OCS_CRASH_COUNT    file to which a line "operations" is added at the end, nothing else happens
 *   OCS_CRASH_AT       number of the operation before which it dies
 *   OCS_CRASH_LOSE     1: unsynced bytes, renames and removals are lost then
 *   OCS_CRASH_SLOW     microseconds that each fsync takes in addition
 *   OCS_CRASH_FAIL     number of the operation that fails, with OCS_CRASH_ERRNO
 * Operations: creating or opening for writing, write, ftruncate, fsync, rename, unlink. One process; what others have not synced stays. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILES_MAX 256
#define CHANGES_MAX 1024

typedef struct {
  char path[PATH_MAX]; /* empty: free */
  off_t synced;
} Unsynced;

typedef struct {
  char from[PATH_MAX]; /* empty for a removal */
  char to[PATH_MAX];   /* empty: synced */
  char kept[PATH_MAX]; /* what stood at to before; empty: nothing did */
} Change;

static struct {
  int active;
  int busy;
  long count;
  long die_at;
  long fail_at;
  int failure;
  int lose;
  useconds_t slow;
  char folder[PATH_MAX];
  char undo[PATH_MAX];
  int n_changes;
  Unsynced files[FILES_MAX];
  Change changes[CHANGES_MAX];
} crash;

static void
lock (void)
{
  while (__atomic_exchange_n (&crash.busy, 1, __ATOMIC_ACQUIRE) != 0)
    ;
}

static void
unlock (void)
{
  __atomic_store_n (&crash.busy, 0, __ATOMIC_RELEASE);
}

static long
number (const char *name)
{
  const char *text = getenv (name);

  return text != NULL ? strtol (text, NULL, 10) : 0;
}

__attribute__ ((constructor)) static void
begin (void)
{
  const char *program = getenv ("OCS_CRASH_PROGRAM");
  const char *folder = getenv ("OCS_CRASH_FOLDER");
  char self[PATH_MAX] = "";
  ssize_t n = readlink ("/proc/self/exe", self, sizeof self - 1);
  const char *base = n > 0 ? strrchr (self, '/') : NULL;

  if (program == NULL || folder == NULL || base == NULL || strcmp (base + 1, program) != 0)
    return;
  snprintf (crash.folder, sizeof crash.folder, "%s", folder);
  snprintf (crash.undo, sizeof crash.undo, "%s.undo", folder);
  mkdir (crash.undo, 0700);
  crash.die_at = number ("OCS_CRASH_AT");
  crash.lose = (int)number ("OCS_CRASH_LOSE");
  crash.slow = (useconds_t)number ("OCS_CRASH_SLOW");
  crash.fail_at = number ("OCS_CRASH_FAIL");
  crash.failure = (int)number ("OCS_CRASH_ERRNO");
  crash.active = 1;
}

__attribute__ ((destructor)) static void
end (void)
{
  const char *path = getenv ("OCS_CRASH_COUNT");
  FILE *file = crash.active && path != NULL ? fopen (path, "a") : NULL;

  crash.active = 0;
  if (file == NULL)
    return;
  fprintf (file, "%ld\n", crash.count);
  fclose (file);
}

/* The path of name below folder, or of the descriptor folder where name is NULL; 0 where that does not count. */
static int
find_path (int folder, const char *name, char *path)
{
  char link[64], base[PATH_MAX] = "";
  ssize_t n;

  if (!crash.active)
    return 0;
  if (name != NULL && name[0] == '/') {
    snprintf (path, PATH_MAX, "%s", name);
  } else {
    snprintf (link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    n = readlink (link, base, sizeof base - 1);
    if (n <= 0)
      return 0;
    if (name == NULL)
      snprintf (path, PATH_MAX, "%s", base);
    else if (snprintf (path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX)
      return 0;
  }
  return strncmp (path, crash.folder, strlen (crash.folder)) == 0 && path[strlen (crash.folder)] == '/';
}

static void
lose (void)
{

  for (int i = crash.n_changes - 1; i >= 0; i--) {
    const Change *change = &crash.changes[i];

    if (change->to[0] == '\0')
      continue;
    if (change->from[0] != '\0')
      syscall (SYS_renameat2, AT_FDCWD, change->to, AT_FDCWD, change->from, 0);
    if (change->kept[0] != '\0')
      syscall (SYS_renameat2, AT_FDCWD, change->kept, AT_FDCWD, change->to, 0);
  }
  for (int i = 0; i < FILES_MAX; i++)
    if (crash.files[i].path[0] != '\0' && truncate (crash.files[i].path, crash.files[i].synced) != 0)
      continue;
}

/* Counts one operation; nonzero with errno where it is to fail. */
static int
step (void)
{
  long now = ++crash.count;

  if (now == crash.die_at) {
    if (crash.lose)
      lose ();
    kill (getpid (), SIGKILL);
    for (;;)
      pause ();
  }
  if (now == crash.fail_at) {
    errno = crash.failure;
    return -1;
  }
  return 0;
}

static Unsynced *
find_file (const char *path, int add)
{
  Unsynced *empty = NULL;

  for (int i = 0; i < FILES_MAX; i++) {
    if (strcmp (crash.files[i].path, path) == 0)
      return &crash.files[i];
    if (crash.files[i].path[0] == '\0' && empty == NULL)
      empty = &crash.files[i];
  }
  if (!add || empty == NULL)
    return NULL;
  snprintf (empty->path, sizeof empty->path, "%s", path);
  return empty;
}

static void
note_write (const char *path, off_t synced)
{
  if (find_file (path, 0) == NULL) {
    Unsynced *file = find_file (path, 1);

    if (file != NULL)
      file->synced = synced;
  }
}

static off_t
size_of (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 ? info.st_size : 0;
}

static void
keep (Change *change, const char *path)
{
  snprintf (change->kept, sizeof change->kept, "%.2000s/%d-%d", crash.undo, (int)getpid (), crash.n_changes);
  if (link (path, change->kept) != 0)
    change->kept[0] = '\0';
}

/* Before a rename or a removal (from empty). */
static void
note_change (const char *from, const char *to)
{
  Change *change = crash.n_changes < CHANGES_MAX ? &crash.changes[crash.n_changes] : NULL;
  Unsynced *file = from[0] != '\0' ? find_file (from, 0) : NULL;
  Unsynced *old = find_file (to, 0);

  if (old != NULL)
    old->path[0] = '\0';
  if (file != NULL)
    snprintf (file->path, sizeof file->path, "%s", to);
  if (change == NULL)
    return;
  snprintf (change->from, sizeof change->from, "%s", from);
  snprintf (change->to, sizeof change->to, "%s", to);
  keep (change, to);
  crash.n_changes++;
}

static int
is_in (const char *path, const char *folder)
{
  size_t n = strlen (folder);

  return strncmp (path, folder, n) == 0 && path[n] == '/' && strchr (path + n + 1, '/') == NULL;
}

static void
note_sync (const char *path)
{
  Unsynced *file = find_file (path, 0);

  if (file != NULL)
    file->path[0] = '\0';
  for (int i = 0; i < crash.n_changes; i++)
    if (crash.changes[i].to[0] != '\0' && is_in (crash.changes[i].to, path)) {

      if (crash.changes[i].kept[0] != '\0')
        syscall (SYS_unlinkat, AT_FDCWD, crash.changes[i].kept, 0);
      crash.changes[i].to[0] = '\0';
    }
}

static int
open_it (int folder, const char *name, int flags, mode_t mode)
{
  char path[PATH_MAX];
  int fd;

  if ((flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) == 0 || (flags & O_PATH) != 0 || !find_path (folder, name, path))
    return (int)syscall (SYS_openat, folder, name, flags | O_LARGEFILE, mode);
  lock ();
  if (step () != 0) {
    unlock ();
    return -1;
  }
  if ((flags & O_TRUNC) != 0 || access (path, F_OK) != 0)
    note_write (path, 0);
  fd = (int)syscall (SYS_openat, folder, name, flags | O_LARGEFILE, mode);
  unlock ();
  return fd;
}

static mode_t
mode_of (int flags, va_list arguments)
{
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? (mode_t)va_arg (arguments, int) : 0;
}

#define OPEN(name)                                                                                                                         \
  int name (const char *path, int flags, ...);                                                                                             \
  int name (const char *path, int flags, ...)                                                                                              \
  {                                                                                                                                        \
    va_list arguments;                                                                                                                     \
    mode_t mode;                                                                                                                           \
                                                                                                                                           \
    va_start (arguments, flags);                                                                                                           \
    mode = mode_of (flags, arguments);                                                                                                     \
    va_end (arguments);                                                                                                                    \
    return open_it (AT_FDCWD, path, flags, mode);                                                                                          \
  }

#define OPENAT(name)                                                                                                                       \
  int name (int folder, const char *path, int flags, ...);                                                                                 \
  int name (int folder, const char *path, int flags, ...)                                                                                  \
  {                                                                                                                                        \
    va_list arguments;                                                                                                                     \
    mode_t mode;                                                                                                                           \
                                                                                                                                           \
    va_start (arguments, flags);                                                                                                           \
    mode = mode_of (flags, arguments);                                                                                                     \
    va_end (arguments);                                                                                                                    \
    return open_it (folder, path, flags, mode);                                                                                            \
  }

OPEN (open)
OPEN (open64)
OPENAT (openat)
OPENAT (openat64)

ssize_t
write (int fd, const void *bytes, size_t length)
{
  char path[PATH_MAX];
  ssize_t n;

  if (!find_path (fd, NULL, path))
    return syscall (SYS_write, fd, bytes, length);
  lock ();
  note_write (path, size_of (path));
  n = step () == 0 ? syscall (SYS_write, fd, bytes, length) : -1;
  unlock ();
  return n;
}

static int
truncate_it (int fd, off64_t length)
{
  char path[PATH_MAX];
  int failed;

  if (!find_path (fd, NULL, path))
    return (int)syscall (SYS_ftruncate, fd, length);
  lock ();
  failed = step () == 0 ? (int)syscall (SYS_ftruncate, fd, length) : -1;
  unlock ();
  return failed;
}

int
ftruncate (int fd, off_t length)
{
  return truncate_it (fd, length);
}

int
ftruncate64 (int fd, off64_t length)
{
  return truncate_it (fd, length);
}

int
fsync (int fd)
{
  char path[PATH_MAX] = "";
  int failed;

  if (!find_path (fd, NULL, path) && (path[0] == '\0' || strcmp (path, crash.folder) != 0))
    return (int)syscall (SYS_fsync, fd);
  usleep (crash.slow);
  lock ();
  failed = step () == 0 ? (int)syscall (SYS_fsync, fd) : -1;
  if (failed == 0)
    note_sync (path);
  unlock ();
  return failed;
}

int
renameat (int old_folder, const char *from, int new_folder, const char *to)
{
  char old_path[PATH_MAX], new_path[PATH_MAX];
  int failed;

  if (!find_path (old_folder, from, old_path) || !find_path (new_folder, to, new_path))
    return (int)syscall (SYS_renameat2, old_folder, from, new_folder, to, 0);
  lock ();
  failed = step ();
  if (failed == 0) {
    note_change (old_path, new_path);
    failed = (int)syscall (SYS_renameat2, old_folder, from, new_folder, to, 0);
  }
  unlock ();
  return failed;
}

int
rename (const char *from, const char *to)
{
  return renameat (AT_FDCWD, from, AT_FDCWD, to);
}

int
unlinkat (int folder, const char *name, int flags)
{
  char path[PATH_MAX];
  int failed;

  if (!find_path (folder, name, path))
    return (int)syscall (SYS_unlinkat, folder, name, flags);
  lock ();
  failed = step ();
  if (failed == 0) {
    if ((flags & AT_REMOVEDIR) == 0)
      note_change ("", path);
    failed = (int)syscall (SYS_unlinkat, folder, name, flags);
  }
  unlock ();
  return failed;
}

int
unlink (const char *name)
{
  return unlinkat (AT_FDCWD, name, 0);
}
