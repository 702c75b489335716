/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-admin"
#include "worker/admin.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/configure.h"
#include "worker/core/import.h"
#include "worker/io/inifiles.h"
#include "worker/io/journal.h"
#include <string.h>

static const char *
kind_name (OcsSettingsType type)
{
  switch (type) {
  case OCS_SETTINGS_BOOL:
    return "bool";
  case OCS_SETTINGS_INT:
    return "number";
  case OCS_SETTINGS_TEXT:
    return "text";
  case OCS_SETTINGS_PATH:
    return "path";
  case OCS_SETTINGS_HOSTS:
    return "hosts";
  case OCS_SETTINGS_SERVER:
    return "server";
  case OCS_SETTINGS_PROXY:
    return "proxy";
  case OCS_SETTINGS_CHOICE:
    return "choice";
  case OCS_SETTINGS_SECRET:
    return "secret";
  case OCS_SETTINGS_IGNORED:
    return "ignored";
  }
  return "text";
}

/* Whatever its kind, a login in an address is not shown. */
static gboolean
may_show (const OcsSettingsKey *key, const char *value, OcsRightsClass rights)
{
  return !ocs_rights_hides_setting (key, rights) && strchr (value, '@') == NULL && strstr (value, "|||") == NULL;
}

static JsonObject *
describe_key (const OcsSettingsKey *key, const OcsIni *ini, const char *path, OcsRightsClass rights)
{
  JsonObject *object = json_object_new ();
  const char *value = ocs_ini_get (ini, key->section, key->key);
  const char *drop_in = ocs_ini_source (ini, key->section, key->key);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *source = drop_in != NULL ? g_build_filename (folder, drop_in, NULL) : g_strdup (path);
  gboolean set = value != NULL && *value != '\0';

  json_object_set_string_member (object, "section", key->section);
  json_object_set_string_member (object, "key", key->key);
  json_object_set_string_member (object, "kind", kind_name (key->type));
  if (set && may_show (key, value, rights))
    json_object_set_string_member (object, "value", value);
  else if (set)
    json_object_set_boolean_member (object, "hidden", TRUE);
  json_object_set_boolean_member (object, "set", set);
  ocs_json_set_string (object, "fallback", key->fallback);
  json_object_set_int_member (object, "minimum", key->minimum);
  json_object_set_int_member (object, "maximum", key->maximum);
  if (key->choices != NULL) {
    JsonArray *choices = json_array_new ();

    for (guint i = 0; key->choices[i] != NULL; i++)
      json_array_add_string_element (choices, key->choices[i]);
    json_object_set_array_member (object, "choices", choices);
  }
  json_object_set_string_member (object, "help", key->meaning);
  if (set && rights >= OCS_RIGHTS_SEAT)
    json_object_set_string_member (object, "source", source);
  return object;
}

void
ocs_admin_get_settings (OcsCall *call, OcsRightsClass rights, const OcsAdmin *admin)
{
  const OcsSite *site = admin->site;
  g_autofree char *unreadable = NULL;
  g_autoptr (OcsIni) ini = ocs_inifiles_load (site->setup->path, &unreadable);
  JsonObject *reply = json_object_new ();
  JsonArray *settings = json_array_new ();

  for (const OcsSettingsKey *key = ocs_settings_keys (); key->section != NULL; key++)
    json_array_add_object_element (settings, describe_key (key, ini, site->setup->path, rights));
  json_object_set_array_member (reply, "settings", settings);
  ocs_call_reply (call, reply);
}

static void
add_strings (JsonObject *reply, const char *member, const GPtrArray *texts)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < texts->len; i++)
    json_array_add_string_element (array, texts->pdata[i]);
  json_object_set_array_member (reply, member, array);
}

/* Names only: a value may be a login. */
static void
log_change (OcsCall *call, const OcsConfigured *done)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < done->changed->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", (const char *)done->changed->pdata[i]);
  if (names->len > 0)
    g_message ("configured by user %u: %s", (guint)ocs_call_peer (call)->uid, names->str);
}

/* NULL once the call is ended with an error. */
static OcsConfigured *
configure (OcsAdmin *admin, OcsCall *call, const GPtrArray *assigns, gboolean check)
{
  const OcsSetup *setup = admin->site->setup;
  g_autoptr (GError) error = NULL;
  OcsConfigured *done = ocs_configure (setup->path, setup->state_dir, assigns, check, &error);

  if (done == NULL) {
    ocs_call_fail (call, error);
    return NULL;
  }
  if (!check && done->changed->len > 0) {
    log_change (call, done);
    ocs_agent_reload (admin->agent);
  }
  return done;
}

