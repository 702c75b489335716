/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See rpm.h. The database is of one of three kinds, at one of two places. It may be written while it is read (an upgrade runs): it is
 * read again then, and what is incomplete is said. */
#include "worker/inventory/rpm.h"
#include "worker/inventory/berkeley.h"
#include "worker/inventory/date.h"
#include "worker/inventory/rpmheader.h"
#include "worker/inventory/rpmpack.h"
#include "worker/inventory/sqlite.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 3

typedef struct {
  int fd; /* owned; -1: there is none */
  struct stat status;
  OcsPages pages;
} Database;

typedef enum { KIND_SQLITE, KIND_PACK, KIND_BERKELEY } Kind;

static gboolean
on_read (gpointer user_data, guint64 offset, void *bytes, gsize size)
{
  const Database *database = user_data;
  gsize done = 0;
  while (done < size) {
    gssize got = pread (database->fd, (char *)bytes + done, size - done, (off_t)(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return FALSE;
    done += (gsize)got;
  }
  return TRUE;
}

static void
database_open (Database *database, const OcsSource *source, const char *path)
{
  *database = (Database) {.fd = ocs_source_open (source, "%s", path)};
  if (database->fd >= 0 && fstat (database->fd, &database->status) == 0)
    database->pages = (OcsPages) {on_read, database, (guint64)database->status.st_size};
}

/* Whether nobody has written to it since it was opened. */
static gboolean
database_close (Database *database)
{
  struct stat now;
  if (database->fd < 0)
    return TRUE;
  gboolean same = fstat (database->fd, &now) == 0 && now.st_size == database->status.st_size
                  && now.st_mtim.tv_sec == database->status.st_mtim.tv_sec && now.st_mtim.tv_nsec == database->status.st_mtim.tv_nsec;
  close (database->fd);
  database->fd = -1;
  return same;
}

static void
on_value (const guint8 *bytes, gsize length, gpointer user_data)
{
  OcsInventory *inventory = user_data;
  OcsRpmHeader header;
  if (!ocs_rpmheader_parse (bytes, length, &header))
    return;
  g_autofree char *date = ocs_date_to_text (header.installed);
  OcsEntry *entry = ocs_inventory_add (inventory, "SOFTWARES");
  ocs_entry_set (entry, "NAME", header.name);
  if (header.release != NULL)
    ocs_entry_setf (entry, "VERSION", "%s-%s", header.version, header.release);
  else
    ocs_entry_set (entry, "VERSION", header.version);
  ocs_entry_set (entry, "PUBLISHER", header.vendor);
  ocs_entry_set (entry, "COMMENTS", header.summary);
  if (header.size > 0)
    ocs_entry_set_int (entry, "FILESIZE", MIN (header.size, G_MAXINT32)); /* the column is an INT */
  ocs_entry_set (entry, "INSTALLDATE", date);
  ocs_entry_set (entry, "ARCHITECTURE", header.architecture);
}

/* One reading; *unchanged: whether the database stayed as it was meanwhile. */
static gboolean
read_once (const OcsSource *source, const char *path, Kind kind, OcsInventory *found, gboolean *unchanged, GError **error)
{
  Database file;
  Database log;
  gboolean done = FALSE;
  g_autofree char *log_path = g_strconcat (path, "-wal", NULL);
  /* The log first: what is written back in between stands in both. */
  database_open (&log, source, kind == KIND_SQLITE ? log_path : "/");
  database_open (&file, source, path);
  if (kind == KIND_SQLITE)
    done = ocs_sqlite_walk (&file.pages, log.fd >= 0 ? &log.pages : NULL, "Packages", on_value, found, error);
  else if (kind == KIND_PACK)
    done = ocs_rpmpack_walk (&file.pages, on_value, found, error);
  else
    done = ocs_berkeley_walk (&file.pages, on_value, found, error);
  *unchanged = database_close (&file);
  *unchanged = database_close (&log) && *unchanged;
  return done;
}

static void
read_database (const OcsSource *source, const char *path, Kind kind, OcsInventory *inventory)
{
  for (guint i = 1;; i++) {
    g_autoptr (GError) error = NULL;
    gboolean unchanged = FALSE;
    OcsInventory *found = ocs_inventory_new ();
    gboolean done = read_once (source, path, kind, found, &unchanged, &error);
    if ((!done || !unchanged) && i < TRIES) {
      ocs_inventory_free (found);
      continue;
    }
    g_autofree char *why = NULL;
    if (!done)
      why = g_strdup_printf ("%s: %s", path, error->message);
    else if (!unchanged)
      why = g_strdup_printf ("%s was being changed while it was read: the next inventory will be complete", path);
    if (why != NULL)
      ocs_inventory_note (found, "SOFTWARES", why);
    ocs_inventory_absorb (inventory, found);
    return;
  }
}

gboolean
ocs_rpm_collect (const OcsSource *source, OcsInventory *inventory)
{
  static const char *const folders[] = {"/usr/lib/sysimage/rpm", "/var/lib/rpm"}; /* one may be a link to the other */
  static const char *const names[] = {[KIND_SQLITE] = "rpmdb.sqlite", [KIND_PACK] = "Packages.db", [KIND_BERKELEY] = "Packages"};
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    for (guint k = 0; k < G_N_ELEMENTS (names); k++) {
      g_autofree char *path = g_strdup_printf ("%s/%s", folders[i], names[k]);
      if (!ocs_source_exists (source, "%s", path))
        continue;
      if (ocs_source_size (source, "%s", path) > 0) {
        read_database (source, path, (Kind)k, inventory);
        return TRUE;
      }
    }
  return FALSE;
}
