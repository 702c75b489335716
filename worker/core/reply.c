/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/reply.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/text.h"

#include <string.h>

#define OFFERS_MAX 1000
#define ACCOUNT_MAX 1000
#define SCAN_LATENCY 100 /* the server's own, milliseconds */
#define PROBLEMS_MAX 2000
#define HOURS_MAX 8784

/* CONF: the defaults are those of the server's schema (OCSInventory-ocsreports files/ocsbase.sql). */
static const struct {
  const char *attribute;
  const char *member;
  gsize offset;
  gint64 fallback;
  gint64 minimum;
  gint64 maximum;
} numbers[] = {
    {"FRAG_LATENCY", "frag_latency", offsetof (OcsPacing, frag_latency), 10, 0, 86400},
    {"CYCLE_LATENCY", "cycle_latency", offsetof (OcsPacing, cycle_latency), 60, 0, 86400},
    {"PERIOD_LATENCY", "period_latency", offsetof (OcsPacing, period_latency), 1, 0, 86400},
    {"PERIOD_LENGTH", "period_length", offsetof (OcsPacing, period_length), 10, 1, 100000},
    {"TIMEOUT", "timeout_days", offsetof (OcsPacing, timeout_days), 30, 1, 3660},
    {"EXECUTION_TIMEOUT", "execution_timeout_minutes", offsetof (OcsPacing, execution_timeout_minutes), 120, 1, 10080},
};

static gint64 *
number_at (const OcsPacing *pacing, guint i)
{
  return G_STRUCT_MEMBER_P (pacing, numbers[i].offset);
}

void
ocs_pacing_init (OcsPacing *pacing)
{
  pacing->on = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *number_at (pacing, i) = numbers[i].fallback;
}

JsonObject *
ocs_pacing_to_json (const OcsPacing *pacing)
{
  JsonObject *object = json_object_new ();

  json_object_set_boolean_member (object, "on", pacing->on);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    json_object_set_int_member (object, numbers[i].member, *number_at (pacing, i));
  return object;
}

void
ocs_pacing_from_json (OcsPacing *pacing, JsonObject *object)
{
  ocs_pacing_init (pacing);
  pacing->on = ocs_json_bool (object, "on", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    gint64 value = ocs_json_int (object, numbers[i].member, numbers[i].fallback);

    if (value >= numbers[i].minimum && value <= numbers[i].maximum)
      *number_at (pacing, i) = value;
  }
}

static void G_GNUC_PRINTF (2, 3) note (OcsReply *reply, const char *format, ...)
{
  g_autofree char *before = NULL;
  g_autofree char *problem = NULL;
  va_list arguments;

  if (reply->problems != NULL && strlen (reply->problems) > PROBLEMS_MAX)
    return;
  va_start (arguments, format);
  problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  before = g_steal_pointer (&reply->problems);
  reply->problems = before != NULL ? g_strconcat (before, "; ", problem, NULL) : g_steal_pointer (&problem);
}

static const char *
attribute (GHashTable *attributes, const char *name)
{
  const char *value = g_hash_table_lookup (attributes, name);

  return value != NULL ? value : "";
}

static gboolean
has_pacing (GHashTable *attributes)
{
  if (*attribute (attributes, "ON") != '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (*attribute (attributes, numbers[i].attribute) != '\0')
      return TRUE;
  return FALSE;
}

static void
read_pacing (OcsReply *reply, GHashTable *attributes)
{
  reply->pacing.on = !g_str_equal (attribute (attributes, "ON"), "0");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    const char *text = attribute (attributes, numbers[i].attribute);

    if (*text == '\0' || ocs_text_to_int (text, numbers[i].minimum, numbers[i].maximum, number_at (&reply->pacing, i)))
      continue;
    *number_at (&reply->pacing, i) = numbers[i].fallback;
    note (reply, "the server's %s is not a number that makes sense, %" G_GINT64_FORMAT " is used", numbers[i].attribute,
          numbers[i].fallback);
  }
}

static gboolean
is_offered (const OcsReply *reply, const char *id)
{
  for (guint i = 0; i < reply->offers->len; i++)
    if (g_str_equal (((const OcsOffer *)reply->offers->pdata[i])->id, id))
      return TRUE;
  return FALSE;
}

static void
read_offer (OcsReply *reply, GHashTable *attributes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsOffer) offer = ocs_offer_from_attributes (attributes, &error);

  if (offer == NULL)
    note (reply, "%s", error->message);
  else if (is_offered (reply, offer->id))
    note (reply, "package %s is offered twice, the first counts", offer->id);
  else if (reply->offers->len >= OFFERS_MAX)
    note (reply, "package %s is one too many", offer->id);
  else
    g_ptr_array_add (reply->offers, g_steal_pointer (&offer));
}

