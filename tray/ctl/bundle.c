/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-bundle"
#include "tray/ctl/bundle.h"
#include "ipc/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct _OcsBundle {
  char *path;   /* owned */
  char *folder; /* owned */
  gint64 now;
  int fd;
  struct archive *tar; /* owned */
  gboolean finished;
};

static gboolean
set_error (OcsBundle *bundle, GError **error)
{
  const char *why = archive_error_string (bundle->tar);

  g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "cannot write %s: %s: free some space, or name another file", bundle->path,
               why != NULL ? why : "unknown reason");
  return FALSE;
}

OcsBundle *
ocs_bundle_new (const char *path, const char *folder, GError **error)
{
  g_autoptr (OcsBundle) bundle = g_new0 (OcsBundle, 1);

  bundle->fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (bundle->fd < 0) {
    g_set_error (error, OCS_ERROR, errno == EACCES || errno == EROFS ? OCS_ERROR_DENIED : OCS_ERROR_FAILED,
                 "cannot make %s: %s: name another file", path, g_strerror (errno));
    return NULL;
  }
  bundle->path = g_strdup (path);
  bundle->folder = g_strdup (folder);
  bundle->now = g_get_real_time () / G_USEC_PER_SEC;
  bundle->tar = archive_write_new ();
  archive_write_set_format_ustar (bundle->tar);
  archive_write_add_filter_gzip (bundle->tar);
  if (archive_write_open_fd (bundle->tar, bundle->fd) != ARCHIVE_OK) {
    set_error (bundle, error);
    return NULL;
  }
  return g_steal_pointer (&bundle);
}

void
ocs_bundle_free (OcsBundle *bundle)
{
  if (bundle == NULL)
    return;
  if (bundle->tar != NULL)
    archive_write_free (bundle->tar);
  if (bundle->fd >= 0)
    close (bundle->fd);
  if (!bundle->finished && bundle->path != NULL)
    g_unlink (bundle->path);
  g_free (bundle->path);
  g_free (bundle->folder);
  g_free (bundle);
}

gboolean
ocs_bundle_add (OcsBundle *bundle, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (bundle->folder, name, NULL);
  struct archive_entry *entry = archive_entry_new ();
  gsize length = strlen (text);
  gboolean done;

  archive_entry_set_pathname (entry, path);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0600);
  archive_entry_set_size (entry, (la_int64_t)length);
  archive_entry_set_mtime (entry, bundle->now, 0);
  done = archive_write_header (bundle->tar, entry) == ARCHIVE_OK && archive_write_data (bundle->tar, text, length) == (la_ssize_t)length;
  archive_entry_free (entry);
  return done || set_error (bundle, error);
}

gboolean
ocs_bundle_finish (OcsBundle *bundle, GError **error)
{
  bundle->finished = archive_write_close (bundle->tar) == ARCHIVE_OK;
  return bundle->finished || set_error (bundle, error);
}
