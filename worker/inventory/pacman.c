/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See pacman.h. */
#include "worker/inventory/pacman.h"
#include "worker/inventory/date.h"
#include <string.h>

#define INSTALLED "/var/lib/pacman/local"
#define PACKAGES_MAX 65536

char *
ocs_pacman_get (const char *text, const char *key)
{
  gsize size = strlen (key);
  for (const char *line = text; line != NULL && *line != '\0';) {
    gsize length = strcspn (line, "\n");
    const char *next = line + length + (line[length] == '\n');
    gboolean is_key = length == size + 2 && line[0] == '%' && line[length - 1] == '%' && strncmp (line + 1, key, size) == 0;
    if (is_key) {
      gsize value = strcspn (next, "\n");
      return value == 0 ? NULL : g_strndup (next, value);
    }
    line = next;
  }
  return NULL;
}

static void
add_package (const char *desc, OcsInventory *inventory)
{
  static const struct {
    const char *field;
    const char *key;
  } texts[] = {{"NAME", "NAME"}, {"VERSION", "VERSION"}, {"PUBLISHER", "URL"}, {"COMMENTS", "DESC"}};
  g_autofree char *name = ocs_pacman_get (desc, "NAME");
  g_autofree char *size = ocs_pacman_get (desc, "SIZE");
  g_autofree char *installed = ocs_pacman_get (desc, "INSTALLDATE");
  g_autofree char *date = ocs_date_to_text (installed == NULL ? 0 : g_ascii_strtoll (installed, NULL, 10));
  g_autofree char *architecture = ocs_pacman_get (desc, "ARCH");
  if (name == NULL) /* half installed */
    return;
  OcsEntry *entry = ocs_inventory_add (inventory, "SOFTWARES");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *value = ocs_pacman_get (desc, texts[i].key);
    ocs_entry_set (entry, texts[i].field, value);
  }
  if (size != NULL)
    ocs_entry_set_int (entry, "FILESIZE", CLAMP (g_ascii_strtoll (size, NULL, 10), 0, G_MAXINT32)); /* the column is an INT */
  ocs_entry_set (entry, "INSTALLDATE", date);
  ocs_entry_set (entry, "ARCHITECTURE", architecture);
}

gboolean
ocs_pacman_collect (const OcsSource *source, OcsInventory *inventory)
{
  g_autoptr (GPtrArray) names = ocs_source_list (source, INSTALLED);
  for (guint i = 0; i < MIN (names->len, PACKAGES_MAX); i++) {
    g_autofree char *desc = ocs_source_read (source, NULL, INSTALLED "/%s/desc", (const char *)names->pdata[i]);
    if (desc != NULL)
      add_package (desc, inventory);
  }
  return names->len > 0;
}
