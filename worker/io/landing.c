/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-landing"
#include "worker/io/landing.h"
#include "ipc/error.h"
#include "worker/io/durable.h"
#include "worker/io/hasher.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* A quota is looked at first, and then each so many objects, or so often where they are many: adding up the folder takes its time. */
#define QUOTA_EVERY 64
#define QUOTA_TIMES 16
/* Whether there is room for more is looked at again each so many bytes: others write too, and not every answer says how long it is. */
#define LOOK_EVERY (G_GINT64_CONSTANT (16) * 1024 * 1024)
/* A smaller object is fetched anew sooner than what it belongs to is written down. */
#define RESUMED_MIN (256 * 1024)

struct _OcsLanding {
  int fd;
  char *path;           /* owned */
  char *part;           /* owned */
  char *validator_path; /* owned */
  char *validator;      /* owned, nullable */
  gboolean described;   /* there is a file of that path */
  gint64 offset;
  gint64 size;    /* as promised; -1 where nobody says it */
  gint64 look_at; /* so many bytes */
  OcsSpaceRules rules;
  OcsHasher *hasher;    /* owned, nullable; of what is written */
  const OcsInfo *whole; /* borrowed: the plan's */
  gboolean sound;
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
  ocs_hasher_free (landing->hasher);
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
  landing->described = g_file_test (landing->validator_path, G_FILE_TEST_EXISTS);
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

static gboolean
check_room (OcsLanding *landing, gint64 bytes, const OcsSpaceRules *rules, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (landing->path);

  return ocs_space_check (folder, bytes, rules, error);
}

/* The others have about the size of this one, and all of them unpack to as much again at least. */
static gboolean
check_space (OcsLanding *landing, gint64 promised, gint64 offset, const OcsLandingPlan *plan, GError **error)
{
  OcsSpaceRules rules = plan->rules;
  gint64 size = promised < 0 && plan->likely > 0 ? plan->likely : promised;
  /* The numbers are a stranger's: what no disk has is enough to say. */
  double bytes = (double)(size - offset) + (double)size * (double)(plan->missing + plan->all);

  if (plan->missing % MAX (QUOTA_EVERY, plan->all / QUOTA_TIMES) != 0 && plan->missing + 1 < plan->all)
    rules.quota = 0;
  return check_room (landing, size >= 0 ? (gint64)MIN (bytes, (double)(G_MAXINT64 / 4)) : LOOK_EVERY, &rules, error);
}

/* Of what is not there the folder need not be locked: others land beside us. */
static void
forget_validator (OcsLanding *landing)
{
  if (landing->described)
    g_unlink (landing->validator_path);
  landing->described = FALSE;
}

/* What the part belongs to, from now on. */
static void
keep_validator (OcsLanding *landing, const char *validator)
{
  forget_validator (landing);
  if (validator == NULL || (landing->size >= 0 && landing->size < RESUMED_MIN))
    return;
  landing->described = TRUE;
  if (!g_file_set_contents (landing->validator_path, validator, -1, NULL))
    forget_validator (landing);
}

gboolean
ocs_landing_begin (OcsLanding *landing, gint64 offset, gint64 size, const char *validator, const OcsLandingPlan *plan, GError **error)
{
  OcsDigest *digest;

  if (offset != 0 && offset != landing->offset) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the transfer does not start where it was asked to");
    return FALSE;
  }
  landing->size = size;
  landing->look_at = offset + LOOK_EVERY;
  landing->rules = plan->rules;
  if (!check_space (landing, size, offset, plan, error))
    return FALSE;
  if (ftruncate (landing->fd, offset) != 0 || lseek (landing->fd, offset, SEEK_SET) < 0) {
    ocs_durable_set_error (error, errno, "cannot truncate %s", landing->part);
    return FALSE;
  }
  keep_validator (landing, validator);
  /* Of what came before nothing is known but its length. */
  g_clear_pointer (&landing->hasher, ocs_hasher_free);
  landing->whole = plan->whole;
  digest = offset == 0 && plan->whole != NULL ? ocs_digest_new (plan->whole->digest_algo, NULL) : NULL;
  if (digest != NULL)
    landing->hasher = ocs_hasher_new (digest);
  ocs_progress_begin (landing->progress, offset, MAX (size, 0));
  return TRUE;
}

/* A courier, or who speaks through it, may send without end: never more than was promised, and never the last of the disk. */
static gboolean
check_more (OcsLanding *landing, gsize length, GError **error)
{
  gint64 done = ocs_progress_done (landing->progress) + (gint64)length;

  if (landing->size >= 0 && done > landing->size) {
    ocs_landing_drop (landing);
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "more came than the %" G_GINT64_FORMAT " bytes that were promised", landing->size);
    return FALSE;
  }
  if (done < landing->look_at)
    return TRUE;
  landing->look_at = done + LOOK_EVERY;
  return check_room (landing, landing->size >= 0 ? landing->size - done : LOOK_EVERY, &landing->rules, error);
}

gboolean
ocs_landing_write (const guint8 *bytes, gsize length, gpointer user_data, GError **error)
{
  OcsLanding *landing = user_data;

  if (!check_more (landing, length, error))
    return FALSE;
  while (length > 0) {
    ssize_t n = write (landing->fd, bytes, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      ocs_durable_set_error (error, errno, "cannot write %s", landing->part);
      return FALSE;
    }
    if (landing->hasher != NULL)
      ocs_hasher_update (landing->hasher, bytes, (gsize)n);
    bytes += n;
    length -= (gsize)n;
    ocs_progress_add (landing->progress, n);
  }
  return TRUE;
}

static void
judge (OcsLanding *landing)
{
  g_autoptr (OcsDigest) digest = landing->hasher != NULL ? ocs_hasher_end (g_steal_pointer (&landing->hasher)) : NULL;

  landing->sound = digest != NULL && ocs_digest_matches (digest, landing->whole->digest, landing->whole->digest_encode, NULL);
}

gboolean
ocs_landing_end (OcsLanding *landing, GError **error)
{
  gint64 total = landing->size, done = ocs_progress_done (landing->progress);

  if (total >= 0 && done != total) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the transfer ended after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes", done,
                 total);
    return FALSE;
  }
  if (g_rename (landing->part, landing->path) != 0) {
    ocs_durable_set_error (error, errno, "cannot rename %s", landing->part);
    return FALSE;
  }
  forget_validator (landing);
  judge (landing);
  return TRUE;
}

gboolean
ocs_landing_is_sound (const OcsLanding *landing)
{
  return landing->sound;
}

void
ocs_landing_drop (OcsLanding *landing)
{
  g_unlink (landing->part);
  forget_validator (landing);
}

gboolean
ocs_landing_has_part (const char *path)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autofree char *validator = g_strconcat (path, ".validator", NULL);

  return g_file_test (part, G_FILE_TEST_EXISTS) && g_file_test (validator, G_FILE_TEST_EXISTS);
}
