/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl status, packages, proxy: what is, once. */
#define G_LOG_DOMAIN "ocs-show"
#include "ipc/error.h"
#include "ipc/json.h"
#include "tray/ctl/command.h"
#include "tray/ctl/query.h"
#include "tray/ctl/sheet.h"
#include "tray/view/moment.h"
#include "tray/view/page.h"
#include "tray/view/route.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>

static void
print_sheet (const OcsSheet *sheet)
{
  g_autofree char *text = ocs_sheet_format (sheet);
  ocs_ctl_print (text);
}

static char *
joined (const char *first, const char *second)
{
  return second ? g_strdup_printf ("%s: %s", first, second) : g_strdup (first);
}

static void
add_package (OcsSheet *sheet, const OcsPackageStatus *package, gint64 now, GTimeZone *zone)
{
  g_autofree char *words = ocs_words_package (package);
  g_autofree char *when = package->updated > 0 ? ocs_moment_past (package->updated, now, zone) : g_strdup ("");
  ocs_sheet_add_cells (sheet, package->id, ocs_words_step (package), when, words, NULL);
}

static void
add_questions (OcsSheet *sheet, const OcsStatus *status, gint64 now, GTimeZone *zone)
{
  for (guint i = 0; i < status->questions->len; i++) {
    const OcsQuestion *question = g_ptr_array_index (status->questions, i);
    g_autofree char *words = ocs_query_words (question);
    g_autofree char *choices = ocs_query_choices (question, now, zone);
    ocs_sheet_add (sheet, _ ("Question"), words);
    ocs_sheet_add (sheet, question->settled == OCS_SETTLED_NOT ? _ ("Answer") : "", choices);
  }
}

static void
print_status (OcsCtl *ctl, const OcsStatus *status)
{
  OcsRequest none = {0};
  gint64 now = ocs_ctl_now ();
  g_autoptr (OcsPage) page = ocs_page_build (status, &none, now, ctl->zone);
  g_autofree char *job = page->job ? joined (page->job, page->figures) : NULL;
  g_autoptr (OcsSheet) sheet = ocs_sheet_new ();
  ocs_sheet_add (sheet, _ ("State"), page->headline);
  ocs_sheet_add (sheet, _ ("Why"), page->why);
  ocs_sheet_add (sheet, _ ("What to do"), page->advice);
  ocs_sheet_add (sheet, _ ("In detail"), page->detail);
  ocs_sheet_add (sheet, _ ("Now"), job);
  ocs_sheet_add (sheet, _ ("Last contact"), page->last);
  ocs_sheet_add (sheet, _ ("Next contact"), page->next);
  ocs_sheet_add (sheet, _ ("Last inventory"), page->inventory);
  ocs_sheet_add (sheet, _ ("Last request"), page->result);
  ocs_sheet_add (sheet, _ ("Server"), status->server);
  ocs_sheet_add (sheet, _ ("This machine"), status->deviceid);
  ocs_sheet_add (sheet, _ ("Tag"), status->tag);
  if (g_strcmp0 (status->tag, status->server_tag) != 0)
    ocs_sheet_add (sheet, _ ("Tag at the server"), status->server_tag);
  ocs_sheet_add (sheet, _ ("Proxy"), page->proxy);
  ocs_sheet_add (sheet, _ ("Packages came"), page->savings);
  add_questions (sheet, status, now, ctl->zone);
  g_auto (GStrv) warnings = g_strsplit (page->warning ? page->warning : "", "\n", -1);
  for (guint i = 0; warnings[i]; i++)
    ocs_sheet_add (sheet, _ ("Warning"), warnings[i]);
  for (guint i = 0; i < page->items->len; i++) {
    const OcsPageItem *item = g_ptr_array_index (page->items, i);
    g_autofree char *words = joined (item->step, *item->words ? item->words : NULL);
    ocs_sheet_add (sheet, item->name, words);
  }
  ocs_sheet_add (sheet, "", page->more);
  print_sheet (sheet);
}

gboolean
ocs_command_status (OcsCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "GetStatus", NULL, error);
  JsonObject *object = reply ? ocs_ctl_member (reply, "status", error) : NULL;
  if (object == NULL)
    return FALSE;
  if (ctl->json) {
    ocs_ctl_print_json (reply);
    return TRUE;
  }
  g_autoptr (OcsStatus) status = ocs_status_from_json (object);
  print_status (ctl, status);
  return TRUE;
}

static gboolean
list_packages (OcsCtl *ctl, GError **error)
{
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "ListPackages", NULL, error);
  if (reply == NULL)
    return FALSE;
  JsonArray *array = ocs_json_array (reply, "packages");
  if (array == NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the worker's answer has no \"packages\": is it of another version?");
    return FALSE;
  }
  if (ctl->json) {
    ocs_ctl_print_json (reply);
    return TRUE;
  }
  g_autoptr (OcsSheet) sheet = ocs_sheet_new ();
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    if (!JSON_NODE_HOLDS_OBJECT (node))
      continue;
    g_autoptr (OcsPackageStatus) package = ocs_package_status_from_json (json_node_get_object (node));
    add_package (sheet, package, ocs_ctl_now (), ctl->zone);
  }
  if (json_array_get_length (array) == 0)
    ocs_sheet_add_cells (sheet, _ ("There are no packages."), NULL);
  print_sheet (sheet);
  return TRUE;
}

