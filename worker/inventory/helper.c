/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See helper.h. */
#include "worker/inventory/helper.h"
#include "ipc/error.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t
start (const char *path, int output, GError **error)
{
  static const char *const environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", NULL};
  char *arguments[] = {(char *)path, NULL};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t all;
  sigset_t none;
  pid_t child = -1;
  sigfillset (&all);
  sigemptyset (&none);
  posix_spawn_file_actions_init (&actions);
  posix_spawnattr_init (&attributes);
  posix_spawn_file_actions_addopen (&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2 (&actions, output, 1);
  posix_spawn_file_actions_addopen (&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_setsigdefault (&attributes, &all);
  posix_spawnattr_setsigmask (&attributes, &none);
  posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  int number = posix_spawn (&child, path, &actions, &attributes, arguments, (char *const *)environment);
  posix_spawnattr_destroy (&attributes);
  posix_spawn_file_actions_destroy (&actions);
  if (number == 0)
    return child;
  g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "it cannot be started: %s", g_strerror (number));
  return -1;
}

/* Reads until the end, the limit or the time. TRUE: to the end. */
static gboolean
read_output (int fd, gint64 deadline, gsize max, GByteArray *bytes, GError **error)
{
  guint8 piece[16 * 1024];
  for (;;) {
    gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    if (left <= 0 || poll (&wait, 1, (int)left) == 0) {
      g_set_error (error, OCS_ERROR, OCS_ERROR_TIMED_OUT, "it took too long and was killed");
      return FALSE;
    }
    gssize got = read (fd, piece, sizeof piece);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return TRUE;
    if ((gsize)got > max - bytes->len) {
      g_set_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE, "it printed more than %" G_GSIZE_FORMAT " bytes and was killed", max);
      return FALSE;
    }
    g_byte_array_append (bytes, piece, (guint)got);
  }
}

/* A program may close its output and go on: it is waited for no longer than it has time. */
static gboolean
await (pid_t child, gint64 deadline, int *status)
{
  for (;;) {
    pid_t done = waitpid (child, status, WNOHANG);
    if (done == child)
      return TRUE;
    if ((done < 0 && errno != EINTR) || g_get_monotonic_time () >= deadline)
      return FALSE;
    g_usleep (2000);
  }
}

GBytes *
ocs_helper_run (const char *path, guint milliseconds, gsize max, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + (gint64)milliseconds * 1000;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int status = 0;
  int output[2];
  if (pipe2 (output, O_CLOEXEC) != 0) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "it cannot be started: %s", g_strerror (errno));
    return NULL;
  }
  pid_t child = start (path, output[1], error);
  close (output[1]);
  gboolean whole = child > 0 && read_output (output[0], deadline, max, bytes, error);
  close (output[0]);
  if (child < 0)
    return NULL;
  gboolean ended = whole && await (child, deadline, &status);
  /* The whole session, what it has started too; before the program itself is reaped where it still runs: its number is not given anew. */
  kill (-child, SIGKILL);
  if (!ended)
    waitpid (child, &status, 0);
  if (whole && !ended) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_TIMED_OUT, "it took too long and was killed");
    return NULL;
  }
  if (!whole)
    return NULL;
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "it failed (%s %d)", WIFEXITED (status) ? "exit status" : "signal",
                 WIFEXITED (status) ? WEXITSTATUS (status) : WTERMSIG (status));
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
