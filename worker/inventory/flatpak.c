/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See flatpak.h. */
#include "worker/inventory/flatpak.h"
#include "worker/inventory/date.h"

#define INSTALLED "/var/lib/flatpak"
#define NAMES_MAX 4096

void
ocs_flatpak_clear (OcsFlatpak *flatpak)
{
  g_clear_pointer (&flatpak->origin, g_free);
  g_clear_pointer (&flatpak->version, g_free);
  g_clear_pointer (&flatpak->title, g_free);
  g_clear_pointer (&flatpak->summary, g_free);
}

void
ocs_flatpak_parse (const void *bytes, gsize length, OcsFlatpak *flatpak)
{
  *flatpak = (OcsFlatpak) {0};
  g_autoptr (GBytes) aligned = g_bytes_new (bytes, length);
  g_autoptr (GVariant) data = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("(ssasta{sv})"), aligned, FALSE));
  g_autoptr (GVariant) more = NULL;
  guint64 size = 0;
  if (!g_variant_is_normal_form (data)) /* cut short, or of another version */
    return;
  g_variant_get (data, "(s@s@ast@a{sv})", &flatpak->origin, NULL, NULL, &size, &more);
  flatpak->size = GUINT64_FROM_BE (size);
  g_variant_lookup (more, "appdata-version", "s", &flatpak->version);
  g_variant_lookup (more, "appdata-name", "s", &flatpak->title);
  g_variant_lookup (more, "appdata-summary", "s", &flatpak->summary);
}

static void
add_version (const OcsSource *source, const char *kind, const char *id, const char *arch, const char *branch, OcsInventory *inventory)
{
  g_auto (OcsFlatpak) flatpak = {0};
  gsize length = 0;
  g_autofree char *file = g_strdup_printf (INSTALLED "/%s/%s/%s/%s/active/deploy", kind, id, arch, branch);
  g_autofree char *bytes = ocs_source_read (source, &length, "%s", file);
  if (bytes == NULL) /* half installed, or removed while we look */
    return;
  ocs_flatpak_parse (bytes, length, &flatpak);
  g_autofree char *date = ocs_date_to_text (ocs_source_mtime (source, "%s", file));
  OcsEntry *entry = ocs_inventory_add (inventory, "SOFTWARES");
  ocs_entry_set (entry, "NAME", id);
  ocs_entry_set (entry, "VERSION", flatpak.version != NULL && *flatpak.version != '\0' ? flatpak.version : branch);
  ocs_entry_set (entry, "PUBLISHER", flatpak.origin);
  if (flatpak.title != NULL && flatpak.summary != NULL)
    ocs_entry_setf (entry, "COMMENTS", "%s: %s", flatpak.title, flatpak.summary);
  else
    ocs_entry_set (entry, "COMMENTS", flatpak.title != NULL ? flatpak.title : "Flatpak package");
  ocs_entry_setf (entry, "FOLDER", INSTALLED "/%s/%s/%s/%s", kind, id, arch, branch);
  if (flatpak.size > 0)
    ocs_entry_set_int (entry, "FILESIZE", (gint64)MIN (flatpak.size, G_MAXINT32)); /* the column is an INT */
  ocs_entry_set (entry, "INSTALLDATE", date);
  ocs_entry_set (entry, "ARCHITECTURE", arch);
}

static gboolean
is_part (const char *id)
{
  return g_str_has_suffix (id, ".Locale") || g_str_has_suffix (id, ".Debug") || g_str_has_suffix (id, ".Sources");
}

/* ID/ARCHITECTURE/BRANCH/active; "current" beside the architectures is a link to one of them. */
static void
add_id (const OcsSource *source, const char *kind, const char *id, OcsInventory *inventory)
{
  g_autoptr (GPtrArray) archs = ocs_source_list (source, INSTALLED "/%s/%s", kind, id);
  for (guint i = 0; i < archs->len; i++) {
    const char *arch = g_ptr_array_index (archs, i);
    if (g_str_equal (arch, "current"))
      continue;
    g_autoptr (GPtrArray) branches = ocs_source_list (source, INSTALLED "/%s/%s/%s", kind, id, arch);
    for (guint j = 0; j < branches->len; j++)
      add_version (source, kind, id, arch, g_ptr_array_index (branches, j), inventory);
  }
}

void
ocs_flatpak_collect (const OcsSource *source, OcsInventory *inventory)
{
  static const char *const kinds[] = {"app", "runtime"};
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (GPtrArray) ids = ocs_source_list (source, INSTALLED "/%s", kinds[i]);
    for (guint j = 0; j < MIN (ids->len, NAMES_MAX); j++)
      if (!is_part (g_ptr_array_index (ids, j)))
        add_id (source, kinds[i], g_ptr_array_index (ids, j), inventory);
  }
}
