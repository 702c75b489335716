/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-errand"
#include "worker/courier/errand.h"
#include "ipc/error.h"
#include "ipc/json.h"

OcsErrands *
ocs_errands_new (void)
{
  OcsErrands *errands = g_new0 (OcsErrands, 1);

  errands->net = ocs_net_new ();
  errands->tickets = ocs_tickets_new ();
  errands->live = g_hash_table_new (NULL, NULL);
  return errands;
}

void
ocs_errands_free (OcsErrands *errands)
{
  g_autoptr (GList) live = NULL;

  if (errands == NULL)
    return;
  live = g_hash_table_get_keys (errands->live);
  for (GList *one = live; one != NULL; one = one->next)
    ocs_errand_free (one->data);
  g_hash_table_unref (errands->live);
  ocs_net_free (errands->net);
  ocs_tickets_free (errands->tickets);
  g_strfreev (errands->lacking);
  g_free (errands);
}

static void
errand_forget_call (OcsErrand *errand)
{
  errand->call = NULL;
  if (errand->watch != NULL)
    g_source_destroy (errand->watch);
  g_clear_pointer (&errand->watch, g_source_unref);
}

static void
errand_forget_later (OcsErrand *errand)
{
  g_strfreev ((GStrv)errand->later.headers);
  g_clear_pointer (&errand->later.post, g_byte_array_unref);
  errand->later.headers = NULL;
}

void
ocs_errand_free (OcsErrand *errand)
{
  g_hash_table_remove (errand->errands->live, errand);
  if (errand->call != NULL) {
    g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, OCS_ERROR_CANCELLED, "the courier was told to stop");

    ocs_call_fail (errand->call, error);
    errand_forget_call (errand);
  }
  if (errand->ticket != NULL)
    g_cancellable_cancel (errand->ticket);
  g_clear_object (&errand->ticket);
  g_clear_pointer (&errand->transfer, ocs_transfer_free);
  g_clear_pointer (&errand->pipe, ocs_pipe_free);
  g_clear_pointer (&errand->route, ocs_route_free);
  g_clear_pointer (&errand->zip, ocs_zip_free);
  g_clear_error (&errand->failure);
  g_free (errand->url);
  g_free (errand->user_agent);
  g_free (errand->validator);
  g_clear_handle_id (&errand->pacing, g_source_remove);
  ocs_hours_free (errand->hours);
  g_queue_clear_full (&errand->also, g_free);
  g_clear_pointer (&errand->search, json_object_unref);
  g_strfreev (errand->wanted);
  errand_forget_later (errand);
  g_free (errand);
}

static gboolean
on_call_cancelled (GCancellable *cancellable, gpointer user_data)
{
  ocs_errand_free (user_data);
  return G_SOURCE_REMOVE;
}

OcsErrand *
ocs_errand_new (OcsErrands *errands, OcsCall *call, JsonObject *parameters)
{
  g_autoptr (GError) error = NULL;
  OcsRoute *route = ocs_route_from_json (ocs_json_object (parameters, "route"), &error);
  OcsErrand *errand;

  if (route == NULL) {
    ocs_call_fail (call, error);
    return NULL;
  }
  errand = g_new0 (OcsErrand, 1);
  errand->errands = errands;
  errand->call = call;
  errand->route = route;
  errand->url = g_strdup (ocs_json_string (parameters, "url"));
  errand->user_agent = g_strdup (ocs_json_string (parameters, "user_agent"));
  errand->watch = g_cancellable_source_new (ocs_call_cancellable (call));
  g_source_set_callback (errand->watch, (GSourceFunc)(void (*) (void))on_call_cancelled, errand, NULL);
  g_source_attach (errand->watch, NULL);
  g_hash_table_add (errands->live, errand);
  return errand;
}

static void
errand_start_now (OcsErrand *errand, OcsOptions *request, const OcsTransferCallbacks *callbacks)
{
  g_autoptr (GError) error = NULL;

  request->route = errand->route;
  request->url = errand->url;
  request->user_agent = errand->user_agent;
  errand->transfer = ocs_transfer_new (errand->errands->net, request, callbacks, errand, &error);
  /* libcurl has its own copies now. */
  if (g_queue_is_empty (&errand->also))
    g_clear_pointer (&errand->route, ocs_route_free);
  if (errand->transfer == NULL)
    ocs_errand_fail (errand, error);
}

