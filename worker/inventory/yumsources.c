/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See yumsources.h. An ini file: sections, keys, and values that go on in lines with a blank in front (dnf.conf(5)). */
#include "worker/inventory/yumsources.h"
#include "worker/inventory/aptsources.h"
#include <string.h>

static void
source_free (gpointer data)
{
  OcsYumSource *source = data;
  g_free (source->id);
  g_free (source->name);
  g_free (source->uri);
  g_free (source->mirrors);
  g_free (source->exclude);
  g_free (source->options);
  g_free (source);
}

/* The length of the variable's name at text, with its braces; 0: none. */
static gsize
variable_at (const char *text, char **name)
{
  gboolean braced = text[0] == '{';
  gsize size = 0;
  while (g_ascii_isalnum (text[braced + size]) || text[braced + size] == '_')
    size++;
  if (size == 0 || (braced && text[1 + size] != '}'))
    return 0;
  *name = g_strndup (text + braced, size);
  return size + (braced ? 2 : 0);
}

/* What has no value stays as it stands. */
static char *
expand (const char *text, GHashTable *variables)
{
  GString *out = g_string_new (NULL);
  while (*text != '\0') {
    g_autofree char *name = NULL;
    gsize length = *text == '$' ? variable_at (text + 1, &name) : 0;
    const char *value = name == NULL ? NULL : g_hash_table_lookup (variables, name);
    if (value != NULL) {
      g_string_append (out, value);
      text += 1 + length;
    } else {
      g_string_append_c (out, *text++);
    }
  }
  return g_string_free (out, FALSE);
}

static const char *
get (GHashTable *keys, const char *name)
{
  const GString *value = g_hash_table_lookup (keys, name);
  return value == NULL || value->len == 0 ? NULL : value->str;
}

static gboolean
is_yes (const char *value, gboolean fallback)
{
  static const char *const yes[] = {"1", "yes", "true", "on", NULL};
  g_autofree char *lower = value == NULL ? NULL : g_ascii_strdown (value, -1);
  return lower == NULL ? fallback : g_strv_contains (yes, g_strstrip (lower));
}

/* The first of several addresses, which commas, blanks or lines part. */
static char *
first_address (const char *value, GHashTable *variables)
{
  if (value == NULL)
    return NULL;
  value += strspn (value, " \t\n,");
  g_autofree char *first = g_strndup (value, strcspn (value, " \t\n,"));
  g_autofree char *whole = expand (first, variables);
  return *whole == '\0' ? NULL : ocs_apt_show_uri (whole);
}

/* Lists of mirrors are told by the question; it is kept where it says nothing but which of them. */
static char *
show_mirrors (const char *value, GHashTable *variables)
{
  static const char *const harmless[] = {"arch", "country", "infra", "protocol", "release", "repo", NULL};
  g_autofree char *place = first_address (value, variables);
  g_autofree char *whole = value == NULL ? NULL : expand (value, variables);
  const char *question = whole == NULL ? NULL : strchr (whole, '?');
  if (place == NULL || question == NULL)
    return g_steal_pointer (&place);
  g_auto (GStrv) parts = g_strsplit (question + 1, "&", -1);
  for (guint i = 0; parts[i] != NULL; i++) {
    g_autofree char *name = g_strndup (parts[i], strcspn (parts[i], "="));
    if (!g_strv_contains (harmless, name))
      return g_steal_pointer (&place);
  }
  return g_strconcat (place, question, NULL);
}

static void
close_section (const char *id, GHashTable *keys, GHashTable *variables, GPtrArray *sources)
{
  const char *mirrors = get (keys, "metalink") != NULL ? get (keys, "metalink") : get (keys, "mirrorlist");
  const char *name = get (keys, "name");
  const char *exclude = get (keys, "excludepkgs") != NULL ? get (keys, "excludepkgs") : get (keys, "exclude");
  if (id == NULL || strcmp (id, "main") == 0 || !is_yes (get (keys, "enabled"), TRUE) || sources->len >= OCS_YUM_SOURCES_MAX)
    return;
  OcsYumSource *source = g_new0 (OcsYumSource, 1);
  source->id = g_strdup (id);
  source->name = name == NULL ? NULL : expand (name, variables);
  source->uri = first_address (get (keys, "baseurl"), variables);
  source->mirrors = show_mirrors (mirrors, variables);
  source->exclude = exclude == NULL ? NULL : g_strdelimit (g_strdup (exclude), "\n\t", ' ');
  if (!is_yes (get (keys, "gpgcheck"), TRUE)) /* dnf and zypper check unless they are told not to */
    source->options = g_strdup ("gpgcheck=0");
  g_ptr_array_add (sources, source);
}

static void
string_free (gpointer data)
{
  g_string_free (data, TRUE);
}

/* One "key = value", or more of the last key's value. */
static void
take_line (GHashTable *keys, char *line, GString **last)
{
  if (line[0] == ' ' || line[0] == '\t') {
    if (*last != NULL)
      g_string_append_printf (*last, "\n%s", g_strstrip (line));
    return;
  }
  char *sign = strchr (line, '=');
  if (sign == NULL)
    return;
  *sign = '\0';
  char *key = g_ascii_strdown (g_strstrip (line), -1);
  *last = g_string_new (g_strstrip (sign + 1));
  g_hash_table_replace (keys, key, *last);
}

GPtrArray *
ocs_yum_parse (const char *text, GHashTable *variables)
{
  GPtrArray *sources = g_ptr_array_new_with_free_func (source_free);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, string_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *id = NULL;
  GString *last = NULL;
  for (guint i = 0; lines[i] != NULL; i++) {
    char *line = g_strchomp (lines[i]);
    gsize length = strlen (line);
    if (line[0] == '#' || line[0] == ';' || length == 0)
      continue;
    if (line[0] != '[' || line[length - 1] != ']') {
      take_line (keys, line, &last);
      continue;
    }
    close_section (id, keys, variables, sources);
    g_hash_table_remove_all (keys);
    last = NULL;
    g_free (id);
    id = g_strndup (line + 1, length - 2);
  }
  close_section (id, keys, variables, sources);
  return sources;
}
