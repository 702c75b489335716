/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What programs of the administrator add to the inventory: those in /etc/ocs-companion/sections.d, and the Unix agent's folder softwares.
 * They run as root, so nobody else may be able to write them or put others in their place. */
#include "ipc/error.h"
#include "worker/core/extension.h"
#include "worker/inventory/helper.h"
#include "worker/inventory/section.h"
#include <string.h>
#include <sys/stat.h>

#define PROGRAMS_MAX 64
/* Milliseconds for one, and for all of them: less than a section has. */
#define PROGRAM_MAX 10000
#define ALL_MAX 25000
#define OUTPUT_MAX (1024 * 1024)

static void
say (OcsInventory *inventory, const char *path, const char *what)
{
  g_autofree char *why = g_strdup_printf ("%s: %s", path, what);
  ocs_inventory_note (inventory, OCS_EXTENSION_SECTION, why);
}

/* What packagers and editors leave beside. */
static gboolean
is_leftover (const char *name)
{
  static const char *const ends[] = {"~", ".bak", ".dpkg-dist", ".dpkg-new", ".dpkg-old", ".rpmnew", ".rpmorig", ".rpmsave", ".swp"};
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (g_str_has_suffix (name, ends[i]))
      return TRUE;
  return strcmp (name, "README") == 0;
}

/* Nobody but root may change it. */
static gboolean
is_roots (const char *path, mode_t kind, struct stat *status)
{
  return lstat (path, status) == 0 && (status->st_mode & S_IFMT) == kind && status->st_uid == 0
         && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static void
run_program (const char *path, gint64 deadline, OcsInventory *inventory)
{
  struct stat status;
  g_autoptr (GError) error = NULL;
  gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
  if (!is_roots (path, S_IFREG, &status)) {
    say (inventory, path, "skipped: it is not a file of root that nobody else can write (chown root, chmod go-w)");
    return;
  }
  if ((status.st_mode & S_IXUSR) == 0)
    return; /* the usual way to turn one off */
  if (left <= 0) {
    say (inventory, path, "skipped: the programs before it took all the time");
    return;
  }
  g_autoptr (GBytes) output = ocs_helper_run (path, (guint)MIN (left, PROGRAM_MAX), OUTPUT_MAX, &error);
  gsize length = 0;
  const char *text = output == NULL ? NULL : g_bytes_get_data (output, &length);
  if (output != NULL && ocs_extension_read (inventory, path, text == NULL ? "" : text, length, &error))
    return;
  say (inventory, path, error->message);
}

static void
run_folder (const OcsSource *source, const char *folder, gint64 deadline, OcsInventory *inventory)
{
  struct stat status;
  g_autofree char *place = ocs_source_path (source, folder);
  g_autoptr (GPtrArray) names = ocs_source_list (source, "%s", folder);
  if (names->len == 0)
    return;
  if (!is_roots (place, S_IFDIR, &status)) {
    say (inventory, folder, "skipped: it is not a folder of root that nobody else can write (chown root, chmod go-w)");
    return;
  }
  for (guint i = 0; i < MIN (names->len, PROGRAMS_MAX); i++) {
    g_autofree char *path = g_build_filename (place, names->pdata[i], NULL);
    if (!is_leftover (names->pdata[i]))
      run_program (path, deadline, inventory);
  }
}

void
ocs_extensions_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  static const char *const folders[] = {"/etc/ocs-companion/sections.d", "/etc/ocsinventory/softwares",
                                        "/etc/ocsinventory-agent/softwares"};
  gint64 deadline = g_get_monotonic_time () + (gint64)ALL_MAX * 1000;
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    run_folder (machine->source, folders[i], deadline, inventory);
}
