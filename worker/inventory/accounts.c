/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See accounts.h. The password fields are not looked at. */
#include "worker/inventory/accounts.h"
#include "worker/inventory/section.h"
#include <string.h>

#define PASSWD_FIELDS 7
#define GROUP_FIELDS 4

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

/* The names of those whose primary group it is, by group number. */
static void
add_primary (GHashTable *primary, const char *gid, const char *login)
{
  GString *names = g_hash_table_lookup (primary, gid);
  if (names == NULL) {
    names = g_string_new (NULL);
    g_hash_table_insert (primary, g_strdup (gid), names);
  }
  g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "", login);
}

static void
string_free (gpointer data)
{
  g_string_free (data, TRUE);
}

static void
add_user (OcsInventory *inventory, GHashTable *primary, char **fields)
{
  if (g_strv_length (fields) != PASSWD_FIELDS || *fields[0] == '\0' || !is_number (fields[2]) || !is_number (fields[3]))
    return;
  OcsEntry *entry = ocs_inventory_add (inventory, "LOCAL_USERS");
  ocs_entry_set (entry, "ID_USER", fields[2]);
  ocs_entry_set (entry, "GID", fields[3]);
  ocs_entry_set (entry, "NAME", fields[4]);
  ocs_entry_set (entry, "HOME", fields[5]);
  ocs_entry_set (entry, "SHELL", fields[6]);
  ocs_entry_set (entry, "LOGIN", fields[0]);
  add_primary (primary, fields[3], fields[0]);
}

static void
add_group (OcsInventory *inventory, GHashTable *primary, char **fields)
{
  if (g_strv_length (fields) != GROUP_FIELDS || *fields[0] == '\0' || !is_number (fields[2]))
    return;
  g_auto (GStrv) listed = g_strsplit (fields[3], ",", -1);
  const GString *names = g_hash_table_lookup (primary, fields[2]);
  g_auto (GStrv) primaries = g_strsplit (names == NULL ? "" : names->str, ",", -1);
  g_autoptr (GString) members = g_string_new (NULL);
  for (guint i = 0; listed[i] != NULL; i++)
    if (*listed[i] != '\0')
      g_string_append_printf (members, "%s%s", members->len > 0 ? "," : "", listed[i]);
  for (guint i = 0; primaries[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *)listed, primaries[i]))
      g_string_append_printf (members, "%s%s", members->len > 0 ? "," : "", primaries[i]);
  OcsEntry *entry = ocs_inventory_add (inventory, "LOCAL_GROUPS");
  ocs_entry_set (entry, "ID_GROUP", fields[2]);
  ocs_entry_set (entry, "NAME", fields[0]);
  ocs_entry_set (entry, "MEMBER", members->str);
}

void
ocs_accounts_add (OcsInventory *inventory, const char *passwd, const char *group)
{
  g_autoptr (GHashTable) primary = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, string_free);
  g_auto (GStrv) users = g_strsplit (passwd == NULL ? "" : passwd, "\n", -1);
  g_auto (GStrv) groups = g_strsplit (group == NULL ? "" : group, "\n", -1);
  for (guint i = 0; users[i] != NULL; i++) {
    g_auto (GStrv) fields = g_strsplit (users[i], ":", -1);
    add_user (inventory, primary, fields);
  }
  for (guint i = 0; groups[i] != NULL; i++) {
    g_auto (GStrv) fields = g_strsplit (groups[i], ":", -1);
    add_group (inventory, primary, fields);
  }
}

void
ocs_accounts_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autofree char *passwd = ocs_source_read (machine->source, NULL, "/etc/passwd");
  g_autofree char *group = ocs_source_read (machine->source, NULL, "/etc/group");
  ocs_accounts_add (inventory, passwd, group);
}
