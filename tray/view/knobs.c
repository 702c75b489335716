/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-knobs"
#include "tray/view/knobs.h"
#include "ipc/json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
knob_free (gpointer data)
{
  OcsKnob *knob = data;

  g_free (knob->section);
  g_free (knob->key);
  g_free (knob->value);
  g_free (knob->fallback);
  g_free (knob->help);
  g_free (knob->place);
  g_strfreev (knob->choices);
  if (knob->edited != NULL)
    explicit_bzero (knob->edited, strlen (knob->edited));
  g_free (knob->edited);
  g_free (knob);
}

static OcsKnobKind
kind_of (const char *name)
{
  static const struct {
    const char *name;
    OcsKnobKind kind;
  } kinds[] = {{"bool", OCS_KNOB_FLAG}, {"number", OCS_KNOB_NUMBER}, {"choice", OCS_KNOB_CHOICE}, {"secret", OCS_KNOB_SECRET}};

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (name, kinds[i].name) == 0)
      return kinds[i].kind;
  return OCS_KNOB_TEXT;
}

static char *
text_of (JsonObject *setting, const char *member)
{
  const char *text = ocs_json_string (setting, member);

  return g_strdup (text != NULL ? text : "");
}

/* The worker says it in English, in words that the catalogue has; what a newer one says stays so. */
static char *
help_of (JsonObject *setting)
{
  const char *help = ocs_json_string (setting, "help");

  return g_strdup (help != NULL && *help != '\0' ? g_dgettext (GETTEXT_PACKAGE, help) : "");
}

static GStrv
choices_of (JsonObject *setting)
{
  JsonArray *array = ocs_json_array (setting, "choices");
  GPtrArray *choices = g_ptr_array_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_string (node) != NULL)
      g_ptr_array_add (choices, g_strdup (json_node_get_string (node)));
  }
  g_ptr_array_add (choices, NULL);
  return (GStrv)g_ptr_array_free (choices, FALSE);
}

static OcsKnob *
knob_new (JsonObject *setting, const char *config)
{
  OcsKnob *knob = g_new0 (OcsKnob, 1);
  const char *source = ocs_json_string (setting, "source");

  knob->kind = kind_of (ocs_json_string (setting, "kind"));
  knob->section = text_of (setting, "section");
  knob->key = text_of (setting, "key");
  knob->value = text_of (setting, "value");
  knob->fallback = g_strdup (ocs_json_string (setting, "fallback"));
  knob->help = help_of (setting);
  knob->choices = choices_of (setting);
  knob->minimum = ocs_json_int (setting, "minimum", G_MININT64);
  knob->maximum = ocs_json_int (setting, "maximum", G_MAXINT64);
  knob->is_set = ocs_json_bool (setting, "set", FALSE);
  knob->is_hidden = ocs_json_bool (setting, "hidden", FALSE);
  if (knob->is_set && source != NULL && !g_str_has_suffix (source, config))
    knob->place = g_strdup (source);
  return knob;
}

GPtrArray *
ocs_knobs_parse (JsonObject *reply, const char *config)
{
  JsonArray *settings = ocs_json_array (reply, "settings");
  GPtrArray *knobs = g_ptr_array_new_with_free_func (knob_free);

  for (guint i = 0; settings != NULL && i < json_array_get_length (settings); i++) {
    JsonNode *node = json_array_get_element (settings, i);
    JsonObject *setting = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

    if (setting != NULL && ocs_json_string (setting, "key") != NULL && g_strcmp0 (ocs_json_string (setting, "kind"), "ignored") != 0)
      g_ptr_array_add (knobs, knob_new (setting, config));
  }
  return knobs;
}

const char *
ocs_knob_shown (const OcsKnob *knob)
{
  return knob->edited != NULL ? knob->edited : knob->value;
}

gboolean
ocs_knob_is_on (const OcsKnob *knob)
{
  const char *text = ocs_knob_shown (knob);

  if (*text == '\0' && knob->fallback != NULL)
    text = knob->fallback;
  return *text != '\0' && strcmp (text, "0") != 0;
}

