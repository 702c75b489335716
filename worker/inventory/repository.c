/* SPDX-License-Identifier: GPL-3.0-or-later */
/* REPOSITORY: where this machine takes its packages from. One entry for each place and suite that apt is told to use, and for each
 * repository of dnf, yum and zypper. Dates of the
 * lists are left out: each "apt update" would change the inventory. Never holds a login: auth.conf is not read, and those in an
 * address are cut off. */
#include "worker/inventory/aptsources.h"
#include "worker/inventory/keyvalue.h"
#include "worker/inventory/section.h"
#include "worker/inventory/yumsources.h"
#include <string.h>

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

/* What $basearch, $releasever and the administrator's own variables stand for (dnf.conf(5), yum.conf(5)). transfer full. */
static GHashTable *
read_variables (const OcsMachine *machine)
{
  static const char *const folders[] = {"/etc/yum/vars", "/etc/dnf/vars"};
  const OcsSource *source = machine->source;
  GHashTable *variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *release = ocs_source_read (source, NULL, "/etc/os-release");
  g_autofree char *version = ocs_keyvalue_get (release, "VERSION_ID");
  g_autofree char *platform = ocs_keyvalue_get (release, "PLATFORM_ID"); /* "platform:el9" */
  char *architecture = ocs_machine_architecture (machine);
  if (platform != NULL && g_str_has_prefix (platform, "platform:el"))
    g_hash_table_insert (variables, g_strdup ("releasever"), g_strdup (platform + strlen ("platform:el")));
  else if (version != NULL)
    g_hash_table_insert (variables, g_strdup ("releasever"), g_strdup (version));
  if (architecture != NULL) {
    g_hash_table_insert (variables, g_strdup ("basearch"), g_strdup (architecture));
    g_hash_table_insert (variables, g_strdup ("arch"), architecture);
  }
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autoptr (GPtrArray) names = ocs_source_list (source, "%s", folders[i]);
    for (guint k = 0; k < MIN (names->len, FILES_MAX); k++) {
      char *value = ocs_source_line (source, "%s/%s", folders[i], (const char *)names->pdata[k]);
      if (value != NULL)
        g_hash_table_insert (variables, g_strdup (names->pdata[k]), value);
    }
  }
  return variables;
}

static void
add_repositories (const OcsSource *source, const char *file, GHashTable *variables, OcsInventory *inventory)
{
  g_autofree char *text = ocs_source_read (source, NULL, "%s", file);
  g_autoptr (GPtrArray) repositories = ocs_yum_parse (text == NULL ? "" : text, variables);
  for (guint i = 0; i < repositories->len; i++) {
    const OcsYumSource *repository = g_ptr_array_index (repositories, i);
    OcsEntry *entry = ocs_inventory_add (inventory, "REPOSITORY");
    ocs_entry_set (entry, "NAME", repository->name != NULL ? repository->name : repository->id);
    ocs_entry_set (entry, "BASEURL", repository->uri);
    ocs_entry_set (entry, "MIRRORS", repository->mirrors);
    ocs_entry_set (entry, "EXCLUDE", repository->exclude);
    ocs_entry_set (entry, "FILENAME", file);
    ocs_entry_set (entry, "TAG", repository->options);
  }
}

static void
collect_repositories (const OcsMachine *machine, OcsInventory *inventory)
{
  static const char *const folders[] = {"/etc/yum.repos.d", "/etc/zypp/repos.d", "/etc/distro.repos.d"};
  g_autoptr (GHashTable) variables = read_variables (machine);
  add_repositories (machine->source, "/etc/yum.conf", variables, inventory);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autoptr (GPtrArray) names = ocs_source_list (machine->source, "%s", folders[i]);
    for (guint k = 0; k < MIN (names->len, FILES_MAX); k++) {
      g_autofree char *file = g_strdup_printf ("%s/%s", folders[i], (const char *)names->pdata[k]);
      if (g_str_has_suffix (file, ".repo"))
        add_repositories (machine->source, file, variables, inventory);
    }
  }
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
  collect_repositories (machine, inventory);
}
