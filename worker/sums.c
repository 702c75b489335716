/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-sums"
#include "worker/sums.h"
#include "ipc/error.h"
#include "worker/io/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PIECE (1024 * 1024)

static char *
sums_path (const char *path)
{
  return g_strconcat (path, ".sums", NULL);
}

/* Up to PIECE bytes; -1 with errno. */
static gssize
read_piece (int fd, guint8 *buffer)
{
  gsize have = 0;

  while (have < PIECE) {
    ssize_t n = read (fd, buffer + have, PIECE - have);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    have += (gsize)n;
  }
  return (gssize)have;
}

/* A line for each MiB; transfer full. */
static char *
hash_file (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GString) sums = g_string_new (NULL);
  g_autofree guint8 *buffer = g_malloc (PIECE);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  gssize n = fd < 0 ? -1 : 1;

  while (n > 0 && !g_cancellable_is_cancelled (cancellable)) {
    n = read_piece (fd, buffer);
    if (n > 0) {
      g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, buffer, (gsize)n);

      g_string_append_printf (sums, "%s\n", sum);
    }
  }
  if (n < 0)
    ocs_durable_set_error (error, errno, "cannot read %s", path);
  if (fd >= 0)
    close (fd);
  if (n < 0 || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_string_free (g_steal_pointer (&sums), FALSE);
}

static void
set_aside_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const char *path = data;
  g_autofree char *kept = sums_path (path);
  g_autofree char *sums = NULL;
  GError *error = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  sums = hash_file (path, cancellable, &error);
  if (sums == NULL && !g_cancellable_is_cancelled (cancellable)) {
    /* What cannot be read cannot be compared either. */
    g_warning ("%s", error->message);
    g_clear_error (&error);
    sums = g_strdup ("");
  }
  if (sums == NULL || !ocs_durable_write_path (kept, sums, &error)) {
    g_task_return_error (task, error);
  } else if (g_unlink (path) != 0) {
    ocs_durable_set_error (&error, errno, "cannot remove %s", path);
    g_task_return_error (task, error);
  } else {
    g_task_return_boolean (task, TRUE);
  }
}

static gboolean
compare (const char *path, const char *before, const char *after)
{
  g_auto (GStrv) old = g_strsplit (before, "\n", -1);
  g_auto (GStrv) new = g_strsplit (after, "\n", -1);
  guint n = MAX (g_strv_length (old), g_strv_length (new)), differ = 0, first = 0;

  for (guint i = 0; i < n; i++) {
    gboolean both = i < g_strv_length (old) && i < g_strv_length (new);

    if (both && g_str_equal (old[i], new[i]))
      continue;
    first = differ++ == 0 ? i : first;
  }
  if (differ > 0)
    g_message ("%s: other bytes than before in %u MiB, the first is number %u", path, differ, first + 1);
  return differ > 0;
}

static void
compare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const char *path = data;
  g_autofree char *kept = sums_path (path);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  GError *error = NULL;

  after = hash_file (path, cancellable, &error);
  if (after == NULL)
    g_task_return_error (task, error);
  else if (!g_file_get_contents (kept, &before, NULL, NULL))
    g_task_return_int (task, TRUE);
  else
    g_task_return_int (task, compare (path, before, after));
}

static void
start (const char *path, GTaskThreadFunc run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, run);
}

void
ocs_sums_set_aside_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  start (path, set_aside_thread, cancellable, callback, user_data);
}

gboolean
ocs_sums_set_aside_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
ocs_sums_compare_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  start (path, compare_thread, cancellable, callback, user_data);
}

gboolean
ocs_sums_compare_finish (GAsyncResult *result, gboolean *changed, GError **error)
{
  gssize value = g_task_propagate_int (G_TASK (result), error);

  *changed = value > 0;
  return value >= 0;
}
