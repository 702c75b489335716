/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-service"
#include "worker/service.h"
#include "ipc/error.h"
#include "ipc/idl.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include "ipc/names.h"
#include "ipc/server.h"
#include "worker/admin.h"
#include "worker/core/patience.h"
#include "worker/diagnose.h"
#include "worker/io/authority.h"
#include "worker/io/clock.h"
#include "worker/io/login.h"
#include "worker/show.h"
#include "worker/tail.h"

#define OUTPUT_SHOWN (64 * 1024)
/* Watchers are told at most so often, in milliseconds: a thousand fragments a second may come out of a cache. */
#define TELL_EVERY 100

struct _OcsService {
  OcsSite *site;           /* borrowed: outlives us */
  OcsAgent *agent;         /* borrowed: outlives us */
  OcsServer *server;       /* owned */
  OcsTail *tail;           /* owned */
  OcsShow *show;           /* owned */
  OcsAuthority *authority; /* owned */
  OcsAdmin admin;
  GPtrArray *watchers; /* owned; element-type OcsCall */
  OcsDiagnose *test;   /* owned, nullable; under way */
  OcsPatience tests;   /* by people: each brings logins to the proxy and the server, where too many wrong ones lock an account */
  gid_t admin_group;
  guint tell;
  gint64 told; /* milliseconds, monotonic */
};

static void
reply_with (OcsCall *call, const char *member, JsonObject *value)
{
  JsonObject *reply = json_object_new ();

  json_object_set_object_member (reply, member, value);
  ocs_call_reply (call, reply);
}

static OcsRightsClass
rights_of (OcsService *service, OcsCall *call)
{
  return ocs_login_rights (ocs_call_peer (call), service->admin_group);
}

static JsonObject *
status_for (OcsService *service, OcsCall *call)
{
  g_autoptr (OcsStatus) status = ocs_agent_status (service->agent);
  JsonObject *reply = json_object_new ();

  ocs_rights_filter_status (status, rights_of (service, call));
  json_object_set_object_member (reply, "status", ocs_status_to_json (status));
  return reply;
}

static void
on_get_status (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  ocs_call_reply (call, status_for (user_data, call));
}

static void
on_watch (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;

  if (ocs_call_continue (call, status_for (service, call)))
    g_ptr_array_add (service->watchers, call);
  else
    ocs_call_reply (call, NULL);
}

static void
on_contact (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  JsonObject *reply = json_object_new ();

  json_object_set_int_member (reply, "serial", ocs_agent_contact (service->agent));
  ocs_call_reply (call, reply);
}

static const char *const how[] = {"started", "joined", "recent", "queued"};

static void
on_send_inventory (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  JsonObject *reply = json_object_new ();
  OcsAsked asked;

  json_object_set_int_member (reply, "serial", ocs_agent_send_inventory (service->agent, &asked));
  json_object_set_string_member (reply, "how", how[asked]);
  ocs_call_reply (call, reply);
}

static void
on_list_packages (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  g_autoptr (OcsStatus) status = ocs_agent_status (service->agent);
  JsonObject *reply = json_object_new ();
  JsonArray *packages = json_array_new ();

  ocs_rights_filter_status (status, rights_of (service, call));
  for (guint i = 0; i < status->packages->len; i++)
    json_array_add_object_element (packages, ocs_package_status_to_json (status->packages->pdata[i]));
  json_object_set_array_member (reply, "packages", packages);
  ocs_call_reply (call, reply);
}

static void
reply_package (OcsService *service, OcsCall *call, const char *id, OcsRightsClass rights)
{
  g_autoptr (OcsStatus) status = ocs_agent_status (service->agent);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; id != NULL && i < status->packages->len; i++) {
    OcsPackageStatus *package = status->packages->pdata[i];

    if (!g_str_equal (package->id, id))
      continue;
    package->output = ocs_store_package_output (service->site->store, id, OUTPUT_SHOWN);
    ocs_rights_filter_package (package, rights);
    reply_with (call, "package", ocs_package_status_to_json (package));
    return;
  }
  g_set_error (&error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "there is no package of that number: 'ocsctl packages' lists them");
  ocs_call_fail (call, error);
}

