/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/rights.h"
#include "ipc/error.h"

static const struct {
  const char *method;
  OcsRightsClass needed;
  const char *action; /* of polkit; nullable */
} table[] = {
    /* clang-format off */
    {"GetStatus", OCS_RIGHTS_ANY},
    {"GetProxy", OCS_RIGHTS_ANY},
    {"GetPolicy", OCS_RIGHTS_ANY},
    {"Watch", OCS_RIGHTS_PERSON},
    {"ListPackages", OCS_RIGHTS_PERSON},
    {"GetPackage", OCS_RIGHTS_PERSON, "org.ocscompanion.output"},
    {"GetHistory", OCS_RIGHTS_PERSON},
    {"GetTraffic", OCS_RIGHTS_PERSON},
    {"TestProxy", OCS_RIGHTS_PERSON, "org.ocscompanion.configure"},
    {"GetSettings", OCS_RIGHTS_PERSON, "org.ocscompanion.configure"},
    {"Contact", OCS_RIGHTS_PERSON},
    {"SendInventory", OCS_RIGHTS_PERSON},
    {"ShowInventory", OCS_RIGHTS_PERSON},
    {"Answer", OCS_RIGHTS_GRAPHICAL},
    {"SetTag", OCS_RIGHTS_SEAT},
    {"GetLog", OCS_RIGHTS_ADMIN, "org.ocscompanion.log"},
    {"Configure", OCS_RIGHTS_ADMIN, "org.ocscompanion.configure"},
    {"Import", OCS_RIGHTS_ADMIN, "org.ocscompanion.import"},
    {"DropPackage", OCS_RIGHTS_ADMIN, "org.ocscompanion.drop"},
    /* clang-format on */
};

static const char *const who[] = {
    [OCS_RIGHTS_ANY] = "anybody",
    [OCS_RIGHTS_PERSON] = "people who are logged in",
    [OCS_RIGHTS_GRAPHICAL] = "people whose session has a screen",
    [OCS_RIGHTS_SEAT] = "the person at the machine",
    [OCS_RIGHTS_ADMIN] = "administrators and the group ocs-companion",
};

/* What a reason says to those who may not read its own words. */
static const char *const plain_words[OCS_ERROR_N] = {
    [OCS_ERROR_FAILED] = "something failed: tell the administrator",
    [OCS_ERROR_INVALID_DATA] = "the configuration or a package is not right: tell the administrator",
    [OCS_ERROR_UNSUPPORTED] = "this version cannot do what is asked: tell the administrator",
    [OCS_ERROR_DENIED] = "it is not allowed: tell the administrator",
    [OCS_ERROR_BUSY] = "it is busy: wait a moment",
    [OCS_ERROR_NOT_FOUND] = "something is missing on the server: tell the administrator",
    [OCS_ERROR_CANCELLED] = "somebody ended it",
    [OCS_ERROR_TIMED_OUT] = "it took too long and is tried again",
    [OCS_ERROR_UNREACHABLE] = "there is no way to the server from here: it is tried again",
    [OCS_ERROR_PROXY_UNREACHABLE] = "there is no way to the proxy from here: it is tried again",
    [OCS_ERROR_PROXY_AUTH] = "the proxy wants another login: tell the administrator",
    [OCS_ERROR_PROXY_REFUSED] = "the proxy does not let this machine through: tell the administrator",
    [OCS_ERROR_SERVER_AUTH] = "the server wants another login: tell the administrator",
    [OCS_ERROR_TLS] = "the server's certificate is not accepted: tell the administrator",
    [OCS_ERROR_REFUSED] = "the server or the proxy said no: tell the administrator",
    [OCS_ERROR_BAD_REPLY] = "what answered is not an OCS server: tell the administrator",
    [OCS_ERROR_DIGEST] = "what was fetched is damaged and is fetched again",
    [OCS_ERROR_NO_SPACE] = "the disk is full: free some space",
    [OCS_ERROR_NOT_CONFIGURED] = "no server is set: tell the administrator",
    [OCS_ERROR_UNTRUSTED] = "a rule of trust forbids it: tell the administrator",
    [OCS_ERROR_INTERRUPTED] = "it was cut short by a restart",
};

gboolean
ocs_rights_needed (const char *method, OcsRightsClass *needed)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_strcmp0 (method, table[i].method) == 0) {
      *needed = table[i].needed;
      return TRUE;
    }
  return FALSE;
}

const char *
ocs_rights_action (const char *method)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_strcmp0 (method, table[i].method) == 0)
      return table[i].action;
  return NULL;
}

gboolean
ocs_rights_allows (OcsRightsClass rights, const char *method, GError **error)
{
  OcsRightsClass needed;

  if (!ocs_rights_needed (method, &needed)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED, "there is no such method");
    return FALSE;
  }
  if (rights >= needed)
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_DENIED, "%s is for %s: ask one of them", method, who[needed]);
  return FALSE;
}

