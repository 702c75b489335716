/* SPDX-License-Identifier: GPL-3.0-or-later */
/* REPOSITORY: where this machine takes its packages from. One entry for each place and suite that apt is told to use. Dates of the
 * lists are left out: each "apt update" would change the inventory. Never holds a login: auth.conf is not read, and those in an
 * address are cut off. */
#include "worker/inventory/aptsources.h"
#include "worker/inventory/section.h"

#define FILES_MAX 512

static void
add_sources (const GPtrArray *sources, const char *file, OcsInventory *inventory)
{
  for (guint i = 0; i < sources->len; i++) {
    const OcsAptSource *source = g_ptr_array_index (sources, i);
    OcsEntry *entry = ocs_inventory_add (inventory, "REPOSITORY");
    ocs_entry_setf (entry, "NAME", "%s %s", source->suite, source->components);
    ocs_entry_set (entry, "BASEURL", source->uri);
    ocs_entry_set (entry, "FILENAME", file);
    ocs_entry_set (entry, "TAG", source->options);
  }
}

static void
add_file (const OcsSource *source, const char *file, OcsInventory *inventory)
{
  g_autofree char *text = ocs_source_read (source, NULL, "%s", file);
  if (text == NULL)
    return;
  gboolean is_deb822 = g_str_has_suffix (file, ".sources");
  g_autoptr (GPtrArray) sources = is_deb822 ? ocs_apt_parse_deb822 (text) : ocs_apt_parse_list (text);
  add_sources (sources, file, inventory);
}

void
ocs_repository_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  add_file (machine->source, "/etc/apt/sources.list", inventory);
  g_autoptr (GPtrArray) names = ocs_source_list (machine->source, "/etc/apt/sources.list.d");
  for (guint i = 0; i < MIN (names->len, FILES_MAX); i++) {
    const char *name = g_ptr_array_index (names, i);
    if (!g_str_has_suffix (name, ".list") && !g_str_has_suffix (name, ".sources"))
      continue;
    g_autofree char *file = g_strconcat ("/etc/apt/sources.list.d/", name, NULL);
    add_file (machine->source, file, inventory);
  }
}
