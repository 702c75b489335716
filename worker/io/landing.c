/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-landing"
#include "worker/io/landing.h"
#include "ipc/error.h"
#include "worker/io/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* A quota is looked at each so many objects: adding up the folder takes its time. */
#define QUOTA_EVERY 64

struct _OcsLanding {
  int fd;
  char *path;           /* owned */
  char *part;           /* owned */
  char *validator_path; /* owned */
  char *validator;      /* owned, nullable */
  gint64 offset;
  OcsProgress *progress; /* borrowed: outlives us */
};

void
ocs_landing_free (OcsLanding *landing)
{
  if (landing == NULL)
    return;
  if (landing->fd >= 0)
    close (landing->fd);
  g_free (landing->path);
  g_free (landing->part);
  g_free (landing->validator_path);
  g_free (landing->validator);
  g_free (landing);
}

OcsLanding *
ocs_landing_open (const char *path, gboolean resume, OcsProgress *progress, GError **error)
{
  g_autoptr (OcsLanding) landing = g_new0 (OcsLanding, 1);
  off_t size;

  landing->path = g_strdup (path);
  landing->part = g_strconcat (path, ".part", NULL);
  landing->validator_path = g_strconcat (path, ".validator", NULL);
  landing->progress = progress;
  landing->fd = open (landing->part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (landing->fd < 0) {
    ocs_durable_set_error (error, errno, "cannot open %s", landing->part);
    return NULL;
  }
  size = lseek (landing->fd, 0, SEEK_END);
  if (!resume || size <= 0 || !g_file_get_contents (landing->validator_path, &landing->validator, NULL, NULL)
      || landing->validator[0] == '\0')
    g_clear_pointer (&landing->validator, g_free);
  landing->offset = landing->validator != NULL ? size : 0;
  return g_steal_pointer (&landing);
}

gint64
ocs_landing_offset (OcsLanding *landing)
{
  return landing->offset;
}

const char *
ocs_landing_validator (OcsLanding *landing)
{
  return landing->validator;
}

/* The others have about the size of this one, and all of them unpack to as much again at least. */
static gboolean
check_space (OcsLanding *landing, gint64 size, gint64 offset, const OcsLandingPlan *plan, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (landing->path);
  OcsSpaceRules rules = plan->rules;
  /* The numbers are a stranger's: what no disk has is enough to say. */
  double bytes = (double)(size - offset) + (double)size * (double)(plan->missing + plan->all);

  if (plan->missing % QUOTA_EVERY != 0)
    rules.quota = 0;
  return ocs_space_check (folder, (gint64)MIN (bytes, (double)(G_MAXINT64 / 4)), &rules, error);
}

gboolean
ocs_landing_begin (OcsLanding *landing, gint64 offset, gint64 size, const char *validator, const OcsLandingPlan *plan, GError **error)
{
  if (offset != 0 && offset != landing->offset) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the transfer does not start where it was asked to");
    return FALSE;
  }
  if (size > 0 && !check_space (landing, size, offset, plan, error))
    return FALSE;
  if (ftruncate (landing->fd, offset) != 0 || lseek (landing->fd, offset, SEEK_SET) < 0) {
    ocs_durable_set_error (error, errno, "cannot truncate %s", landing->part);
    return FALSE;
  }
  g_unlink (landing->validator_path);
  if (validator != NULL && !g_file_set_contents (landing->validator_path, validator, -1, NULL))
    g_unlink (landing->validator_path);
  ocs_progress_begin (landing->progress, offset, MAX (size, 0));
  return TRUE;
}

gboolean
ocs_landing_write (const guint8 *bytes, gsize length, gpointer user_data, GError **error)
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
    length -= (gsize)n;
    ocs_progress_add (landing->progress, n);
  }
  return TRUE;
}

gboolean
ocs_landing_end (OcsLanding *landing, GError **error)
{
  gint64 total = ocs_progress_total (landing->progress), done = ocs_progress_done (landing->progress);

  if (total > 0 && done != total) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the transfer ended after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes", done,
                 total);
    return FALSE;
  }
  if (g_rename (landing->part, landing->path) != 0) {
    ocs_durable_set_error (error, errno, "cannot rename %s", landing->part);
    return FALSE;
  }
  g_unlink (landing->validator_path);
  return TRUE;
}

void
ocs_landing_drop (OcsLanding *landing)
{
  g_unlink (landing->part);
  g_unlink (landing->validator_path);
}

gboolean
ocs_landing_has_part (const char *path)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autofree char *validator = g_strconcat (path, ".validator", NULL);

  return g_file_test (part, G_FILE_TEST_EXISTS) && g_file_test (validator, G_FILE_TEST_EXISTS);
}
