/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-perlstate"
#include "worker/core/perlstate.h"
#include "worker/core/deviceid.h"
#include "worker/core/pair.h"
#include "worker/core/text.h"
#include "worker/core/url.h"

#include <string.h>

#define PAIRS_MAX 200
#define HISTORY_MAX 10000

/* Flat XML: what is wanted are texts of elements, and where the element around them ends. */
typedef struct {
  GString *text; /* owned; of the innermost element */
  char *name;    /* owned, nullable; KEYNAME that waits for its KEYVALUE */
  char *value;   /* owned, nullable */
  const char *wanted;
  char *found; /* owned, nullable */
  GPtrArray *pairs;
} Reader;

static void
on_start (GMarkupParseContext *context, const char *element, const char **names, const char **values, gpointer user_data, GError **error)
{
  g_string_truncate (((Reader *)user_data)->text, 0);
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
  g_string_append_len (((Reader *)user_data)->text, text, (gssize)length);
}

static void
take_pair (Reader *reader)
{
  if (reader->name != NULL && *reader->name != '\0' && reader->pairs->len < PAIRS_MAX)
    g_ptr_array_add (reader->pairs, ocs_pair_new (reader->name, reader->value != NULL ? reader->value : ""));
  g_clear_pointer (&reader->name, g_free);
  g_clear_pointer (&reader->value, g_free);
}

static void
on_end (GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
  Reader *reader = user_data;
  g_autofree char *text = g_strstrip (g_strdup (reader->text->str));

  g_string_truncate (reader->text, 0);
  if (g_str_equal (element, "ACCOUNTINFO"))
    take_pair (reader);
  else if (g_str_equal (element, "KEYNAME") && reader->name == NULL)
    reader->name = g_steal_pointer (&text);
  else if (g_str_equal (element, "KEYVALUE") && reader->value == NULL)
    reader->value = g_steal_pointer (&text);
  else if (g_strcmp0 (element, reader->wanted) == 0 && reader->found == NULL && *text != '\0')
    reader->found = g_steal_pointer (&text);
}

/* What was read before a fault counts: these files are written in place, and a crash may have cut them short. */
static void
read_markup (Reader *reader, const char *bytes, gsize length)
{
  const GMarkupParser parser = {.start_element = on_start, .end_element = on_end, .text = on_text};
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, G_MARKUP_DEFAULT_FLAGS, reader, NULL);
  g_autofree char *text = ocs_text_from_file (bytes, length);

  reader->text = g_string_new (NULL);
  if (g_markup_parse_context_parse (context, text, -1, NULL))
    g_markup_parse_context_end_parse (context, NULL);
  g_string_free (reader->text, TRUE);
  g_free (reader->name);
  g_free (reader->value);
}

char *
ocs_perlstate_folder (const char *server)
{
  char *name = strstr (server, "://") != NULL ? g_strdup (server) : g_strconcat ("http://", server, "/ocsinventory", NULL);

  return g_strdelimit (name, "/", '_');
}

char *
ocs_perlstate_conf (const char *bytes, gsize length, const char *element)
{
  g_autoptr (GPtrArray) pairs = ocs_pairs_new ();
  Reader reader = {.wanted = element, .pairs = pairs};

  read_markup (&reader, bytes, length);
  return reader.found;
}

GPtrArray *
ocs_perlstate_account (const char *bytes, gsize length)
{
  Reader reader = {.pairs = ocs_pairs_new ()};

  read_markup (&reader, bytes, length);
  return reader.pairs;
}

GPtrArray *
ocs_perlstate_history (const char *bytes, gsize length)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = ocs_text_from_bytes (bytes, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL && ids->len < HISTORY_MAX; i++)
    if (ocs_url_id_is_valid (g_strstrip (lines[i])) && !g_ptr_array_find_with_equal_func (ids, lines[i], g_str_equal, NULL))
      g_ptr_array_add (ids, g_strdup (lines[i]));
  return ids;
}

GPtrArray *
ocs_perlstate_modules (const char *bytes, gsize length)
{
  GPtrArray *modules = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = ocs_text_from_bytes (bytes, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = g_strstrip (lines[i]);
    g_autofree char *name = NULL;

    if (!g_str_has_prefix (line, "use Ocsinventory::"))
      continue;
    name = g_strndup (line + strlen ("use "), strcspn (line + strlen ("use "), "; \t("));
    if (!g_str_equal (name, "Ocsinventory::Agent::Modules::Download"))
      g_ptr_array_add (modules, g_steal_pointer (&name));
  }
  return modules;
}

gboolean
ocs_perlstate_is_ours (const char *deviceid, const char *hostname)
{
  g_autofree char *start = g_strdup_printf ("%.*s-", (int)strcspn (hostname, "."), hostname);

  return ocs_deviceid_is_valid (deviceid) && g_str_has_prefix (deviceid, start)
         && strlen (deviceid) == strlen (start) + strlen ("YYYY-MM-DD-hh-mm-ss");
}