static void
on_get_whole_package (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  reply_package (user_data, call, ocs_json_string (parameters, "id"), OCS_RIGHTS_ADMIN);
}

static void
on_get_proxy (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  g_autoptr (OcsStatus) status = ocs_agent_status (service->agent);

  ocs_rights_filter_status (status, rights_of (service, call));
  reply_with (call, "proxy", ocs_proxy_status_to_json (&status->proxy));
}

static void
on_show_inventory (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;

  ocs_show_inventory (service->show, call, ocs_json_bool (parameters, "xml", FALSE), rights_of (service, call));
}

static void
on_answer (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  const char *id = ocs_json_string (parameters, "id");
  OcsSaid said = {.serial = ocs_json_int (parameters, "serial", 0), .minutes = ocs_json_int (parameters, "minutes", 0)};
  g_autoptr (GError) error = NULL;

  if (id == NULL || !ocs_answer_from_name (ocs_json_string (parameters, "answer"), &said.answer)
      || (said.answer == OCS_ANSWER_LATER && said.minutes <= 0)) {
    g_set_error (&error, OCS_ERROR, OCS_ERROR_INVALID_DATA,
                 "an answer is an id and now, later with minutes, cancel, pause, resume or done");
    ocs_call_fail (call, error);
  } else if (!ocs_agent_answer (service->agent, id, &said, &error)) {
    ocs_call_fail (call, error);
  } else {
    ocs_call_reply (call, json_object_new ());
  }
}

static void
on_set_tag (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  g_autoptr (GError) error = NULL;

  if (ocs_agent_set_tag (service->agent, ocs_json_string (parameters, "tag"), &error))
    ocs_call_reply (call, json_object_new ());
  else
    ocs_call_fail (call, error);
}

static void
on_get_history (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  g_autoptr (JsonObject) all = ocs_contacts_to_json (service->site->ledger->contacts);
  g_autoptr (GPtrArray) contacts = ocs_contacts_from_json (all);
  OcsRightsClass rights = rights_of (service, call);

  for (guint i = 0; i < contacts->len; i++)
    ocs_rights_filter_outcome (contacts->pdata[i], rights);
  ocs_call_reply (call, ocs_contacts_to_json (contacts));
}

static void
on_get_traffic (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  JsonObject *reply = json_object_new ();

  json_object_set_array_member (reply, "days", ocs_traffic_to_json (service->site->ledger->days));
  ocs_call_reply (call, reply);
}

/* Nothing here is secret; who may see host and TAG puts them in for the place holders. */
static void
on_get_policy (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  const OcsSettings *settings = service->site->setup->settings;
  JsonObject *reply = json_object_new ();

  json_object_set_string_member (reply, "show", settings->tray_show);
  json_object_set_boolean_member (reply, "quit", settings->tray_quit);
  json_object_set_boolean_member (reply, "show_inventory", settings->tray_inventory);
  ocs_json_set_string (reply, "support_text", settings->support_text);
  ocs_json_set_string (reply, "support_url", settings->support_url);
  ocs_json_set_string (reply, "logo", settings->logo);
  ocs_call_reply (call, reply);
}

static void
on_get_log (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;

  ocs_tail_show (service->tail, call, ocs_json_int (parameters, "lines", 0), ocs_json_bool (parameters, "follow", FALSE));
}

static void
on_configure (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  ocs_admin_configure (call, parameters, &((OcsService *)user_data)->admin);
}

static void
on_import (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  ocs_admin_import (call, parameters, &((OcsService *)user_data)->admin);
}

static void
on_drop_package (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  ocs_admin_drop_package (call, parameters, &((OcsService *)user_data)->admin);
}

typedef struct {
  OcsService *service; /* borrowed: cancels the call before it ends */
  OcsCall *call;       /* owned until it is answered */
  JsonObject *parameters;
  OcsMethodFunc func;
} Guarded;

