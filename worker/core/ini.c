/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/ini.h"
#include "worker/core/text.h"
#include "worker/core/vault.h"

#include <string.h>

#define WARNINGS_MAX 50

struct _OcsIni {
  GPtrArray *entries;  /* owned; element-type OcsIniEntry */
  GHashTable *index;   /* owned; "section\nkey" in lower case → OcsIniEntry (borrowed: in entries) */
  GPtrArray *warnings; /* owned; element-type char* */
};

static void
entry_free (gpointer data)
{
  OcsIniEntry *entry = data;

  g_free (entry->section);
  g_free (entry->key);
  ocs_secret_free (entry->value);
  g_free (entry->source);
  g_free (entry);
}

static char *
index_key (const char *section, const char *key)
{
  g_autofree char *joined = g_strconcat (section, "\n", key, NULL);

  return g_ascii_strdown (joined, -1);
}

static void G_GNUC_PRINTF (3, 4) warn (OcsIni *ini, guint line, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  if (ini->warnings->len > WARNINGS_MAX)
    return;
  if (ini->warnings->len == WARNINGS_MAX) {
    g_ptr_array_add (ini->warnings, g_strdup_printf ("line %u: and more after this line: mend the file", line));
    return;
  }
  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (ini->warnings, g_strdup_printf ("line %u: %s", line, what));
}

static gboolean
is_dirty (const char *line)
{
  for (; *line != '\0'; line++)
    if (g_ascii_iscntrl (*line) && *line != '\t')
      return TRUE;
  return FALSE;
}

/* Windows drops one pair of quotes around a whole value. */
static void
unquote (char *value)
{
  gsize length = strlen (value);

  if (length >= 2 && (value[0] == '"' || value[0] == '\'') && value[length - 1] == value[0]) {
    memmove (value, value + 1, length - 2);
    value[length - 2] = '\0';
  }
}

/* [Name]; a missing bracket is forgiven, as the keys below would otherwise land in the section before. */
static char *
read_section (OcsIni *ini, const char *text, guint line)
{
  const char *end = strchr (text, ']');
  g_autofree char *rest = NULL;

  if (end == NULL) {
    warn (ini, line, "the section has no ] at its end");
    return g_strstrip (g_strdup (text + 1));
  }
  rest = g_strstrip (g_strdup (end + 1));
  if (*rest != '\0' && *rest != ';' && *rest != '#')
    warn (ini, line, "what stands behind ] is ignored");
  return g_strstrip (g_strndup (text + 1, (gsize)(end - text - 1)));
}

static void
add_entry (OcsIni *ini, const char *section, const char *text, guint line)
{
  const char *equals = strchr (text, '=');
  g_autofree char *name = equals != NULL ? g_strchomp (g_strndup (text, (gsize)(equals - text))) : NULL;
  g_autofree char *wanted = NULL;
  OcsIniEntry *entry, *first;

  if (name == NULL || *name == '\0') {
    warn (ini, line, "is neither [section] nor key=value nor a comment and is left out");
    return;
  }
  if (is_dirty (text)) {
    warn (ini, line, "holds a control character and is left out");
    return;
  }
  if (section == NULL) {
    warn (ini, line, "%s= stands before any [section] and is left out", name);
    return;
  }
  wanted = index_key (section, name);
  first = g_hash_table_lookup (ini->index, wanted);
  if (first != NULL) {
    warn (ini, line, "%s= stands on line %u already, which counts", name, first->line);
    return;
  }
  entry = g_new0 (OcsIniEntry, 1);
  entry->section = g_strdup (section);
  entry->key = g_steal_pointer (&name);
  entry->value = g_strstrip (g_strdup (equals + 1));
  entry->line = line;
  unquote (entry->value);
  g_ptr_array_add (ini->entries, entry);
  g_hash_table_insert (ini->index, g_steal_pointer (&wanted), entry);
}