static gboolean
read_assigns (JsonArray *values, GPtrArray *assigns, GError **error)
{
  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++) {
    JsonNode *node = json_array_get_element (values, i);
    JsonObject *one = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    const char *key = one != NULL ? ocs_json_string (one, "key") : NULL;
    OcsAssign *assign = key != NULL ? ocs_assign_new (key, ocs_json_string (one, "value"), error) : NULL;

    if (assign == NULL && (key == NULL || error == NULL)) {
      g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "each of the values is an object with a key");
      return FALSE;
    }
    if (assign == NULL)
      return FALSE;
    g_ptr_array_add (assigns, assign);
  }
  return TRUE;
}

void
ocs_admin_configure (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  g_autoptr (GPtrArray) assigns = ocs_assigns_new ();
  g_autoptr (OcsConfigured) done = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *reply;

  if (!read_assigns (ocs_json_array (parameters, "values"), assigns, &error)) {
    ocs_call_fail (call, error);
    return;
  }
  ocs_assigns_complete (assigns);
  done = configure (user_data, call, assigns, ocs_json_bool (parameters, "check", FALSE));
  if (done == NULL)
    return;
  reply = json_object_new ();
  add_strings (reply, "changed", done->changed);
  add_strings (reply, "warnings", done->warnings);
  ocs_call_reply (call, reply);
}

/* Without the value of a secret. */
static void
add_values (JsonObject *reply, const GPtrArray *assigns)
{
  JsonArray *values = json_array_new ();

  for (guint i = 0; i < assigns->len; i++) {
    const OcsAssign *assign = assigns->pdata[i];
    g_autofree char *name = g_strdup_printf ("[%s]%s", assign->key->section, assign->key->key);
    JsonObject *one = json_object_new ();

    json_object_set_string_member (one, "key", name);
    if (assign->value != NULL && may_show (assign->key, assign->value, OCS_RIGHTS_ADMIN))
      json_object_set_string_member (one, "value", assign->value);
    json_array_add_object_element (values, one);
  }
  json_object_set_array_member (reply, "values", values);
}

static OcsImport *
read_import (JsonObject *parameters, GError **error)
{
  const char *text = ocs_json_string (parameters, "text");
  OcsImportKind kind;

  if (text != NULL && ocs_import_kind_from_name (ocs_json_string (parameters, "kind"), &kind))
    return ocs_import_parse (text, strlen (text), kind);
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "an import is a text and its kind: ini, perl or environment");
  return NULL;
}

/* assign: transfer full. */
static void
add_unless_there (GPtrArray *assigns, OcsAssign *assign)
{
  for (guint i = 0; i < assigns->len; i++)
    if (((const OcsAssign *)assigns->pdata[i])->key == assign->key) {
      ocs_assign_free (assign);
      return;
    }
  g_ptr_array_add (assigns, assign);
}

OcsSetup *
ocs_admin_draft (OcsAdmin *admin, JsonObject *parameters, GError **error)
{
  const OcsSetup *setup = admin->site->setup;
  g_autoptr (GPtrArray) assigns = ocs_assigns_new ();
  g_autoptr (OcsImport) import = NULL;

  if (!read_assigns (ocs_json_array (parameters, "values"), assigns, error))
    return NULL;
  ocs_assigns_complete (assigns);
  if (ocs_json_string (parameters, "text") != NULL) {
    import = read_import (parameters, error);
    if (import == NULL)
      return NULL;
    while (import->values->len > 0)
      add_unless_there (assigns, g_ptr_array_steal_index (import->values, 0));
  }
  return ocs_configure_draft (setup->path, setup->state_dir, assigns, error);
}

void
ocs_admin_import (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsImport) import = read_import (parameters, &error);
  g_autoptr (OcsConfigured) done = NULL;
  JsonObject *reply;

  if (import == NULL) {
    ocs_call_fail (call, error);
    return;
  }
  done = configure (user_data, call, import->values, ocs_json_bool (parameters, "check", FALSE));
  if (done == NULL)
    return;
  for (guint i = 0; i < done->warnings->len; i++)
    g_ptr_array_add (import->warnings, g_strdup (done->warnings->pdata[i]));
  reply = json_object_new ();
  add_values (reply, import->values);
  add_strings (reply, "changed", done->changed);
  add_strings (reply, "warnings", import->warnings);
  add_strings (reply, "left_out", import->left_out);
  ocs_call_reply (call, reply);
}

void
ocs_admin_drop_package (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsAdmin *admin = user_data;
  const char *id = ocs_json_string (parameters, "id");
  g_autoptr (GError) error = NULL;

  if (!ocs_agent_drop (admin->agent, id != NULL ? id : "", &error)) {
    ocs_call_fail (call, error);
    return;
  }
  ocs_journal_say (G_LOG_LEVEL_MESSAGE, id, NULL, "package %s: dropped by user %u", id, (guint)ocs_call_peer (call)->uid);
  ocs_call_reply (call, json_object_new ());
}