static void
on_authority (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Guarded *guarded = user_data;
  g_autoptr (GError) error = NULL;

  /* Nothing is done for somebody who has gone meanwhile. */
  if (!ocs_authority_check_finish (result, &error) || g_cancellable_set_error_if_cancelled (ocs_call_cancellable (guarded->call), &error))
    ocs_call_fail (guarded->call, error);
  else
    guarded->func (guarded->call, guarded->parameters, guarded->service);
  json_object_unref (guarded->parameters);
  g_free (guarded);
}

/* Runs func for who is ADMIN, and for who polkit says may. */
static void
guard (OcsService *service, OcsCall *call, JsonObject *parameters, OcsMethodFunc func)
{
  Guarded *guarded;

  if (rights_of (service, call) >= OCS_RIGHTS_ADMIN) {
    func (call, parameters, service);
    return;
  }
  guarded = g_new0 (Guarded, 1);
  *guarded = (Guarded) {service, call, json_object_ref (parameters), func};
  ocs_authority_check_async (service->authority, ocs_call_peer (call), ocs_rights_action (ocs_call_method (call)),
                             ocs_call_cancellable (call), on_authority, guarded);
}

/* Anybody who is logged in sees the package; output is an administrator's. */
static void
on_get_package (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  if (ocs_json_bool (parameters, "output", FALSE))
    guard (user_data, call, parameters, on_get_whole_package);
  else
    reply_package (user_data, call, ocs_json_string (parameters, "id"), rights_of (user_data, call));
}

static void
on_get_all_settings (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  ocs_admin_get_settings (call, OCS_RIGHTS_ADMIN, &((OcsService *)user_data)->admin);
}

/* Anybody who is logged in sees how this machine is set, within his rights. */
static void
on_get_settings (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;

  if (ocs_json_bool (parameters, "all", FALSE))
    guard (service, call, parameters, on_get_all_settings);
  else
    ocs_admin_get_settings (call, rights_of (service, call), &service->admin);
}

/* Who may configure may see how it would go: a login in it would be sent to a host of his choice anyway. */
static void
on_test_draft (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  g_autoptr (GError) error = NULL;
  OcsSetup *draft = ocs_admin_draft (&service->admin, parameters, &error);

  if (draft == NULL)
    ocs_call_fail (call, error);
  else
    ocs_diagnose_start (service->site, call, OCS_RIGHTS_ADMIN, draft, NULL, &service->test);
}

/* What runs already says so itself. */
static gboolean
may_test (OcsService *service, OcsCall *call, GError **error)
{
  gint64 wait = rights_of (service, call) < OCS_RIGHTS_ADMIN && service->test == NULL
                    ? ocs_patience_take (&service->tests, ocs_clock_monotonic ())
                    : 0;

  if (wait > 0)
    g_set_error (error, OCS_ERROR, OCS_ERROR_BUSY, "the way was tested often just now: try again in %d seconds", (int)(wait / 1000) + 1);
  return wait == 0;
}

static void
on_test_proxy (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsService *service = user_data;
  g_autoptr (GError) error = NULL;

  if (ocs_json_array (parameters, "values") != NULL || ocs_json_string (parameters, "text") != NULL)
    guard (service, call, parameters, on_test_draft);
  else if (!may_test (service, call, &error))
    ocs_call_fail (call, error);
  else
    ocs_diagnose_start (service->site, call, rights_of (service, call), NULL, ocs_agent_dup_small_url (service->agent), &service->test);
}

/* The handlers of what is an administrator's. */
static const struct {
  const char *method;
  OcsMethodFunc func;
} guarded_methods[] = {
    {"GetLog", on_get_log},
    {"Configure", on_configure},
    {"Import", on_import},
    {"DropPackage", on_drop_package},
};

static void
on_guarded (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (guarded_methods); i++)
    if (g_str_equal (guarded_methods[i].method, ocs_call_method (call))) {
      guard (user_data, call, parameters, guarded_methods[i].func);
      return;
    }
  g_return_if_reached ();
}

