/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See snap.h. The publisher stands in signed assertions, which snapd keeps as text files (snapd, asserts/fsbackstore.go):
 * asserts-v0/snap-declaration/16/SNAP-ID/active names the account, asserts-v0/account/ACCOUNT-ID/active says who that is. */
#include "worker/inventory/snap.h"
#include "worker/inventory/date.h"
#include <string.h>

#define SNAPS_MAX 2048
#define ASSERTIONS "/var/lib/snapd/assertions/asserts-v0"

static char *
clean_value (const char *start, gsize length)
{
  char *value = g_strstrip (g_strndup (start, length));
  gsize size = strlen (value);
  gboolean is_quoted = size >= 2 && (value[0] == '"' || value[0] == '\'') && value[size - 1] == value[0];
  if (is_quoted) {
    value[size - 1] = '\0';
    memmove (value, value + 1, size - 1);
  }
  if (*value == '\0')
    g_clear_pointer (&value, g_free);
  return value;
}

/* "[amd64, i386]" → "amd64". */
static char *
first_of_flow (const char *value)
{
  return clean_value (value + 1, strcspn (value + 1, ",]"));
}

/* The line after a key that has no value of its own: "- item" or the text of a block. */
static char *
read_next_line (const char *line)
{
  const char *at = line + strspn (line, " ");
  gsize length = strcspn (at, "\n");
  if (length == 0 || (at == line && *at != '-'))
    return NULL;
  gboolean is_item = at[0] == '-' && at[1] == ' ';
  return is_item ? clean_value (at + 2, length - 2) : clean_value (at, length);
}

char *
ocs_snap_get (const char *text, const char *key)
{
  gsize size = strlen (key);
  for (const char *line = text; line != NULL && *line != '\0';) {
    gsize length = strcspn (line, "\n");
    const char *next = line + length + (line[length] == '\n');
    if (length > size && strncmp (line, key, size) == 0 && line[size] == ':') {
      g_autofree char *value = clean_value (line + size + 1, length - size - 1);
      if (value == NULL || *value == '|' || *value == '>')
        return read_next_line (next);
      return *value == '[' ? first_of_flow (value) : g_steal_pointer (&value);
    }
    line = next;
  }
  return NULL;
}

/* snapd appends a number to the name when the format of such assertions has grown. */
static char *
read_assertion (const OcsSource *source, const char *folder)
{
  g_autoptr (GPtrArray) names = ocs_source_list (source, "%s", folder);
  for (guint i = names->len; i > 0; i--) {
    const char *name = g_ptr_array_index (names, i - 1);
    if (g_str_has_prefix (name, "active"))
      return ocs_source_read (source, NULL, "%s/%s", folder, name);
  }
  return NULL;
}

/* Snap name → account. */
static GHashTable *
read_publishers (const OcsSource *source)
{
  GHashTable *publishers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) ids = ocs_source_list (source, ASSERTIONS "/snap-declaration/16");
  for (guint i = 0; i < MIN (ids->len, SNAPS_MAX); i++) {
    g_autofree char *folder = g_strconcat (ASSERTIONS "/snap-declaration/16/", (char *)g_ptr_array_index (ids, i), NULL);
    g_autofree char *declaration = read_assertion (source, folder);
    char *name = ocs_snap_get (declaration, "snap-name");
    g_autofree char *id = ocs_snap_get (declaration, "publisher-id");
    g_autofree char *account_folder = g_strconcat (ASSERTIONS "/account/", id == NULL ? "-" : id, NULL);
    g_autofree char *account = id == NULL || strchr (id, '/') != NULL ? NULL : read_assertion (source, account_folder);
    char *user = ocs_snap_get (account, "username");
    if (name != NULL && user != NULL) {
      g_hash_table_insert (publishers, name, user);
    } else {
      g_free (name);
      g_free (user);
    }
  }
  return publishers;
}

static void
add_snap (const OcsSource *source, const char *base, const char *name, GHashTable *publishers, OcsInventory *inventory)
{
  g_autofree char *yaml = ocs_source_read (source, NULL, "%s/%s/current/meta/snap.yaml", base, name);
  g_autofree char *version = ocs_snap_get (yaml, "version");
  if (version == NULL) /* "bin", or a snap that is just being removed */
    return;
  g_autofree char *store_name = g_strndup (name, strcspn (name, "_")); /* without the key of a parallel instance */
  g_autofree char *summary = ocs_snap_get (yaml, "summary");
  g_autofree char *architecture = ocs_snap_get (yaml, "architectures");
  g_autofree char *revision = ocs_source_link (source, "%s/%s/current", base, name);
  g_autofree char *image = g_strdup_printf ("/var/lib/snapd/snaps/%s_%s.snap", name, revision == NULL ? "" : revision);
  g_autofree char *date = ocs_date_to_text (ocs_source_mtime (source, "%s", image));
  gint64 size = ocs_source_size (source, "%s", image);
  OcsEntry *entry = ocs_inventory_add (inventory, "SOFTWARES");
  ocs_entry_set (entry, "NAME", name);
  ocs_entry_set (entry, "VERSION", version);
  ocs_entry_set (entry, "PUBLISHER", g_hash_table_lookup (publishers, store_name));
  ocs_entry_set (entry, "COMMENTS", summary == NULL ? "Snap package" : summary);
  ocs_entry_setf (entry, "FOLDER", "%s/%s", base, name);
  if (size > 0)
    ocs_entry_set_int (entry, "FILESIZE", MIN (size, G_MAXINT32)); /* the column is an INT */
  ocs_entry_set (entry, "INSTALLDATE", date);
  ocs_entry_set (entry, "ARCHITECTURE", architecture);
}

void
ocs_snap_collect (const OcsSource *source, OcsInventory *inventory)
{
  static const char *const bases[] = {"/snap", "/var/lib/snapd/snap"}; /* the second where /snap may not be, as on Fedora */
  for (guint i = 0; i < G_N_ELEMENTS (bases); i++) {
    g_autoptr (GPtrArray) names = ocs_source_list (source, "%s", bases[i]);
    if (names->len == 0)
      continue;
    g_autoptr (GHashTable) publishers = read_publishers (source);
    for (guint j = 0; j < MIN (names->len, SNAPS_MAX); j++)
      add_snap (source, bases[i], g_ptr_array_index (names, j), publishers, inventory);
    return; /* one is a link to the other */
  }
}