/* Without a ticket it goes on all the same: the proxy may not ask for one, or take a password. */
static void
on_tickets_got (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsErrand *errand = user_data;
  g_autoptr (GError) error = NULL;
  gboolean got = ocs_tickets_get_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the errand has gone */
  g_clear_object (&errand->ticket);
  errand->later.ticket = got;
  errand->later.ticket_problem = got ? NULL : error->message;
  errand_start_now (errand, &errand->later, errand->callbacks);
}

void
ocs_errand_start (OcsErrand *errand, OcsOptions *request, const OcsTransferCallbacks *callbacks)
{
  const OcsRoute *route = errand->route;

  request->ticket = ocs_options_wants_ticket (route) && ocs_tickets_have (errand->errands->tickets, route->proxy_keytab, route->proxy_host);
  if (request->ticket || !ocs_options_wants_ticket (route)) {
    errand_start_now (errand, request, callbacks);
    return;
  }
  errand_forget_later (errand);
  errand->later = *request;
  errand->later.headers = (const char *const *)g_strdupv ((GStrv)request->headers);
  errand->later.post = request->post != NULL ? g_byte_array_ref (request->post) : NULL;
  errand->callbacks = callbacks;
  errand->ticket = g_cancellable_new ();
  ocs_tickets_get_async (errand->errands->tickets, route->proxy_keytab, route->proxy_host, errand->ticket, on_tickets_got, errand);
}

gboolean
ocs_errand_may_ask_cache (const OcsErrand *errand)
{
  return (errand->route->proxy_kind == OCS_PROXY_HTTP || errand->route->proxy_kind == OCS_PROXY_HTTPS)
         && (errand->url == NULL || g_ascii_strncasecmp (errand->url, "https:", 6) != 0);
}

gboolean
ocs_errand_upgrade (OcsErrand *errand, JsonObject *reply, const OcsPipeCallbacks *callbacks)
{
  OcsCall *call = errand->call;

  errand_forget_call (errand);
  errand->pipe = ocs_call_upgrade (call, reply);
  if (errand->pipe == NULL)
    return FALSE;
  ocs_pipe_set_callbacks (errand->pipe, callbacks, errand);
  return TRUE;
}

void
ocs_errand_reply (OcsErrand *errand, JsonObject *reply)
{
  OcsCall *call = errand->call;

  errand_forget_call (errand);
  ocs_call_reply (call, reply);
  ocs_errand_free (errand);
}

static JsonObject *
errand_build_trailer (OcsErrand *errand)
{
  JsonObject *trailer = json_object_new ();

  ocs_json_set_object (trailer, "traffic", errand->transfer != NULL ? ocs_transfer_traffic (errand->transfer) : ocs_transfer_no_traffic ());
  return trailer;
}

void
ocs_errand_end_part (OcsErrand *errand)
{
  JsonObject *trailer = errand_build_trailer (errand);

  json_object_set_boolean_member (trailer, "more", TRUE);
  ocs_pipe_end_part (errand->pipe, trailer);
  g_clear_pointer (&errand->transfer, ocs_transfer_free);
}

void
ocs_errand_fail (OcsErrand *errand, const GError *error)
{
  if (errand->pipe != NULL) {
    JsonObject *trailer = errand_build_trailer (errand);

    ocs_json_set_string (trailer, "error", ocs_error_nick (ocs_error_code (error)));
    ocs_json_set_string (trailer, "message", error->message);
    if (ocs_error_retry_after (error) > 0)
      json_object_set_int_member (trailer, "retry_after", ocs_error_retry_after (error));
    ocs_pipe_finish (g_steal_pointer (&errand->pipe), trailer);
  } else if (errand->call != NULL) {
    OcsCall *call = errand->call;

    errand_forget_call (errand);
    ocs_call_fail (call, error);
  }
  ocs_errand_free (errand);
}

void
ocs_errand_finish (OcsErrand *errand, JsonObject *reply)
{
  JsonObject *trailer = errand_build_trailer (errand);

  ocs_json_set_object (trailer, "reply", reply);
  ocs_pipe_finish (g_steal_pointer (&errand->pipe), trailer);
  ocs_errand_free (errand);
}