/* TYPE tells; where it is missing, the attributes do, which is all that the Windows agent goes by (F/PrologResponse.cpp). */
static void
read_download (OcsReply *reply, JsonArray *params)
{
  gboolean paced = FALSE;

  reply->has_download = TRUE;
  for (guint i = 0; params != NULL && i < json_array_get_length (params); i++) {
    JsonNode *node = json_array_get_element (params, i);
    g_autoptr (GHashTable) attributes = NULL;
    const char *type;

    if (!JSON_NODE_HOLDS_OBJECT (node))
      continue;
    attributes = ocs_json_string_map (json_node_get_object (node), "attributes");
    type = attribute (attributes, "TYPE");
    if (g_str_equal (type, "PACK") || (*type == '\0' && *attribute (attributes, "ID") != '\0'))
      read_offer (reply, attributes);
    else if (!paced && (g_str_equal (type, "CONF") || (*type == '\0' && has_pacing (attributes)))) {
      read_pacing (reply, attributes);
      paced = TRUE;
    }
  }
  if (!paced)
    reply->pacing.on = TRUE; /* the Windows agent starts its download unless ON is 0 */
}

/* <PARAM IPDISC_LAT="100">192.0.2.0</PARAM> (OCSInventory-Server Capacities/Ipdiscover.pm) */
static void
read_ipdiscover (OcsReply *reply, JsonArray *params)
{
  JsonNode *node = params != NULL && json_array_get_length (params) > 0 ? json_array_get_element (params, 0) : NULL;
  JsonObject *param = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *text = param != NULL ? ocs_json_string (param, "text") : NULL;
  g_autoptr (GHashTable) attributes = param != NULL ? ocs_json_string_map (param, "attributes") : NULL;
  g_autofree char *subnet = text != NULL ? g_strstrip (g_strdup (text)) : NULL;

  if (subnet == NULL || !g_hostname_is_ip_address (subnet)) {
    note (reply, "the server's network for IPDISCOVER is none");
    return;
  }
  if (!ocs_text_to_int (attribute (attributes, "IPDISC_LAT"), 1, 60000, &reply->scan_latency))
    reply->scan_latency = SCAN_LATENCY;
  g_free (reply->scan_subnet);
  reply->scan_subnet = g_steal_pointer (&subnet);
}

static void
read_options (OcsReply *reply, JsonArray *options)
{
  guint count = options != NULL ? json_array_get_length (options) : 0;

  reply->switched_off = count == 0 && g_str_equal (reply->response, "STOP");
  for (guint i = 0; i < count; i++) {
    JsonNode *node = json_array_get_element (options, i);
    JsonObject *option = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    const char *name = option != NULL ? ocs_json_string (option, "name") : NULL;

    if (g_strcmp0 (name, "DOWNLOAD") == 0)
      read_download (reply, ocs_json_array (option, "params"));
    else if (g_strcmp0 (name, "IPDISCOVER") == 0)
      read_ipdiscover (reply, ocs_json_array (option, "params"));
  }
}

static void
read_account (OcsReply *reply, JsonArray *account)
{
  for (guint i = 0; account != NULL && i < json_array_get_length (account) && i < ACCOUNT_MAX; i++) {
    JsonNode *node = json_array_get_element (account, i);
    JsonObject *pair = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    const char *name = pair != NULL ? ocs_json_string (pair, "name") : NULL;
    const char *value = pair != NULL ? ocs_json_string (pair, "value") : NULL;

    if (name != NULL && *name != '\0')
      g_ptr_array_add (reply->account, ocs_pair_new (name, value != NULL ? value : ""));
  }
}

static void
read_freq (OcsReply *reply, JsonObject *object)
{
  gint64 freq = ocs_json_int (object, "prolog_freq", 0);

  if (freq > HOURS_MAX || freq < 0)
    note (reply, "the server's PROLOG_FREQ is not a number of hours that makes sense and is ignored");
  else
    reply->prolog_freq = freq;
  if (json_object_has_member (object, "inventory_on_startup")) {
    gboolean on = ocs_json_bool (object, "inventory_on_startup", FALSE);

    /* null, or another type: both fallbacks come back */
    reply->inventory_on_startup = on == ocs_json_bool (object, "inventory_on_startup", TRUE) ? on : -1;
  }
}

OcsReply *
ocs_reply_from_json (JsonObject *object, GError **error)
{
  g_autoptr (OcsReply) reply = g_new0 (OcsReply, 1);
  const char *response = ocs_json_string (object, "response");

  if (response == NULL || *response == '\0') {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the server's reply has no RESPONSE: check Server= in ocsinventory.ini");
    return NULL;
  }
  reply->response = g_strdup (response);
  reply->wants_inventory = g_str_equal (response, "SEND");
  reply->inventory_on_startup = -1;
  reply->offers = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_offer_free);
  reply->account = ocs_pairs_new ();
  ocs_pacing_init (&reply->pacing);
  read_freq (reply, object);
  read_options (reply, ocs_json_array (object, "options"));
  read_account (reply, ocs_json_array (object, "account"));
  return g_steal_pointer (&reply);
}

void
ocs_reply_free (OcsReply *reply)
{
  if (reply == NULL)
    return;
  g_free (reply->response);
  g_clear_pointer (&reply->offers, g_ptr_array_unref);
  g_clear_pointer (&reply->account, g_ptr_array_unref);
  g_free (reply->problems);
  g_free (reply->scan_subnet);
  g_free (reply);
}
