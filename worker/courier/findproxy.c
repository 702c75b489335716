/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FindProxy: what a PAC file says about one address. The file is in the call, or at a URL, or where the network offers one by DNS. */
#define G_LOG_DOMAIN "ocs-findproxy"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/courier/errand.h"
#include "worker/courier/methods.h"
#include "worker/courier/pac.h"
#include "worker/courier/webpage.h"
#include "worker/courier/wpad.h"
#include <string.h>

#define RESOLV_CONF "/etc/resolv.conf"
#define RESOLV_CONF_MAX (64 * 1024)

static void fetch_next (OcsErrand *errand);

static void
on_pac_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsErrand *errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = ocs_pac_find_finish (result, &error);
  JsonObject *reply;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the errand has gone */
  g_clear_object (&errand->ticket);
  if (answer == NULL) {
    ocs_errand_fail (errand, error);
    return;
  }
  reply = json_object_new ();
  json_object_set_string_member (reply, "answer", answer);
  ocs_json_set_string (reply, "url", errand->url);
  ocs_errand_reply (errand, reply);
}

static void
fail (OcsErrand *errand, OcsError code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, (int)code, message);

  ocs_errand_fail (errand, error);
}

static void
evaluate (OcsErrand *errand, const char *script)
{
  const char *target = ocs_json_string (errand->search, "target");

  errand->ticket = g_cancellable_new ();
  ocs_pac_find_async (NULL, script, target != NULL ? target : "", errand->ticket, on_pac_found, errand);
}

static void
on_transfer_done (OcsTransfer *transfer, const GError *error, gpointer user_data)
{
  OcsErrand *errand = user_data;
  GByteArray *body = ocs_transfer_body (transfer);
  g_autofree char *script = NULL;
  g_autofree char *message = NULL;

  if (error != NULL && errand->wanted != NULL) {
    g_debug ("%s: %s", errand->url, error->message);
    fetch_next (errand);
  } else if (error != NULL) {
    message = g_strdup_printf ("the PAC file %s cannot be had: %s", errand->url, error->message);
    fail (errand, ocs_error_code (error), message);
  } else if (body->len == 0 || ocs_webpage_is_one (NULL, body->data, body->len)
             || !g_utf8_validate ((const char *)body->data, (gssize)body->len, NULL)) {
    message = g_strdup_printf ("what is at %s is no PAC file: check ProxyPac=, or log in to this network in a browser", errand->url);
    fail (errand, OCS_ERROR_INVALID_DATA, message);
  } else {
    script = g_strndup ((const char *)body->data, body->len);
    evaluate (errand, script);
  }
}

static void
fetch (OcsErrand *errand)
{
  static const OcsTransferCallbacks callbacks = {.done = on_transfer_done};
  static const char *const headers[] = {"Accept: application/x-ns-proxy-autoconfig, */*;q=0.8", NULL};
  OcsOptions request = {.purpose = OCS_PURPOSE_PAC, .headers = headers, .body_max = OCS_PAC_MAX};

  ocs_errand_start (errand, &request, &callbacks);
}

/* The next of the places where the network may offer a file. */
static void
fetch_next (OcsErrand *errand)
{
  g_clear_pointer (&errand->transfer, ocs_transfer_free);
  g_clear_pointer (&errand->url, g_free);
  if (errand->wanted[errand->n_tried] == NULL) {
    fail (errand, OCS_ERROR_NOT_FOUND, "this network offers no PAC file by DNS");
    return;
  }
  errand->url = g_strdup (errand->wanted[errand->n_tried++]);
  ocs_route_free (errand->route);
  /* The transfer before took it along. */
  errand->route = ocs_route_from_json (ocs_json_object (errand->search, "route"), NULL);
  fetch (errand);
}

static GStrv
read_places (void)
{
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (RESOLV_CONF, &text, &length, NULL) || length > RESOLV_CONF_MAX)
    return g_new0 (char *, 1);
  return ocs_wpad_urls (text);
}

void
ocs_findproxy_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsErrand *errand = ocs_errand_new (user_data, call, parameters);
  const char *text = ocs_json_string (parameters, "text");

  if (errand == NULL)
    return;
  errand->search = json_object_ref (parameters);
  if (text != NULL && strlen (text) > OCS_PAC_MAX)
    fail (errand, OCS_ERROR_INVALID_DATA, "the PAC file is too large");
  else if (text != NULL)
    evaluate (errand, text);
  else if (errand->url != NULL)
    fetch (errand);
  else {
    errand->wanted = read_places ();
    fetch_next (errand);
  }
}