static void
print_package (OcsCtl *ctl, const OcsPackageStatus *package)
{
  gint64 now = ocs_ctl_now ();
  OcsProxyStatus bytes = {.from_cache = package->from_cache, .from_wan = package->from_wan};
  g_autofree char *came = ocs_words_savings (&bytes);
  g_autofree char *words = ocs_words_package (package);
  g_autofree char *detail = ocs_words_detail (package->reason);
  g_autofree char *since = ocs_moment_past (package->since, now, ctl->zone);
  g_autofree char *updated = ocs_moment_past (package->updated, now, ctl->zone);
  g_autofree char *until = package->waits_until > 0 ? ocs_moment_future (package->waits_until, now, ctl->zone) : NULL;
  g_autofree char *hurry = package->may_hurry ? g_strdup_printf ("ocsctl answer %s now", package->id) : NULL;
  g_autofree char *size = package->bytes > 0 ? g_format_size ((guint64)package->bytes) : NULL;
  g_autoptr (OcsSheet) sheet = ocs_sheet_new ();
  ocs_sheet_add (sheet, _ ("Package"), package->id);
  ocs_sheet_add (sheet, _ ("State"), ocs_words_step (package));
  ocs_sheet_add (sheet, _ ("Result"), words);
  ocs_sheet_add (sheet, _ ("Result code"), package->result);
  ocs_sheet_add (sheet, _ ("What to do"), package->result ? NULL : ocs_words_advice (package->reason));
  ocs_sheet_add (sheet, _ ("In detail"), detail);
  ocs_sheet_add (sheet, _ ("Goes on"), until);
  ocs_sheet_add (sheet, _ ("Do it now anyway"), hurry);
  ocs_sheet_add (sheet, _ ("Action"), package->action);
  ocs_sheet_add (sheet, _ ("Size"), size);
  ocs_sheet_add (sheet, _ ("It came"), came);
  ocs_sheet_add (sheet, _ ("Known since"), since);
  ocs_sheet_add (sheet, _ ("Last change"), updated);
  ocs_sheet_add (sheet, _ ("Command"), package->command);
  print_sheet (sheet);
  if (package->output && *package->output) {
    g_autofree char *output = ocs_sheet_clean (package->output);
    g_autofree char *text = g_strdup_printf ("\n%s%s", output, g_str_has_suffix (output, "\n") ? "" : "\n");
    ocs_ctl_print (text);
  }
}

gboolean
ocs_command_packages (OcsCtl *ctl, char **arguments, GError **error)
{
  if (arguments[0] == NULL)
    return list_packages (ctl, error);
  JsonObject *parameters = json_object_new ();
  ocs_json_set_string (parameters, "id", arguments[0]);
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "GetPackage", parameters, error);
  JsonObject *object = reply ? ocs_ctl_member (reply, "package", error) : NULL;
  if (object == NULL)
    return FALSE;
  if (ctl->json) {
    ocs_ctl_print_json (reply);
    return TRUE;
  }
  g_autoptr (OcsPackageStatus) package = ocs_package_status_from_json (object);
  print_package (ctl, package);
  return TRUE;
}

static void
print_proxy (const OcsProxyStatus *proxy)
{
  g_autofree char *address = ocs_words_proxy_address (proxy);
  g_autofree char *name = address ? g_strdup (address) : ocs_words_proxy (proxy);
  g_autofree char *why = ocs_words_reason (proxy->reason);
  g_autofree char *detail = ocs_words_detail (proxy->reason);
  g_autofree char *verdict = ocs_words_sentence (ocs_words_verdict (proxy));
  g_autofree char *savings = ocs_words_savings (proxy);
  g_autofree char *login = ocs_words_login (proxy);
  g_autoptr (OcsSheet) sheet = ocs_sheet_new ();
  ocs_sheet_add (sheet, _ ("Proxy"), name);
  if (proxy->kind != OCS_PROXY_NONE) {
    ocs_sheet_add (sheet, _ ("Kind"), ocs_proxy_kind_name (proxy->kind));
    ocs_sheet_add (sheet, _ ("Login"), login);
  }
  for (guint i = 0; proxy->ways != NULL && i < proxy->ways->len; i++) {
    const OcsWay *way = proxy->ways->pdata[i];
    g_autofree char *words = ocs_route_describe (way);
    ocs_sheet_add (sheet, ocs_route_purpose (way->purpose), words);
  }
  ocs_sheet_add (sheet, _ ("On the way"), proxy->intercepted);
  ocs_sheet_add (sheet, _ ("Problem"), why);
  ocs_sheet_add (sheet, _ ("What to do"), ocs_words_advice (proxy->reason));
  ocs_sheet_add (sheet, _ ("In detail"), detail);
  ocs_sheet_add (sheet, _ ("Cache"), verdict);
  ocs_sheet_add (sheet, _ ("Packages came"), savings);
  print_sheet (sheet);
}

gboolean
ocs_command_proxy (OcsCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "GetProxy", NULL, error);
  JsonObject *object = reply ? ocs_ctl_member (reply, "proxy", error) : NULL;
  if (object == NULL)
    return FALSE;
  if (ctl->json) {
    ocs_ctl_print_json (reply);
    return TRUE;
  }
  OcsProxyStatus proxy = {0};
  ocs_proxy_status_read_json (&proxy, object);
  print_proxy (&proxy);
  ocs_proxy_status_clear (&proxy);
  return TRUE;
}
