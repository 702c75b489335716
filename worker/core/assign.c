/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-assign"
#include "worker/core/assign.h"
#include "ipc/error.h"
#include "worker/core/hop.h"
#include "worker/core/nearest.h"
#include "worker/core/seal.h"
#include "worker/core/text.h"
#include "worker/core/url.h"
#include "worker/core/vault.h"

#include <string.h>

#define SHOWN_MAX 60
#define VALUE_MAX 4096

void
ocs_assign_free (OcsAssign *assign)
{
  if (assign == NULL)
    return;
  ocs_secret_free (assign->value);
  g_free (assign);
}

GPtrArray *
ocs_assigns_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_assign_free);
}

/* PROXY_TYPE is ProxyType. */
static char *
without_underscores (const char *name)
{
  GString *bare = g_string_new (name);

  g_string_replace (bare, "_", "", 0);
  return g_string_free (bare, FALSE);
}

static const OcsSettingsKey *
find_key (const char *section, const char *name)
{
  g_autofree char *wanted = without_underscores (g_ascii_strcasecmp (name, "CA") == 0 ? "CaBundle" : name);

  for (const OcsSettingsKey *key = ocs_settings_keys (); key->section != NULL; key++) {
    g_autofree char *bare = without_underscores (key->key);

    if (g_ascii_strcasecmp (bare, wanted) == 0 && (section == NULL || g_ascii_strcasecmp (key->section, section) == 0))
      return key;
  }
  return NULL;
}

/* A name for a message: one line, short. */
static char *
shown_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  char *text = g_utf8_strlen (valid, -1) <= SHOWN_MAX ? g_strdup (valid) : g_utf8_substring (valid, 0, SHOWN_MAX);

  for (char *at = text; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      *at = '?';
  return text;
}

static void
set_unknown (const char *section, const char *raw, GError **error)
{
  g_autofree char *name = shown_name (raw);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *where = section != NULL ? shown_name (section) : NULL;
  const OcsSettingsKey *elsewhere = section != NULL ? find_key (NULL, name) : NULL;
  const char *nearest;

  if (elsewhere != NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "%s does not belong in [%s]: write [%s]%s", elsewhere->key, where,
                 elsewhere->section, elsewhere->key);
    return;
  }
  for (const OcsSettingsKey *key = ocs_settings_keys (); key->section != NULL; key++)
    g_ptr_array_add (names, (gpointer)key->key);
  nearest = ocs_nearest_find (name, names);
  if (nearest != NULL)
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "the key %s is not known: did you mean %s?", name, nearest);
  else
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "the key %s is not known: ocsinventory.ini(5) lists them", name);
}

const OcsSettingsKey *
ocs_assign_key (const char *name, GError **error)
{
  const char *end = name[0] == '[' ? strchr (name, ']') : NULL;
  g_autofree char *section = end != NULL ? g_strstrip (g_strndup (name + 1, (gsize)(end - name - 1))) : NULL;
  g_autofree char *bare = g_strstrip (g_strdup (end != NULL ? end + 1 : name));
  const OcsSettingsKey *key = find_key (section, bare);

  if (key == NULL)
    set_unknown (section, bare, error);
  return key;
}

static gboolean G_GNUC_PRINTF (3, 4) refuse (const OcsSettingsKey *key, GError **error, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "%s: %s", key->key, what);
  return FALSE;
}

/* Short, and never what may hold a login. */
static char *
shown (const char *value)
{
  if (strchr (value, '@') != NULL || strstr (value, "|||") != NULL)
    return g_strdup ("that");
  return g_utf8_strlen (value, -1) <= SHOWN_MAX ? g_strdup (value) : g_utf8_substring (value, 0, SHOWN_MAX);
}

static gboolean
check_choice (const OcsSettingsKey *key, const char *value, GError **error)
{
  g_autofree char *known = g_strjoinv (", ", (GStrv)key->choices);
  g_autofree char *text = shown (value);

  for (guint i = 0; key->choices[i] != NULL; i++)
    if (g_ascii_strcasecmp (value, key->choices[i]) == 0)
      return TRUE;
  return refuse (key, error, "%s is not known: write one of %s", text, known);
}

/* As settings-read.c takes it. */
static gboolean
check_server (const OcsSettingsKey *key, const char *value, GError **error)
{
  g_autofree char *text = strstr (value, "://") != NULL ? g_strdup (value) : g_strconcat ("http://", value, NULL);
  g_autoptr (GError) why = NULL;
  g_autoptr (OcsUrl) url = ocs_url_parse (text, &why);

  return url != NULL || refuse (key, error, "%s: write http://HOST/ocsinventory", why->message);
}