char *
ocs_knob_words (const OcsKnob *knob)
{
  const char *text = knob->is_set ? knob->value : knob->fallback;
  g_autofree char *value = NULL;

  if (knob->kind == OCS_KNOB_SECRET)
    return g_strdup (knob->is_set ? C_ ("a login", "is set") : C_ ("a setting", "not set"));
  if (knob->is_set && *knob->value == '\0')
    return g_strdup (knob->is_hidden ? _ ("is set, but not shown to you") : C_ ("a setting", "not set"));
  if (text == NULL || *text == '\0')
    return g_strdup (C_ ("a setting", "not set"));
  value = knob->kind == OCS_KNOB_FLAG
              ? g_strdup_printf (ocs_knob_is_on (knob) ? C_ ("a setting", "on (%s)") : C_ ("a setting", "off (%s)"), text)
              : g_strdup (text);
  return knob->is_set ? g_steal_pointer (&value) : g_strdup_printf (_ ("%s, as nothing is set"), value);
}

void
ocs_knob_edit (OcsKnob *knob, const char *text)
{
  g_autofree char *old = g_steal_pointer (&knob->edited);
  gboolean same = strcmp (text, knob->value) == 0;

  if (old != NULL)
    explicit_bzero (old, strlen (old));
  if (knob->kind == OCS_KNOB_FLAG && !knob->is_set && g_strcmp0 (text, knob->fallback) == 0)
    same = TRUE;
  if (!same)
    knob->edited = g_strdup (text);
}

char *
ocs_knob_problem (const OcsKnob *knob)
{
  gint64 number = 0;

  if (knob->edited == NULL || *knob->edited == '\0' || knob->kind != OCS_KNOB_NUMBER)
    return NULL;
  if (g_ascii_string_to_signed (knob->edited, 10, knob->minimum, knob->maximum, &number, NULL))
    return NULL;
  g_autofree char *least = g_strdup_printf ("%" G_GINT64_FORMAT, knob->minimum);
  g_autofree char *most = g_strdup_printf ("%" G_GINT64_FORMAT, knob->maximum);
  return g_strdup_printf (_ ("Write a number from %s to %s."), least, most);
}

gboolean
ocs_knob_matches (const OcsKnob *knob, const char *sought)
{
  g_autofree char *all = g_strdup_printf ("[%s]%s %s", knob->section, knob->key, knob->help);
  g_autofree char *folded = g_utf8_casefold (all, -1);
  g_autofree char *word = sought != NULL ? g_utf8_casefold (sought, -1) : NULL;

  return word == NULL || strstr (folded, word) != NULL;
}

gboolean
ocs_knobs_can_save (const GPtrArray *knobs)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < knobs->len; i++) {
    const OcsKnob *knob = knobs->pdata[i];
    g_autofree char *problem = ocs_knob_problem (knob);

    if (problem != NULL)
      return FALSE;
    changed |= knob->edited != NULL;
  }
  return changed;
}

gboolean
ocs_knobs_touch_way (const GPtrArray *knobs)
{
  for (guint i = 0; i < knobs->len; i++) {
    const OcsKnob *knob = knobs->pdata[i];

    if (knob->edited != NULL
        && (g_ascii_strcasecmp (knob->section, "HTTP") == 0 || g_str_has_prefix (knob->key, "Proxy")
            || g_str_has_prefix (knob->key, "Direct") || g_str_has_prefix (knob->key, "Client")
            || g_ascii_strcasecmp (knob->key, "SystemCa") == 0))
      return TRUE;
  }
  return FALSE;
}

JsonArray *
ocs_knobs_assignments (const GPtrArray *knobs)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < knobs->len; i++) {
    const OcsKnob *knob = knobs->pdata[i];
    g_autofree char *key = g_strdup_printf ("[%s]%s", knob->section, knob->key);
    JsonObject *one;

    if (knob->edited == NULL)
      continue;
    one = json_object_new ();
    json_object_set_string_member (one, "key", key);
    if (*knob->edited != '\0')
      json_object_set_string_member (one, "value", knob->edited);
    json_array_add_object_element (array, one);
  }
  return array;
}
