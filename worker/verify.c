/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-verify"
#include "worker/verify.h"
#include "ipc/error.h"
#include "worker/core/digest.h"
#include "worker/io/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define CHUNK (256 * 1024)

typedef struct {
  gint64 bytes;  /* read so far */
  char *stem;    /* owned */
  OcsInfo *info; /* owned */
} Errand;

static void
errand_free (gpointer data)
{
  Errand *errand = data;

  g_free (errand->stem);
  ocs_info_free (errand->info);
  g_free (errand);
}

static gboolean
hash_file (OcsDigest *digest, const char *path, guint8 *buffer, gint64 *bytes, GCancellable *cancellable, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  ssize_t n = fd >= 0 ? 1 : -1;

  if (fd >= 0)
    posix_fadvise (fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  while (n > 0 && !g_cancellable_is_cancelled (cancellable)) {
    n = read (fd, buffer, CHUNK);
    if (n > 0) {
      ocs_digest_update (digest, buffer, n);
      *bytes += n;
    }
  }
  if (n < 0)
    ocs_durable_set_error (error, errno, "cannot read %s", path);
  if (fd >= 0)
    close (fd);
  return n >= 0 && !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
verify (Errand *errand, GCancellable *cancellable, GError **error)
{
  const OcsInfo *info = errand->info;
  g_autoptr (OcsDigest) digest = ocs_digest_new (info->digest_algo, error);
  g_autofree guint8 *buffer = g_malloc (CHUNK);

  if (digest == NULL)
    return FALSE;
  for (gint64 i = 1; i <= info->frags; i++) {
    g_autofree char *path = g_strdup_printf ("%s-%" G_GINT64_FORMAT, errand->stem, i);

    if (!hash_file (digest, path, buffer, &errand->bytes, cancellable, error))
      return FALSE;
  }
  return ocs_digest_matches (digest, info->digest, info->digest_encode, error);
}

static void
verify_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (verify (data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
ocs_verify_async (const char *stem, const OcsInfo *info, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Errand *errand = g_new0 (Errand, 1);

  errand->stem = g_strdup (stem);
  errand->info = ocs_info_copy (info);
  g_task_set_task_data (task, errand, errand_free);
  g_task_run_in_thread (task, verify_thread);
}

gboolean
ocs_verify_finish (GAsyncResult *result, gint64 *bytes, GError **error)
{
  const Errand *errand = g_task_get_task_data (G_TASK (result));

  *bytes = errand->bytes;
  return g_task_propagate_boolean (G_TASK (result), error);
}
