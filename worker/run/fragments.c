/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-fragments"
#include "worker/run/fragments.h"
#include "ipc/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (128 * 1024)

struct _OcsFragments {
  int folder;     /* borrowed: the session's, outlives us */
  char *id;       /* owned */
  gint64 *starts; /* owned; count + 1 elements; the last one is the size of the whole */
  guint count;
  gint64 position;
  OcsHasher *hasher; /* borrowed, nullable: the caller's */
  gint64 hashed;     /* so many bytes from the start are in it */
  guint opened;      /* index of the fragment that fd reads; count for none */
  int fd;            /* owned; -1 for none */
  guint8 buffer[BUFFER_SIZE];
};

static int
open_one (OcsFragments *fragments, guint index)
{
  g_autofree char *name = g_strdup_printf ("%s-%u", fragments->id, index + 1);

  return openat (fragments->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

OcsFragments *
ocs_fragments_open (int folder, const char *id, guint count, GError **error)
{
  g_autoptr (OcsFragments) fragments = g_new0 (OcsFragments, 1);

  fragments->folder = folder;
  fragments->id = g_strdup (id);
  fragments->count = fragments->opened = count;
  fragments->fd = -1;
  fragments->starts = g_new0 (gint64, (gsize)count + 1);
  for (guint i = 0; i < count; i++) {
    g_autofree char *name = g_strdup_printf ("%s-%u", id, i + 1);
    struct stat info;

    if (fstatat (folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG (info.st_mode)) {
      g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "fragment %s is not there: the package must be fetched again", name);
      return NULL;
    }
    fragments->starts[i + 1] = fragments->starts[i] + info.st_size;
  }
  return g_steal_pointer (&fragments);
}

void
ocs_fragments_free (OcsFragments *fragments)
{
  if (fragments == NULL)
    return;
  if (fragments->fd >= 0)
    close (fragments->fd);
  g_free (fragments->id);
  g_free (fragments->starts);
  g_free (fragments);
}

gint64
ocs_fragments_size (OcsFragments *fragments)
{
  return fragments->starts[fragments->count];
}

gint64
ocs_fragments_tell (OcsFragments *fragments)
{
  return fragments->position;
}

/* The last fragment that starts at or before position and is not empty. */
static guint
find_index (OcsFragments *fragments, gint64 position)
{
  guint low = 0;
  guint high = fragments->count;

  while (high - low > 1) {
    guint middle = low + (high - low) / 2;

    if (fragments->starts[middle] <= position)
      low = middle;
    else
      high = middle;
  }
  return low;
}

gssize
ocs_fragments_read (OcsFragments *fragments, const void **bytes)
{
  guint index = find_index (fragments, fragments->position);
  gint64 left;
  ssize_t got;

  *bytes = fragments->buffer;
  if (fragments->position >= ocs_fragments_size (fragments))
    return 0;
  if (fragments->opened != index) {
    if (fragments->fd >= 0)
      close (fragments->fd);
    fragments->fd = open_one (fragments, index);
    fragments->opened = fragments->fd >= 0 ? index : fragments->count;
    if (fragments->fd < 0)
      return -1;
  }
  left = fragments->starts[index + 1] - fragments->position;
  got = pread (fragments->fd, fragments->buffer, (gsize)MIN (left, BUFFER_SIZE), fragments->position - fragments->starts[index]);
  if (got == 0) {
    errno = EIO; /* it was longer when it was opened */
    return -1;
  }
  if (got > 0 && fragments->hasher != NULL && fragments->position <= fragments->hashed && fragments->position + got > fragments->hashed) {
    gint64 known = fragments->hashed - fragments->position;

    ocs_hasher_update (fragments->hasher, fragments->buffer + known, (gsize)(got - known));
    fragments->hashed += got - known;
  }
  if (got > 0)
    fragments->position += got;
  return got;
}

void
ocs_fragments_watch (OcsFragments *fragments, OcsHasher *hasher)
{
  fragments->hasher = hasher;
}

gboolean
ocs_fragments_watch_rest (OcsFragments *fragments)
{
  const void *bytes;
  gssize got = 1;

  fragments->position = fragments->hashed;
  while (got > 0)
    got = ocs_fragments_read (fragments, &bytes);
  return got == 0;
}

gboolean
ocs_fragments_seek (OcsFragments *fragments, gint64 position)
{
  if (position < 0 || position > ocs_fragments_size (fragments))
    return FALSE;
  fragments->position = position;
  return TRUE;
}
