/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make-keys TEMPLATE: prints the manual page with the line @KEYS@ replaced by the worker's own table of keys, so that page and program
 * cannot differ. Runs at build time only. */
#define G_LOG_DOMAIN "make-keys"
#include "worker/core/settings.h"
#include <stdio.h>
#include <string.h>

#define MARK "@KEYS@\n"

/* text as one argument of a macro, or as a line: no request, no escape, and no full stop taken for the end of a sentence. */
static char *
escape (const char *text)
{
  g_autoptr (GString) line = g_string_new (text);
  g_string_replace (line, "\\", "\\e", 0);
  g_string_replace (line, "\"", "\\(dq", 0);
  if (*text == '.' || *text == '\'')
    g_string_prepend (line, "\\&");
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static const char *
describe_type (OcsSettingsType type)
{
  switch (type) {
  case OCS_SETTINGS_BOOL:
    return "0 or 1";
  case OCS_SETTINGS_INT:
    return "number";
  case OCS_SETTINGS_TEXT:
    return "text";
  case OCS_SETTINGS_PATH:
    return "path";
  case OCS_SETTINGS_HOSTS:
    return "host names, commas between";
  case OCS_SETTINGS_SERVER:
    return "URL";
  case OCS_SETTINGS_PROXY:
    return "host";
  case OCS_SETTINGS_CHOICE:
    return "name";
  case OCS_SETTINGS_SECRET:
    return "encrypted";
  case OCS_SETTINGS_IGNORED:
    return "ignored here";
  }
  return "";
}

static void
print_key (const OcsSettingsKey *key)
{
  g_autofree char *name = escape (key->key);
  g_autofree char *meaning = escape (key->meaning);
  printf (".It Cm %s Pq %s", name, describe_type (key->type));
  if (key->type == OCS_SETTINGS_INT)
    printf (" from %d to %d", key->minimum, key->maximum);
  if (key->fallback) {
    g_autofree char *fallback = escape (key->fallback);
    printf (" , default %s", fallback);
  }
  if (key->choices) {
    g_autofree char *known = g_strjoinv (", ", (GStrv)key->choices);
    printf (" , one of: %s", known);
  }
  printf ("\n%s\n", meaning);
}

/* The Windows agent does not know it: its own sections begin with its name, or are that of its transport. */
static gboolean
is_new (const char *section)
{
  return !g_str_equal (section, "HTTP") && !g_str_has_prefix (section, "OCS Inventory ");
}

static void
print_keys (void)
{
  const char *section = NULL;
  for (const OcsSettingsKey *key = ocs_settings_keys (); key->section; key++) {
    if (g_strcmp0 (section, key->section) != 0) {
      g_autofree char *title = escape (key->section);
      printf ("%s.Ss Section %s\n%s.Bl -tag -width Ds\n", section ? ".El\n" : "", title,
              is_new (key->section) ? "New: the Windows agent passes over this section.\n" : "");
      section = key->section;
    }
    print_key (key);
  }
  if (section)
    printf (".El\n");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *page = NULL;
  if (argc != 2) {
    g_printerr ("usage: make-keys TEMPLATE\n");
    return 2;
  }
  if (!g_file_get_contents (argv[1], &page, NULL, &error)) {
    g_printerr ("make-keys: %s\n", error->message);
    return 1;
  }
  char *mark = strstr (page, MARK);
  if (mark == NULL) {
    g_printerr ("make-keys: %s has no line @KEYS@: add it where the keys belong\n", argv[1]);
    return 1;
  }
  *mark = '\0';
  fputs (page, stdout);
  print_keys ();
  fputs (mark + strlen (MARK), stdout);
  return fflush (stdout) == 0 ? 0 : 1;
}