/* What polkit may allow is asked by the handler, which every method with an action that needs ADMIN has: on_guarded(). */
static gboolean
on_authorize (const OcsPeer *peer, const char *method, gpointer user_data, GError **error)
{
  OcsService *service = user_data;
  OcsRightsClass needed;

  if (ocs_rights_needed (method, &needed) && needed == OCS_RIGHTS_ADMIN && ocs_rights_action (method) != NULL)
    return TRUE;
  return ocs_rights_allows (ocs_login_rights (peer, service->admin_group), method, error);
}

static const OcsMethod methods[] = {
    {.name = "GetStatus", .func = on_get_status},
    {.name = "Watch", .func = on_watch, .needs_more = TRUE},
    {.name = "Contact", .func = on_contact},
    {.name = "SendInventory", .func = on_send_inventory},
    {.name = "ListPackages", .func = on_list_packages},
    {.name = "GetPackage", .func = on_get_package},
    {.name = "GetProxy", .func = on_get_proxy},
    {.name = "GetHistory", .func = on_get_history},
    {.name = "GetTraffic", .func = on_get_traffic},
    {.name = "TestProxy", .func = on_test_proxy, .needs_more = TRUE},
    {.name = "GetPolicy", .func = on_get_policy},
    {.name = "GetLog", .func = on_guarded, .needs_more = TRUE},
    {.name = "GetSettings", .func = on_get_settings},
    {.name = "Configure", .func = on_guarded},
    {.name = "Import", .func = on_guarded},
    {.name = "DropPackage", .func = on_guarded},
    {.name = "ShowInventory", .func = on_show_inventory, .needs_more = TRUE},
    {.name = "Answer", .func = on_answer},
    {.name = "SetTag", .func = on_set_tag},
    {.name = NULL},
};

OcsService *
ocs_service_new (OcsSite *site, OcsAgent *agent, int fd, GError **error)
{
  g_autoptr (OcsService) service = g_new0 (OcsService, 1);
  OcsServerConfig config = {
      .interface = OCS_WORKER_INTERFACE,
      .description = ocs_idl_worker (),
      .methods = methods,
      .message_max = OCS_WORKER_MESSAGE_MAX,
      .start_times = TRUE,
      .authorize = on_authorize,
  };

  service->site = site;
  service->agent = agent;
  service->admin_group = ocs_login_admin_group ();
  service->watchers = g_ptr_array_new ();
  service->tail = ocs_tail_new (site->journal);
  service->show = ocs_show_new (site);
  service->authority = ocs_authority_new (OCS_AUTHORITY_LIMIT);
  service->admin = (OcsAdmin) {site, agent};
  service->tests = (OcsPatience) {.burst = 10, .every = 30 * 1000};
  service->server = ocs_server_new (&config, service);
  if (!ocs_server_listen (service->server, fd, error))
    return NULL;
  return g_steal_pointer (&service);
}

void
ocs_service_free (OcsService *service)
{
  if (service == NULL)
    return;
  g_clear_handle_id (&service->tell, g_source_remove);
  for (guint i = 0; i < service->watchers->len; i++)
    ocs_call_reply (service->watchers->pdata[i], NULL);
  ocs_diagnose_free (service->test);
  g_ptr_array_unref (service->watchers);
  ocs_tail_free (service->tail);
  ocs_show_free (service->show);
  ocs_server_free (service->server);
  ocs_authority_free (service->authority);
  g_free (service);
}

static gboolean
on_tell (gpointer user_data)
{
  OcsService *service = user_data;

  service->tell = 0;
  service->told = ocs_clock_monotonic ();
  for (guint i = service->watchers->len; i > 0; i--) {
    OcsCall *call = service->watchers->pdata[i - 1];

    if (ocs_call_continue (call, status_for (service, call)))
      continue;
    g_ptr_array_remove_index_fast (service->watchers, i - 1);
    ocs_call_reply (call, NULL);
  }
  return G_SOURCE_REMOVE;
}

void
ocs_service_changed (OcsService *service)
{
  gint64 age = ocs_clock_monotonic () - service->told;

  if (service->tell == 0)
    service->tell = age >= TELL_EVERY ? g_idle_add (on_tell, service) : g_timeout_add ((guint)(TELL_EVERY - age), on_tell, service);
}
