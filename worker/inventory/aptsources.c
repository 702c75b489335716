/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See aptsources.h. Must never let a login through. */
#include "worker/inventory/aptsources.h"
#include <string.h>

/* The options that are shown, as one-line entries and as stanzas call them. */
static const char *const shown[][2] = {
    {"arch", "Architectures"}, {"signed-by", "Signed-By"}, {"trusted", "Trusted"}, {"allow-insecure", "Allow-Insecure"}};

static void
source_free (gpointer data)
{
  OcsAptSource *source = data;
  g_free (source->uri);
  g_free (source->suite);
  g_free (source->components);
  g_free (source->options);
  g_free (source);
}

char *
ocs_apt_show_uri (const char *uri)
{
  const char *colon = strstr (uri, "://");
  const char *rest = colon == NULL ? uri : colon + 3;
  /* A password may hold '/', '?' or '#' where it should not: all up to the last '@' is taken for the login. */
  const char *at = colon == NULL ? NULL : strrchr (rest, '@');
  if (at != NULL)
    rest = at + 1;
  gsize keep = colon == NULL ? strlen (rest) : strcspn (rest, "?#");
  g_autofree char *scheme = colon == NULL ? g_strdup ("") : g_strndup (uri, (gsize)(colon + 3 - uri));
  g_autofree char *place = g_strndup (rest, keep);
  return g_strconcat (scheme, place, NULL);
}

static void
add_source (GPtrArray *sources, const char *uri, const char *suite, const char *components, const char *options)
{
  if (sources->len >= OCS_APT_SOURCES_MAX || *uri == '\0' || *suite == '\0')
    return;
  OcsAptSource *source = g_new0 (OcsAptSource, 1);
  source->uri = ocs_apt_show_uri (uri);
  source->suite = g_strdup (suite);
  source->components = g_strdup (components);
  source->options = g_strdup (options);
  g_ptr_array_add (sources, source);
}

static void
add_option (GString *options, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  gboolean is_key = strstr (value, "-----BEGIN") != NULL; /* a whole key stands in the stanza */
  g_string_append_printf (options, "%s%s=%s", options->len > 0 ? " " : "", name, is_key ? "(inline)" : value);
}

/* Takes the next word off *text: words may hold blanks in "…" and […], as in "cdrom:[Debian 12]/". NULL at the end of the line. */
static char *
take_word (const char **text)
{
  const char *at = *text;
  while (g_ascii_isspace (*at))
    at++;
  const char *start = at;
  char closing = '\0';
  for (; *at != '\0' && (closing != '\0' || (!g_ascii_isspace (*at) && *at != '#')); at++) {
    if (closing != '\0')
      closing = *at == closing ? '\0' : closing;
    else if (*at == '"')
      closing = '"';
    else if (*at == '[')
      closing = ']';
  }
  *text = at;
  return at == start ? NULL : g_strndup (start, (gsize)(at - start));
}

/* "[ arch=amd64,arm64 signed-by=… ]" */
static void
read_options (const char *word, GString *options)
{
  g_autofree char *inner = g_strndup (word + 1, strlen (word) - 1);
  g_strdelimit (inner, "]", ' ');
  g_auto (GStrv) parts = g_strsplit_set (inner, " \t", -1);
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    for (guint j = 0; parts[j] != NULL; j++) {
      gsize size = strlen (shown[i][0]);
      if (strncmp (parts[j], shown[i][0], size) == 0 && parts[j][size] == '=')
        add_option (options, shown[i][0], parts[j] + size + 1);
    }
}

static char *
without_quotes (char *word)
{
  gsize length = word == NULL ? 0 : strlen (word);
  if (length >= 2 && word[0] == '"' && word[length - 1] == '"') {
    word[length - 1] = '\0';
    memmove (word, word + 1, length - 1);
  }
  return word;
}

static void
parse_line (const char *line, GPtrArray *sources)
{
  g_autoptr (GString) options = g_string_new (NULL);
  g_autoptr (GString) components = g_string_new (NULL);
  g_autofree char *type = take_word (&line);
  if (g_strcmp0 (type, "deb") != 0)
    return;
  g_autofree char *first = take_word (&line);
  gboolean has_options = first != NULL && first[0] == '[';
  if (has_options)
    read_options (first, options);
  g_autofree char *uri = without_quotes (has_options ? take_word (&line) : g_steal_pointer (&first));
  g_autofree char *suite = without_quotes (take_word (&line));
  for (char *word = take_word (&line); word != NULL; word = take_word (&line)) {
    g_string_append_printf (components, "%s%s", components->len > 0 ? " " : "", word);
    g_free (word);
  }
  if (uri != NULL && suite != NULL)
    add_source (sources, uri, suite, components->str, options->str);
}

