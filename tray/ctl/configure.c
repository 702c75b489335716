/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl configure, import, drop: what is an administrator's. Names and values are understood and checked by the worker; here only what the
 * command line of the Windows agent's set-up has beside KEY=VALUE. A password never comes by the command line, which everybody can read. */
#define G_LOG_DOMAIN "ocs-configure"
#include "ipc/error.h"
#include "ipc/json.h"
#include "tray/ctl/command.h"
#include "tray/ctl/secret.h"
#include "tray/ctl/sheet.h"
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

/* With the rest of the call it must fit into a message of the worker's socket. */
#define IMPORT_MAX (48 * 1024)

static void
add_value (JsonArray *values, const char *key, const char *value)
{
  JsonObject *one = json_object_new ();
  json_object_set_string_member (one, "key", key);
  json_object_set_string_member (one, "value", value);
  json_array_add_object_element (values, one);
}

static gboolean
is_one_of (const char *name, const char *const *names)
{
  for (; *names; names++)
    if (g_ascii_strcasecmp (name, *names) == 0)
      return TRUE;
  return FALSE;
}

/* An argument without "=". */
static gboolean
take_switch (JsonArray *values, const char *name, gboolean *now, GError **error)
{
  static const char *const flags[] = {"NOSOFTWARE", "NOTAG", "DEBUG", "HKCU", NULL};
  static const char *const windows[] = {"S", "NOSPLASH", "NO_SERVICE", "NO_SYSTRAY", "UPGRADE", NULL};
  if (g_ascii_strcasecmp (name, "NOW") == 0) {
    *now = TRUE;
    return TRUE;
  }
  if (is_one_of (name, flags)) {
    add_value (values, name, "1");
    return TRUE;
  }
  if (is_one_of (name, windows)) {
    g_printerr (_ ("ocsctl: %s means nothing here and is passed over\n"), name);
    return TRUE;
  }
  if (!ocs_secret_is_key (name)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "%s is neither KEY=VALUE nor NOW: see ocsctl(1)", name);
    return FALSE;
  }
  g_autofree char *secret = ocs_secret_prompt (name, error);
  if (secret == NULL)
    return FALSE;
  add_value (values, name, secret);
  memset (secret, 0, strlen (secret));
  return TRUE;
}

static gboolean
take_argument (JsonArray *values, const char *argument, gboolean *now, GError **error)
{
  const char *text = argument[0] == '/' ? argument + 1 : argument;
  const char *equals = strchr (text, '=');
  if (equals == NULL)
    return take_switch (values, text, now, error);
  g_autofree char *name = g_strndup (text, (gsize)(equals - text));
  if (ocs_secret_is_key (name) && equals[1] != '\0') {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA,
                 "%s on a command line is seen by everybody on this machine: name it without '=' to be asked, or give it by --secret-fd",
                 name);
    return FALSE;
  }
  add_value (values, name, equals + 1);
  return TRUE;
}

static gboolean
take_secrets (JsonArray *values, int fd, GError **error)
{
  g_autofree char *text = ocs_secret_read (fd, error);
  if (text == NULL)
    return FALSE;
  gsize length = strlen (text);
  for (char *line = text; line < text + length;) {
    char *end = strchrnul (line, '\n');
    *end = '\0';
    char *equals = strchr (line, '=');
    if (equals != NULL) {
      *equals = '\0';
      add_value (values, g_strstrip (line), g_strchomp (equals + 1));
    } else if (*g_strstrip (line) != '\0') {
      memset (text, 0, length);
      g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the descriptor of --secret-fd holds a line that is not KEY=VALUE");
      return FALSE;
    }
    line = end + 1;
  }
  memset (text, 0, length);
  return TRUE;
}

/* Lines for the reader, cleaned; start: what each begins with. */
static void
say (JsonObject *reply, const char *member, const char *start, FILE *where)
{
  JsonArray *lines = ocs_json_array (reply, member);
  for (guint i = 0; lines != NULL && i < json_array_get_length (lines); i++) {
    JsonNode *node = json_array_get_element (lines, i);
    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
      continue;
    g_autofree char *line = ocs_sheet_clean (json_node_get_string (node));
    fprintf (where, "%s%s\n", start, line);
  }
}

static void
report (OcsCtl *ctl, JsonObject *reply)
{
  if (ctl->json) {
    ocs_ctl_print_json (reply);
    return;
  }
  say (reply, "changed", ctl->check ? _ ("would change: ") : _ ("changed: "), stdout);
  say (reply, "left_out", _ ("left out: "), stderr);
  say (reply, "warnings", "ocsctl: ", stderr);
  fflush (stdout);
}