static void
filter_reason (OcsReason *reason, OcsRightsClass rights)
{
  OcsError code;

  if (reason == NULL || rights >= OCS_RIGHTS_SEAT)
    return;
  code = ocs_error_from_nick (reason->code);
  g_free (reason->message);
  reason->message = g_strdup (plain_words[code]);
}

void
ocs_rights_filter_outcome (OcsOutcome *outcome, OcsRightsClass rights)
{
  filter_reason (outcome->reason, rights);
}

void
ocs_rights_filter_package (OcsPackageStatus *package, OcsRightsClass rights)
{
  filter_reason (package->reason, rights);
  if (rights >= OCS_RIGHTS_ADMIN)
    return;
  g_clear_pointer (&package->command, g_free);
  g_clear_pointer (&package->output, g_free);
}

void
ocs_rights_filter_proxy (OcsProxyStatus *proxy, OcsRightsClass rights)
{
  filter_reason (proxy->reason, rights);
  if (rights >= OCS_RIGHTS_SEAT)
    return;
  g_clear_pointer (&proxy->host, g_free);
  proxy->port = 0;
  g_clear_pointer (&proxy->ways, g_ptr_array_unref);
  g_clear_pointer (&proxy->intercepted, g_free);
}

/* SetTag is for nobody else. */
static gboolean
is_for_the_seat (const OcsQuestion *question)
{
  return question->kind == OCS_QUESTION_TAG;
}

void
ocs_rights_filter_status (OcsStatus *status, OcsRightsClass rights)
{
  filter_reason (status->reason, rights);
  if (status->outcome != NULL)
    ocs_rights_filter_outcome (status->outcome, rights);
  ocs_rights_filter_proxy (&status->proxy, rights);
  for (guint i = 0; i < status->packages->len; i++)
    ocs_rights_filter_package (status->packages->pdata[i], rights);
  if (rights < OCS_RIGHTS_SEAT) {
    g_clear_pointer (&status->server, g_free);
    g_clear_pointer (&status->deviceid, g_free);
    g_clear_pointer (&status->warnings, g_strfreev);
    status->warnings = g_new0 (char *, 1);
  }
  for (guint i = status->questions->len; i > 0; i--)
    if (rights < OCS_RIGHTS_GRAPHICAL || (rights < OCS_RIGHTS_SEAT && is_for_the_seat (status->questions->pdata[i - 1])))
      g_ptr_array_remove_index (status->questions, i - 1);
  if (rights >= OCS_RIGHTS_PERSON)
    return;
  g_clear_pointer (&status->tag, g_free);
  g_clear_pointer (&status->server_tag, g_free);
  g_ptr_array_set_size (status->packages, 0);
  if (status->job != NULL)
    g_clear_pointer (&status->job->package, g_free);
}

void
ocs_rights_filter_step (OcsTestStep *step, OcsRightsClass rights)
{
  filter_reason (step->reason, rights);
  if (rights < OCS_RIGHTS_SEAT)
    g_clear_pointer (&step->detail, g_free);
}

/* Texts that say nothing of where this machine belongs to; a new key is hidden until somebody thinks of it. */
static gboolean
is_plain_text (const OcsSettingsKey *key)
{
  static const char *const plain[] = {
      "BandwidthHours", "DirectFallback", "DownloadWindow", "ProxyFor", "Show", "SupportText", "SupportURL", "TAG", NULL};

  return key->type == OCS_SETTINGS_TEXT && g_strv_contains (plain, key->key);
}

gboolean
ocs_rights_hides_setting (const OcsSettingsKey *key, OcsRightsClass rights)
{
  switch (key->type) {
  case OCS_SETTINGS_SECRET:
    return TRUE;
  case OCS_SETTINGS_BOOL:
  case OCS_SETTINGS_INT:
  case OCS_SETTINGS_CHOICE:
  case OCS_SETTINGS_IGNORED:
    return rights < OCS_RIGHTS_PERSON || (rights < OCS_RIGHTS_SEAT && g_str_equal (key->key, "ProxyPort"));
  case OCS_SETTINGS_TEXT:
  case OCS_SETTINGS_PATH:
  case OCS_SETTINGS_HOSTS:
  case OCS_SETTINGS_SERVER:
  case OCS_SETTINGS_PROXY:
    break;
  }
  return rights < OCS_RIGHTS_SEAT && (rights < OCS_RIGHTS_PERSON || !is_plain_text (key));
}

gboolean
ocs_rights_hides_field (const char *section, const char *field)
{
  static const char *const fields[] = {"ASSETTAG", "MACADDR", "MSN", "SERIAL", "SERIALNUMBER", "SSN", "USERID", "UUID", NULL};

  /* The address of a USB printer holds its serial number. */
  if (g_str_equal (section, "PRINTERS") && g_str_equal (field, "PORT"))
    return TRUE;
  return g_str_equal (section, "LOCAL_USERS") || g_str_equal (section, "LOCAL_GROUPS") || g_strv_contains (fields, field);
}