/* Ends the line at *next and moves *next to the one behind it; NULL after the last. */
static char *
take_line (char **next)
{
  char *line = *next;
  char *end;

  if (line == NULL)
    return NULL;
  end = line + strcspn (line, "\r\n");
  if (*end == '\0') {
    *next = NULL;
    return line;
  }
  *next = end + (end[0] == '\r' && end[1] == '\n' ? 2 : 1);
  *end = '\0';
  return line;
}

OcsIni *
ocs_ini_parse (const char *bytes, gsize length, GPtrArray *warnings)
{
  OcsIni *ini = g_new0 (OcsIni, 1);
  char *text = ocs_text_from_file (bytes, length);
  g_autofree char *section = NULL;
  char *next = text;
  char *line;

  ini->entries = g_ptr_array_new_with_free_func (entry_free);
  ini->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ini->warnings = g_ptr_array_new_with_free_func (g_free);
  for (guint number = 1; (line = take_line (&next)) != NULL; number++) {
    g_strstrip (line);
    if (*line == '\0' || *line == ';' || *line == '#')
      continue;
    if (*line == '[') {
      g_free (section);
      section = read_section (ini, line, number);
    } else
      add_entry (ini, section, line, number);
  }
  ocs_secret_free (text);
  for (guint i = 0; warnings != NULL && i < ini->warnings->len; i++)
    g_ptr_array_add (warnings, g_strdup (ini->warnings->pdata[i]));
  return ini;
}

void
ocs_ini_free (OcsIni *ini)
{
  if (ini == NULL)
    return;
  g_hash_table_unref (ini->index);
  g_ptr_array_unref (ini->entries);
  g_ptr_array_unref (ini->warnings);
  g_free (ini);
}

void
ocs_ini_overlay (OcsIni *ini, OcsIni *drop_in, const char *name)
{
  for (guint i = 0; i < drop_in->warnings->len; i++)
    g_ptr_array_add (ini->warnings, g_strdup_printf ("%s %s", name, (const char *)drop_in->warnings->pdata[i]));
  while (drop_in->entries->len > 0) {
    OcsIniEntry *entry = g_ptr_array_steal_index (drop_in->entries, 0);
    char *wanted = index_key (entry->section, entry->key);
    OcsIniEntry *before = g_hash_table_lookup (ini->index, wanted);

    entry->source = g_strdup (name);
    g_hash_table_replace (ini->index, wanted, entry);
    if (before != NULL)
      g_ptr_array_remove (ini->entries, before);
    g_ptr_array_add (ini->entries, entry);
  }
  ocs_ini_free (drop_in);
}

void
ocs_ini_warn (OcsIni *ini, const char *warning)
{
  g_ptr_array_add (ini->warnings, g_strdup (warning));
}

static const OcsIniEntry *
find (const OcsIni *ini, const char *section, const char *key)
{
  g_autofree char *wanted = index_key (section, key);

  return g_hash_table_lookup (ini->index, wanted);
}

const char *
ocs_ini_get (const OcsIni *ini, const char *section, const char *key)
{
  const OcsIniEntry *entry = find (ini, section, key);

  return entry != NULL ? entry->value : NULL;
}

char *
ocs_ini_where (const OcsIni *ini, const char *section, const char *key)
{
  const OcsIniEntry *entry = find (ini, section, key);

  if (entry == NULL)
    return NULL;
  return entry->source != NULL ? g_strdup_printf ("%s line %u", entry->source, entry->line) : g_strdup_printf ("line %u", entry->line);
}

const char *
ocs_ini_source (const OcsIni *ini, const char *section, const char *key)
{
  const OcsIniEntry *entry = find (ini, section, key);

  return entry != NULL ? entry->source : NULL;
}

const GPtrArray *
ocs_ini_entries (const OcsIni *ini)
{
  return ini->entries;
}

const GPtrArray *
ocs_ini_warnings (const OcsIni *ini)
{
  return ini->warnings;
}