GPtrArray *
ocs_apt_parse_list (const char *text)
{
  GPtrArray *sources = g_ptr_array_new_with_free_func (source_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    parse_line (lines[i], sources);
  return sources;
}

/* Blanks and line ends become one blank each, none at the ends. */
static char *
join_words (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) words = g_strsplit_set (text == NULL ? "" : text, " \t\n\r", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", words[i]);
  return g_strdup (out->str);
}

static gboolean
has_word (const char *text, const char *word)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  return g_strv_contains ((const char *const *)words, word);
}

static gboolean
is_no (const char *text)
{
  static const char *const no[] = {"no", "false", "off", "0", "without", "disable", NULL}; /* apt's StringToBool */
  g_autofree char *lower = g_ascii_strdown (text, -1);
  return g_strv_contains (no, lower);
}

/* fields: name in lower case → value with its line ends. */
static void
add_stanza (GHashTable *fields, GPtrArray *sources)
{
  g_autoptr (GString) options = g_string_new (NULL);
  g_autofree char *types = join_words (g_hash_table_lookup (fields, "types"));
  g_autofree char *enabled = join_words (g_hash_table_lookup (fields, "enabled"));
  g_autofree char *uris = join_words (g_hash_table_lookup (fields, "uris"));
  g_autofree char *suites = join_words (g_hash_table_lookup (fields, "suites"));
  g_autofree char *components = join_words (g_hash_table_lookup (fields, "components"));
  if (!has_word (types, "deb") || is_no (enabled))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++) {
    g_autofree char *name = g_ascii_strdown (shown[i][1], -1);
    g_autofree char *value = join_words (g_hash_table_lookup (fields, name));
    g_strdelimit (value, " ", ',');
    add_option (options, shown[i][0], value);
  }
  g_auto (GStrv) each_uri = g_strsplit (uris, " ", -1);
  g_auto (GStrv) each_suite = g_strsplit (suites, " ", -1);
  for (guint i = 0; each_uri[i] != NULL && sources->len < OCS_APT_SOURCES_MAX; i++)
    for (guint j = 0; each_suite[j] != NULL && sources->len < OCS_APT_SOURCES_MAX; j++)
      add_source (sources, each_uri[i], each_suite[j], components, options->str);
}

/* One line of a stanza; last: the name of the field that a line with a blank in front continues, NULL before the first. */
static void
take_field (GHashTable *fields, const char *line, const char **last)
{
  if (line[0] == ' ' || line[0] == '\t') {
    GString *value = *last == NULL ? NULL : g_hash_table_lookup (fields, *last);
    if (value != NULL)
      g_string_append_printf (value, "\n%s", line);
    return;
  }
  const char *colon = strchr (line, ':');
  if (colon == NULL)
    return;
  g_autofree char *exact = g_strndup (line, (gsize)(colon - line));
  char *name = g_ascii_strdown (g_strstrip (exact), -1);
  g_hash_table_replace (fields, name, g_string_new (colon + 1));
  *last = name;
}

static void
string_free (gpointer data)
{
  g_string_free (data, TRUE);
}

/* The same fields as plain texts. */
static void
close_stanza (GHashTable *fields, GPtrArray *sources)
{
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iterator;
  gpointer name = NULL;
  gpointer value = NULL;
  g_hash_table_iter_init (&iterator, fields);
  while (g_hash_table_iter_next (&iterator, &name, &value))
    g_hash_table_insert (texts, name, ((GString *)value)->str);
  add_stanza (texts, sources);
  g_hash_table_remove_all (fields);
}

GPtrArray *
ocs_apt_parse_deb822 (const char *text)
{
  GPtrArray *sources = g_ptr_array_new_with_free_func (source_free);
  g_autoptr (GHashTable) fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, string_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  const char *last = NULL;
  for (guint i = 0; lines[i] != NULL; i++) {
    gboolean is_blank = lines[i][strspn (lines[i], " \t\r")] == '\0';
    if (is_blank) {
      close_stanza (fields, sources);
      last = NULL;
    } else if (lines[i][0] != '#') {
      take_field (fields, lines[i], &last);
    }
  }
  close_stanza (fields, sources);
  return sources;
}