/* In the form of the file itself. */
static gboolean
show_settings (OcsCtl *ctl, GError **error)
{
  JsonObject *parameters = json_object_new ();
  json_object_set_boolean_member (parameters, "all", TRUE);
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "GetSettings", parameters, error);
  if (reply == NULL)
    return FALSE;
  if (ctl->json) {
    ocs_ctl_print_json (reply);
    return TRUE;
  }
  g_autoptr (GString) text = g_string_new (NULL);
  const char *section = NULL;
  JsonArray *settings = ocs_json_array (reply, "settings");
  for (guint i = 0; settings != NULL && i < json_array_get_length (settings); i++) {
    JsonNode *node = json_array_get_element (settings, i);
    JsonObject *one = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    if (one == NULL || !ocs_json_bool (one, "set", FALSE) || ocs_json_string (one, "section") == NULL
        || ocs_json_string (one, "key") == NULL)
      continue;
    if (g_strcmp0 (section, ocs_json_string (one, "section")) != 0) {
      g_string_append_printf (text, "%s[%s]\n", section ? "\n" : "", ocs_json_string (one, "section"));
      section = ocs_json_string (one, "section");
    }
    const char *value = ocs_json_string (one, "value");
    g_string_append_printf (text, value ? "%s%s=%s\n" : "%s%s=%s\n", value ? "" : "; ", ocs_json_string (one, "key"),
                            value ? value : "***");
  }
  g_autofree char *clean = ocs_sheet_clean (text->str);
  ocs_ctl_print (clean);
  return TRUE;
}

gboolean
ocs_command_configure (OcsCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (JsonArray) values = json_array_new ();
  gboolean now = FALSE;
  if (arguments[0] == NULL && ctl->secret_fd < 0)
    return show_settings (ctl, error);
  for (guint i = 0; arguments[i]; i++)
    if (!take_argument (values, arguments[i], &now, error))
      return FALSE;
  if (ctl->secret_fd >= 0 && !take_secrets (values, ctl->secret_fd, error))
    return FALSE;
  JsonObject *parameters = json_object_new ();
  json_object_set_array_member (parameters, "values", json_array_ref (values));
  json_object_set_boolean_member (parameters, "check", ctl->check);
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "Configure", parameters, error);
  if (reply == NULL)
    return FALSE;
  report (ctl, reply);
  return !now || ctl->check || ocs_command_contact (ctl, NULL, error);
}

/* As the worker guesses it for --import. */
static const char *
kind_of (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  const char *kind = "perl";
  static const char *const names[] = {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "ocsserver", "ocsproxyserver", "ocsmode", NULL};
  for (guint i = 0; lines[i]; i++) {
    const char *line = g_strstrip (lines[i]);
    if (*line == '[')
      return "ini";
    if (g_str_has_prefix (line, "export "))
      line += strlen ("export ");
    g_autofree char *name = g_strndup (line, strcspn (line, " =\t"));
    if (is_one_of (name, names))
      kind = "environment";
  }
  return kind;
}

/* What a Windows program wrote, as UTF-8. */
static char *
read_import (const char *file, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_autoptr (GError) failure = NULL;
  if (!g_file_get_contents (g_str_equal (file, "-") ? "/dev/stdin" : file, &bytes, &length, &failure)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "%s", failure->message);
    return NULL;
  }
  if (length > IMPORT_MAX) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "%s is larger than %d bytes: is it a configuration?", file, IMPORT_MAX);
    return NULL;
  }
  gboolean wide = length >= 2 && (memcmp (bytes, "\xff\xfe", 2) == 0 || memcmp (bytes, "\xfe\xff", 2) == 0);
  if (!wide && g_utf8_validate (bytes, (gssize)length, NULL))
    return g_strndup (bytes, length);
  char *text = g_convert (bytes, (gssize)length, "UTF-8", wide ? "UTF-16" : "WINDOWS-1252", NULL, NULL, NULL);
  if (text == NULL)
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "%s is no text", file);
  return text;
}

gboolean
ocs_command_import (OcsCtl *ctl, char **arguments, GError **error)
{
  if (arguments[0] == NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "name the file to import, or - for standard input");
    return FALSE;
  }
  g_autofree char *text = read_import (arguments[0], error);
  if (text == NULL)
    return FALSE;
  JsonObject *parameters = json_object_new ();
  json_object_set_string_member (parameters, "text", text);
  json_object_set_string_member (parameters, "kind", kind_of (text));
  json_object_set_boolean_member (parameters, "check", ctl->check);
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "Import", parameters, error);
  if (reply == NULL)
    return FALSE;
  report (ctl, reply);
  return TRUE;
}

gboolean
ocs_command_drop (OcsCtl *ctl, char **arguments, GError **error)
{
  if (arguments[0] == NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "name the package: 'ocsctl packages' lists them");
    return FALSE;
  }
  JsonObject *parameters = json_object_new ();
  json_object_set_string_member (parameters, "id", arguments[0]);
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "DropPackage", parameters, error);
  if (reply == NULL)
    return FALSE;
  if (ctl->json)
    ocs_ctl_print_json (reply);
  return TRUE;
}
