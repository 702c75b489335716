/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-draft"
#include "tray/view/draft.h"
#include "ipc/json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TAG_MAX 250

typedef enum { TEXT, FLAG, SECRET } Kind;

/* SHOW_TRAY is a word there and a flag here. */
static const struct {
  const char *section;
  const char *key;
  Kind kind;
  const char *fallback;
} fields[] = {
    [OCS_DRAFT_SERVER] = {"HTTP", "Server", TEXT, ""},
    [OCS_DRAFT_VERIFY] = {"HTTP", "SSL", FLAG, "1"},
    [OCS_DRAFT_CA_BUNDLE] = {"HTTP", "CaBundle", TEXT, "cacert.pem"},
    [OCS_DRAFT_SERVER_USER] = {"HTTP", "User", SECRET, ""},
    [OCS_DRAFT_SERVER_PASSWORD] = {"HTTP", "Pwd", SECRET, ""},
    [OCS_DRAFT_PROXY_KIND] = {"HTTP", "ProxyType", TEXT, "0"},
    [OCS_DRAFT_PROXY_HOST] = {"HTTP", "Proxy", TEXT, ""},
    [OCS_DRAFT_PROXY_PORT] = {"HTTP", "ProxyPort", TEXT, "3128"},
    [OCS_DRAFT_PROXY_USER] = {"HTTP", "ProxyUser", SECRET, ""},
    [OCS_DRAFT_PROXY_PASSWORD] = {"HTTP", "ProxyPwd", SECRET, ""},
    [OCS_DRAFT_TAG] = {"OCS Companion", "TAG", TEXT, ""},
    [OCS_DRAFT_NO_TAG] = {"OCS Inventory Agent", "NoTAG", FLAG, "0"},
    [OCS_DRAFT_NO_SOFTWARE] = {"OCS Inventory Agent", "NoSoftware", FLAG, "0"},
    [OCS_DRAFT_DEBUG] = {"OCS Inventory Agent", "Debug", FLAG, "0"},
    [OCS_DRAFT_SHOW_TRAY] = {"OCS Tray", "Show", FLAG, "1"},
};
G_STATIC_ASSERT (G_N_ELEMENTS (fields) == OCS_DRAFT_N);

struct _OcsDraft {
  char *texts[OCS_DRAFT_N];   /* owned */
  gboolean kept[OCS_DRAFT_N]; /* secrets only */
  char *show;                 /* owned, nullable; what Show= says, where it is more than a flag can */
};

OcsDraft *
ocs_draft_new (void)
{
  OcsDraft *draft = g_new0 (OcsDraft, 1);

  for (guint i = 0; i < OCS_DRAFT_N; i++)
    draft->texts[i] = g_strdup (fields[i].fallback);
  return draft;
}

