/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See appimage.h. The mark stands in the unused part of the ELF head (AppImage specification, "type 2 image format"). */
#include "worker/inventory/appimage.h"
#include "worker/inventory/date.h"
#include <string.h>

#define FILES_MAX 4096

static void
add_file (const OcsSource *source, const char *folder, const char *name, OcsInventory *inventory)
{
  guint8 head[11];
  if (!ocs_source_read_at (source, 0, head, sizeof head, "%s/%s", folder, name) || memcmp (head, "\177ELF", 4) != 0
      || memcmp (head + 8, "AI", 2) != 0 || (head[10] != 1 && head[10] != 2))
    return;
  g_autofree char *date = ocs_date_to_text (ocs_source_mtime (source, "%s/%s", folder, name));
  OcsEntry *entry = ocs_inventory_add (inventory, "SOFTWARES");
  ocs_entry_set (entry, "NAME", name);
  ocs_entry_set (entry, "PUBLISHER", "AppImage");
  ocs_entry_set (entry, "FOLDER", folder);
  ocs_entry_set_int (entry, "FILESIZE", MIN (ocs_source_size (source, "%s/%s", folder, name), G_MAXINT32));
  ocs_entry_set (entry, "INSTALLDATE", date);
}

static void
add_folder (const OcsSource *source, const char *folder, OcsInventory *inventory)
{
  g_autoptr (GPtrArray) names = ocs_source_list (source, "%s", folder);
  for (guint i = 0; i < MIN (names->len, FILES_MAX); i++) {
    const char *name = names->pdata[i];
    gsize length = strlen (name);
    if (length > 9 && g_ascii_strcasecmp (name + length - 9, ".appimage") == 0)
      add_file (source, folder, name, inventory);
  }
}

void
ocs_appimage_collect (const OcsSource *source, OcsInventory *inventory)
{
  static const char *const folders[] = {"/Applications", "/opt", "/usr/local/bin", "/usr/local/lib"};
  g_autoptr (GPtrArray) below = ocs_source_list (source, "/opt");
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    add_folder (source, folders[i], inventory);
  for (guint i = 0; i < MIN (below->len, FILES_MAX); i++) {
    g_autofree char *folder = g_strconcat ("/opt/", (const char *)below->pdata[i], NULL);
    add_folder (source, folder, inventory);
  }
}
