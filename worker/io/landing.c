/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-landing"
#include "worker/io/landing.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/io/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SPACE_LEFT_FREE (64 * 1024 * 1024)

void
ocs_landing_clear (OcsLanding *landing)
{
  if (landing->fd >= 0)
    close (landing->fd);
  g_free (landing->part);
  g_free (landing->validator);
}
gboolean
ocs_landing_take (const guint8 *bytes, gsize length, gpointer user_data, GError **error)
{
  OcsLanding *landing = user_data;

  while (length > 0) {
    ssize_t n = write (landing->fd, bytes, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      ocs_durable_set_error (error, errno, "cannot write %s", landing->part);
      return FALSE;
    }
    bytes += n;
    length -= n;
    ocs_progress_add (landing->progress, n);
  }
  return TRUE;
}

gboolean
ocs_landing_open (OcsLanding *landing, const char *path, gboolean resume, JsonObject *arguments, GError **error)
{
  g_autofree char *validator = NULL;
  off_t size;

  landing->part = g_strconcat (path, ".part", NULL);
  landing->validator = g_strconcat (path, ".validator", NULL);
  landing->fd = open (landing->part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (landing->fd < 0) {
    ocs_durable_set_error (error, errno, "cannot open %s", landing->part);
    return FALSE;
  }
  size = lseek (landing->fd, 0, SEEK_END);
  if (!resume || size <= 0 || !g_file_get_contents (landing->validator, &validator, NULL, NULL) || validator[0] == '\0')
    size = 0;
  json_object_set_int_member (arguments, "offset", size);
  ocs_json_set_string (arguments, "validator", size > 0 ? validator : NULL);
  return TRUE;
}

gboolean
ocs_landing_begin (OcsLanding *landing, JsonObject *head, gint64 asked, GError **error)
{
  gint64 offset = ocs_json_int (head, "offset", 0);
  gint64 size = ocs_json_int (head, "size", -1);
  const char *validator = ocs_json_string (head, "validator");
  struct statvfs space;

  if (offset != 0 && offset != asked) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the transfer does not start where it was asked to");
    return FALSE;
  }
  if (size > 0 && fstatvfs (landing->fd, &space) == 0 && (gint64)(space.f_bavail * space.f_frsize) < size - offset + SPACE_LEFT_FREE) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE, "%" G_GINT64_FORMAT " bytes more are needed for %s: free some disk space",
                 size - offset + SPACE_LEFT_FREE, landing->part);
    return FALSE;
  }
  if (ftruncate (landing->fd, offset) != 0 || lseek (landing->fd, offset, SEEK_SET) < 0) {
    ocs_durable_set_error (error, errno, "cannot truncate %s", landing->part);
    return FALSE;
  }
  g_unlink (landing->validator);
  if (validator != NULL && !g_file_set_contents (landing->validator, validator, -1, NULL))
    g_unlink (landing->validator);
  ocs_progress_begin (landing->progress, offset, MAX (size, 0));
  return TRUE;
}

gboolean
ocs_landing_finish (OcsLanding *landing, const char *path, GError **error)
{
  gint64 total = ocs_progress_total (landing->progress);

  if (total > 0 && ocs_progress_done (landing->progress) != total) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the transfer ended after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes",
                 ocs_progress_done (landing->progress), total);
    return FALSE;
  }
  if (g_rename (landing->part, path) != 0) {
    ocs_durable_set_error (error, errno, "cannot rename %s", landing->part);
    return FALSE;
  }
  g_unlink (landing->validator);
  return TRUE;
}

void
ocs_landing_give_up (OcsLanding *landing, const GError *error)
{
  if (ocs_error_code (error) != OCS_ERROR_INVALID_DATA)
    return;
  g_unlink (landing->part);
  g_unlink (landing->validator);
}