static void
forget (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

void
ocs_draft_free (OcsDraft *draft)
{
  if (draft == NULL)
    return;
  for (guint i = 0; i < OCS_DRAFT_N; i++)
    forget (draft->texts[i]);
  g_free (draft->show);
  g_free (draft);
}

const char *
ocs_draft_get (const OcsDraft *draft, OcsDraftField field)
{
  return draft->texts[field];
}

gboolean
ocs_draft_is_on (const OcsDraft *draft, OcsDraftField field)
{
  return strcmp (draft->texts[field], "0") != 0;
}

void
ocs_draft_set (OcsDraft *draft, OcsDraftField field, const char *text)
{
  g_autofree char *stripped = fields[field].kind == SECRET ? g_strdup (text) : g_strstrip (g_strdup (text));

  forget (draft->texts[field]);
  draft->texts[field] = g_steal_pointer (&stripped);
  draft->kept[field] = FALSE;
}

gboolean
ocs_draft_is_kept (const OcsDraft *draft, OcsDraftField field)
{
  return draft->kept[field];
}

static void
take (OcsDraft *draft, OcsDraftField field, const char *value)
{
  if (field == OCS_DRAFT_SHOW_TRAY) {
    g_free (draft->show);
    draft->show = g_strdup (value);
    ocs_draft_set (draft, field, g_ascii_strcasecmp (value, "none") == 0 ? "0" : "1");
  } else {
    ocs_draft_set (draft, field, value);
  }
}

/* section: nullable, where the key says it all. */
static int
find (const char *section, const char *key)
{
  for (int i = 0; key != NULL && i < OCS_DRAFT_N; i++) {
    g_autofree char *full = g_strdup_printf ("[%s]%s", fields[i].section, fields[i].key);

    if (g_ascii_strcasecmp (key, full) == 0
        || (g_ascii_strcasecmp (key, fields[i].key) == 0 && (section == NULL || g_ascii_strcasecmp (section, fields[i].section) == 0)))
      return i;
  }
  return -1;
}

static JsonObject *
object_at (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

void
ocs_draft_read_settings (OcsDraft *draft, JsonObject *reply)
{
  JsonArray *settings = ocs_json_array (reply, "settings");

  for (guint i = 0; settings != NULL && i < json_array_get_length (settings); i++) {
    JsonObject *setting = object_at (settings, i);
    int field = setting != NULL ? find (ocs_json_string (setting, "section"), ocs_json_string (setting, "key")) : -1;
    const char *value = setting != NULL ? ocs_json_string (setting, "value") : NULL;

    if (field < 0 || !ocs_json_bool (setting, "set", FALSE))
      continue;
    if (fields[field].kind == SECRET)
      draft->kept[field] = TRUE;
    else if (value != NULL)
      take (draft, (OcsDraftField)field, value);
  }
}

void
ocs_draft_read_assignments (OcsDraft *draft, JsonArray *values)
{
  for (guint i = 0; i < json_array_get_length (values); i++) {
    JsonObject *value = object_at (values, i);
    int field = value != NULL ? find (NULL, ocs_json_string (value, "key")) : -1;

    if (field >= 0 && ocs_json_string (value, "value") != NULL)
      take (draft, (OcsDraftField)field, ocs_json_string (value, "value"));
    else if (field >= 0 && fields[field].kind == SECRET)
      draft->kept[field] = TRUE;
  }
}

gboolean
ocs_draft_is_used (const OcsDraft *draft, OcsDraftField field)
{
  gboolean https = g_ascii_strncasecmp (draft->texts[OCS_DRAFT_SERVER], "https:", 6) == 0;

  if (field >= OCS_DRAFT_PROXY_HOST && field <= OCS_DRAFT_PROXY_PASSWORD)
    return ocs_draft_is_on (draft, OCS_DRAFT_PROXY_KIND);
  if (field == OCS_DRAFT_CA_BUNDLE)
    return https && ocs_draft_is_on (draft, OCS_DRAFT_VERIFY);
  return TRUE;
}

static const char *
server_problem (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (*text == '\0')
    return _ ("The address of the server is missing.");
  if (g_strcmp0 (scheme, "http") != 0 && g_strcmp0 (scheme, "https") != 0)
    return _ ("The address begins with https:// or http://, as https://ocs.example.org/ocsinventory.");
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return _ ("The name of the server is missing.");
  if (g_uri_get_user (uri) != NULL)
    return _ ("A login does not belong into the address: write it below.");
  return NULL;
}

static const char *
host_problem (const char *text)
{
  gboolean address = *text == '[' && g_str_has_suffix (text, "]");

  if (*text == '\0')
    return _ ("The name of the proxy is missing.");
  if (strpbrk (text, "/@ \t") != NULL || (!address && strchr (text, ':') != NULL))
    return _ ("Write the name alone, without http://, login and port.");
  return NULL;
}

static const char *
port_problem (const char *text)
{
  guint64 port = 0;

  return g_ascii_string_to_unsigned (text, 10, 1, 65535, &port, NULL) ? NULL : _ ("A port is a number from 1 to 65535.");
}

static const char *
user_problem (const OcsDraft *draft, OcsDraftField user, OcsDraftField password)
{
  gboolean named = *draft->texts[user] != '\0' || draft->kept[user];

  return !named && *draft->texts[password] != '\0' ? _ ("The user of this password is missing.") : NULL;
}

const char *
ocs_draft_problem (const OcsDraft *draft, OcsDraftField field)
{
  const char *text = draft->texts[field];

  if (!ocs_draft_is_used (draft, field))
    return NULL;
  if (field == OCS_DRAFT_SERVER)
    return server_problem (text);
  if (field == OCS_DRAFT_CA_BUNDLE)
    return *text == '\0' ? _ ("Name the file with the certificates to check the server by.") : NULL;
  if (field == OCS_DRAFT_PROXY_HOST)
    return host_problem (text);
  if (field == OCS_DRAFT_PROXY_PORT)
    return port_problem (text);
  if (field == OCS_DRAFT_SERVER_USER)
    return user_problem (draft, OCS_DRAFT_SERVER_USER, OCS_DRAFT_SERVER_PASSWORD);
  if (field == OCS_DRAFT_PROXY_USER)
    return user_problem (draft, OCS_DRAFT_PROXY_USER, OCS_DRAFT_PROXY_PASSWORD);
  if (field == OCS_DRAFT_TAG)
    return g_utf8_strlen (text, -1) > TAG_MAX ? _ ("The tag is too long.") : NULL;
  return NULL;
}

gboolean
ocs_draft_is_good (const OcsDraft *draft, OcsDraftField first, OcsDraftField last)
{
  for (guint field = first; field <= last; field++)
    if (ocs_draft_problem (draft, (OcsDraftField)field) != NULL)
      return FALSE;
  return TRUE;
}

static void
add (JsonArray *array, const char *section, const char *key, const char *value)
{
  g_autofree char *full = g_strdup_printf ("[%s]%s", section, key);
  JsonObject *one = json_object_new ();

  json_object_set_string_member (one, "key", full);
  ocs_json_set_string (one, "value", value);
  json_array_add_object_element (array, one);
}

/* A login: both parts, or neither; one that is set and was not touched stays. */
static void
add_login (JsonArray *array, const OcsDraft *draft, const char *flag, OcsDraftField user, OcsDraftField password)
{
  if (draft->kept[user] && *draft->texts[password] == '\0')
    return;
  add (array, "HTTP", flag, *draft->texts[user] != '\0' || draft->kept[user] ? "1" : "0");
  for (guint field = user; field <= password; field++)
    if (!draft->kept[field])
      add (array, "HTTP", fields[field].key, *draft->texts[field] != '\0' ? draft->texts[field] : NULL);
}

static const char *
show_word (const OcsDraft *draft)
{
  if (!ocs_draft_is_on (draft, OCS_DRAFT_SHOW_TRAY))
    return "none";
  return draft->show != NULL && g_ascii_strcasecmp (draft->show, "none") != 0 ? draft->show : NULL;
}

JsonArray *
ocs_draft_assignments (const OcsDraft *draft)
{
  JsonArray *array = json_array_new ();

  for (guint field = 0; field < OCS_DRAFT_N; field++) {
    const char *text = draft->texts[field];

    if (field == OCS_DRAFT_SHOW_TRAY)
      add (array, fields[field].section, fields[field].key, show_word (draft));
    else if (fields[field].kind != SECRET && ocs_draft_is_used (draft, (OcsDraftField)field))
      add (array, fields[field].section, fields[field].key, *text != '\0' ? text : NULL);
  }
  add_login (array, draft, "AuthRequired", OCS_DRAFT_SERVER_USER, OCS_DRAFT_SERVER_PASSWORD);
  if (ocs_draft_is_on (draft, OCS_DRAFT_PROXY_KIND))
    add_login (array, draft, "ProxyAuthRequired", OCS_DRAFT_PROXY_USER, OCS_DRAFT_PROXY_PASSWORD);
  return array;
}