static gboolean
check_hosts (const OcsSettingsKey *key, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit_set (value, ",; \t", -1);

  for (guint i = 0; parts[i] != NULL; i++) {
    g_autofree char *host = NULL;
    g_autofree char *text = shown (parts[i]);
    guint16 port = 0;

    if (*parts[i] != '\0' && !ocs_url_split_host (parts[i], &host, &port, NULL))
      return refuse (key, error, "%s is not a host name", text);
  }
  return TRUE;
}

/* One or several; a scheme and a port in it are obeyed when it is read, a login is not. */
static gboolean
check_proxy (const OcsSettingsKey *key, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit_set (value, ";,", -1);

  if (strchr (value, '@') != NULL)
    return refuse (key, error, "holds a login: set ProxyUser and ProxyPwd instead");
  for (guint i = 0; parts[i] != NULL; i++) {
    g_autoptr (GError) why = NULL;
    g_autoptr (OcsHop) hop = *g_strstrip (parts[i]) != '\0' ? ocs_hop_parse (parts[i], OCS_PROXY_HTTP, 80, &why) : NULL;

    if (hop == NULL && why != NULL)
      return refuse (key, error, "%s: write its host name or address alone", why->message);
  }
  return TRUE;
}

static gboolean
check_secret (const OcsSettingsKey *key, const char *value, GError **error)
{
  if (strlen (value) > OCS_SEAL_PLAIN_MAX)
    return refuse (key, error, "is longer than %d bytes", OCS_SEAL_PLAIN_MAX);
  if (g_str_has_suffix (key->key, "User") && strchr (value, ':') != NULL)
    return refuse (key, error, "holds a colon, with which no Basic login works");
  return TRUE;
}

static gboolean
check_value (const OcsSettingsKey *key, const char *value, GError **error)
{
  g_autofree char *text = NULL;
  gint64 number = 0;

  if (!g_utf8_validate (value, -1, NULL))
    return refuse (key, error, "is not UTF-8");
  if (ocs_text_has_control (value))
    return refuse (key, error, "holds a control character: write one line of plain text");
  if (strlen (value) > VALUE_MAX)
    return refuse (key, error, "is longer than %d bytes", VALUE_MAX);
  text = shown (value);
  switch (key->type) {
  case OCS_SETTINGS_BOOL:
    return g_str_equal (value, "0") || g_str_equal (value, "1") || refuse (key, error, "%s is not 0 or 1", text);
  case OCS_SETTINGS_INT:
    return (strspn (value, "0123456789") == strlen (value) && ocs_text_to_int (value, key->minimum, key->maximum, &number))
           || refuse (key, error, "%s is not a number from %d to %d", text, key->minimum, key->maximum);
  case OCS_SETTINGS_CHOICE:
    return check_choice (key, value, error);
  case OCS_SETTINGS_SERVER:
    return check_server (key, value, error);
  case OCS_SETTINGS_HOSTS:
    return check_hosts (key, value, error);
  case OCS_SETTINGS_PROXY:
    return check_proxy (key, value, error);
  case OCS_SETTINGS_SECRET:
    return check_secret (key, value, error);
  case OCS_SETTINGS_TEXT:
  case OCS_SETTINGS_PATH:
  case OCS_SETTINGS_IGNORED:
    break;
  }
  return TRUE;
}

OcsAssign *
ocs_assign_new (const char *name, const char *value, GError **error)
{
  const OcsSettingsKey *key = ocs_assign_key (name, error);
  OcsAssign *assign;

  if (key == NULL || (value != NULL && *value != '\0' && !check_value (key, value, error)))
    return NULL;
  assign = g_new0 (OcsAssign, 1);
  assign->key = key;
  assign->value = value != NULL && *value != '\0' ? g_strdup (value) : NULL;
  return assign;
}

const OcsAssign *
ocs_assigns_find (const GPtrArray *assigns, const char *key)
{
  for (guint i = 0; i < assigns->len; i++) {
    const OcsAssign *assign = assigns->pdata[i];

    if (g_str_equal (assign->key->key, key))
      return assign;
  }
  return NULL;
}

void
ocs_assigns_complete (GPtrArray *assigns)
{
  static const char *const flags[][2] = {{"User", "AuthRequired"}, {"ProxyUser", "ProxyAuthRequired"}};

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++) {
    const OcsAssign *user = ocs_assigns_find (assigns, flags[i][0]);

    if (user != NULL && ocs_assigns_find (assigns, flags[i][1]) == NULL)
      g_ptr_array_add (assigns, ocs_assign_new (flags[i][1], user->value != NULL ? "1" : "0", NULL));
  }
}
