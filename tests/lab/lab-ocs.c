/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the real server does with PROLOG, INVENTORY, DOWNLOAD, NOTIFY and UPDATE. Order of elements in a reply is random there, so here too.
 */
#include "tests/lab/lab-ocs.h"

#include "tests/lab/lab-device.h"
#include "tests/lab/lab-xml.h"

#include <string.h>

static const char default_config[] =
    "{\"response\":\"AUTO\",\"prolog_freq\":24,\"inventory_on_startup\":1,\"accountinfo\":{},\"label\":null,\"check_user_agent\":true,"
    "\"user\":null,\"password\":null,\"download\":{\"ON\":\"1\",\"FRAG_LATENCY\":\"0\",\"CYCLE_LATENCY\":\"0\",\"PERIOD_LATENCY\":\"1\","
    "\"PERIOD_LENGTH\":\"10\",\"TIMEOUT\":\"30\",\"EXECUTION_TIMEOUT\":\"120\"}}";

typedef struct {
  OcsLabOcs *ocs;         /* borrowed: lives longer */
  OcsLabRequest *request; /* borrowed: the caller's */
  xmlNode *root;          /* borrowed: of the parsed body */
  const char *xml;        /* borrowed: the text of the body */
  const char *device_id;  /* borrowed */
  OcsLabForm form;
} Question;

OcsLabOcs *
ocs_lab_ocs_new (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  OcsLabOcs *ocs = g_new0 (OcsLabOcs, 1);
  if (json_parser_load_from_data (parser, default_config, -1, NULL))
    ocs->config = json_object_ref (json_node_get_object (json_parser_get_root (parser)));
  ocs->devices = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, ocs_lab_device_free);
  ocs->packages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_object_unref);
  return ocs;
}

void
ocs_lab_ocs_free (OcsLabOcs *ocs)
{
  json_object_unref (ocs->config);
  g_hash_table_unref (ocs->devices);
  g_hash_table_unref (ocs->packages);
  g_free (ocs);
}

static const char *
config_text (const OcsLabOcs *ocs, const char *name)
{
  return json_object_get_string_member_with_default (ocs->config, name, NULL);
}

static OcsLabReply *
reply_xml (const Question *question, const char *text)
{
  OcsLabReply *reply = ocs_lab_reply_new_bytes (200, "application/x-compressed", ocs_lab_xml_pack (text, question->form));
  ocs_lab_reply_set_header (reply, "Cache-Control", "no-cache");
  return reply;
}

/* Joins the parts of a REPLY in random order. parts: element-type char*. */
static OcsLabReply *
reply_parts (const Question *question, GPtrArray *parts)
{
  g_autoptr (GString) text = g_string_new ("<?xml version='1.0' encoding='UTF-8'?>\n<REPLY>\n");
  while (parts->len > 0) {
    guint pick = (guint)g_random_int_range (0, (gint32)parts->len);
    g_string_append_printf (text, "  %s\n", (const char *)g_ptr_array_index (parts, pick));
    g_ptr_array_remove_index_fast (parts, pick);
  }
  g_string_append (text, "</REPLY>\n");
  return reply_xml (question, text->str);
}

/* Useragent.pm of 2.8.1: a known name, and the version cut after "digit dot digit" not above 2.8. */
static gboolean
user_agent_is_known (const char *agent)
{
  static const char *const names[] = {"OCS-NG_unified_unix_agent", "OCS-NG_WINDOWS_AGENT", "OCS-NG_windows_mobile_agent",
                                      "OCS-NG_iOS_agent",          "OCS-NG_Android_agent", NULL};
  const char *mark = agent ? g_strrstr (agent, "_v") : NULL;
  if (!mark || strpbrk (agent, "<>\"';"))
    return FALSE;
  g_autofree char *name = g_strndup (agent, (gsize)(mark - agent));
  g_autofree char *version = g_strdup (mark + 2);
  for (char *at = version; *at; at++) {
    if (g_ascii_isdigit (at[0]) && at[1] == '.' && g_ascii_isdigit (at[2])) {
      at[3] = '\0';
      break;
    }
  }
  return g_strv_contains (names, name) && g_ascii_strtod (version, NULL) <= 2.8;
}

static void
on_attribute (JsonObject *object, const char *name, JsonNode *value, gpointer text)
{
  g_autofree char *plain = NULL;
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    plain = g_markup_printf_escaped (" %s=\"%s\"", name, json_node_get_string (value));
  else if (JSON_NODE_HOLDS_VALUE (value))
    plain = g_strdup_printf (" %s=\"%" G_GINT64_FORMAT "\"", name, json_node_get_int (value));
  if (plain)
    g_string_append (text, plain);
}

static const char *
package_text (JsonObject *package, const char *name, const char *fallback)
{
  return json_object_get_string_member_with_default (package, name, fallback);
}

static void
write_package (const OcsLabOcs *ocs, const char *id, JsonObject *package, GString *text)
{
  g_autofree char *info = g_strdup_printf ("127.0.0.1:%u/download", ocs->tls_port ? ocs->tls_port : ocs->port);
  g_autofree char *pack = g_strdup_printf ("127.0.0.1:%u/download", ocs->port);
  g_autofree char *param = g_markup_printf_escaped (
      "    <PARAM TYPE=\"PACK\" ID=\"%s\" INFO_LOC=\"%s\" PACK_LOC=\"%s\" CERT_PATH=\"%s\" CERT_FILE=\"%s\" SCHEDULE=\"%s\" POSTCMD=\"%s\""
      " FORCE=\"%d\" />\n",
      id, package_text (package, "info_loc", info), package_text (package, "pack_loc", pack),
      package_text (package, "cert_path", "INSTALL_PATH"), package_text (package, "cert_file", "INSTALL_PATH/cacert.pem"),
      package_text (package, "schedule", ""), package_text (package, "postcmd", ""),
      json_object_get_boolean_member_with_default (package, "force", FALSE));
  g_string_append (text, param);
}

/* Download.pm: offered while there is no result or only NOTIFIED; in the history and not forced: closed as already there. */
static void
offer_packages (const OcsLabOcs *ocs, OcsLabDevice *device, GString *text)
{
  GHashTableIter iter;
  gpointer id, package;
  g_hash_table_iter_init (&iter, ocs->packages);
  while (g_hash_table_iter_next (&iter, &id, &package)) {
    const char *result = g_hash_table_lookup (device->results, id);
    if (!ocs_lab_device_is_meant (device, package) || (result && *result && !g_str_equal (result, "NOTIFIED")))
      continue;
    if (g_hash_table_contains (device->history, id) && !json_object_get_boolean_member_with_default (package, "force", FALSE)) {
      ocs_lab_device_set_result (device, id, "SUCCESS_ALREADY_IN_HISTORY");
      continue;
    }
    write_package (ocs, id, package, text);
    ocs_lab_device_set_result (device, id, "NOTIFIED");
  }
}

static char *
download_option (const OcsLabOcs *ocs, OcsLabDevice *device)
{
  JsonNode *node = json_object_get_member (ocs->config, "download");
  if (!node || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  GString *text = g_string_new ("<OPTION>\n    <NAME>DOWNLOAD</NAME>\n    <PARAM TYPE=\"CONF\"");
  JsonObject *conf = json_node_get_object (node);
  json_object_foreach_member (conf, on_attribute, text);
  g_string_append (text, " />\n");
  if (device && !g_str_equal (package_text (conf, "ON", "1"), "0"))
    offer_packages (ocs, device, text);
  g_string_append (text, "  </OPTION>");
  return g_string_free (text, FALSE);
}

static OcsLabReply *
serve_prolog (const Question *question)
{
  OcsLabOcs *ocs = question->ocs;
  const char *agent = ocs_lab_request_header (question->request, "user-agent");
  const char *response = config_text (ocs, "response");
  if (json_object_get_boolean_member_with_default (ocs->config, "check_user_agent", TRUE) && !user_agent_is_known (agent))
    return ocs_lab_reply_new_text (400, "text/html", "<html><body><h1>Bad Request</h1></body></html>\n");
  /* A device is known from its first inventory on; before that it gets no package. */
  OcsLabDevice *device = g_hash_table_lookup (ocs->devices, question->device_id);
  if (device) {
    device->prologs++;
    g_free (device->user_agent);
    device->user_agent = g_strdup (agent);
  }
  if (!response || g_str_equal (response, "AUTO"))
    response = device ? "STOP" : "SEND";
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  if (g_str_equal (response, "OFF")) {
    g_ptr_array_add (parts, g_strdup ("<RESPONSE>STOP</RESPONSE>"));
    return reply_parts (question, parts);
  }
  g_ptr_array_add (parts, g_markup_printf_escaped ("<RESPONSE>%s</RESPONSE>", response));
  g_ptr_array_add (parts, g_strdup_printf ("<PROLOG_FREQ>%" G_GINT64_FORMAT "</PROLOG_FREQ>",
                                           json_object_get_int_member_with_default (ocs->config, "prolog_freq", 24)));
  g_ptr_array_add (parts, g_strdup_printf ("<INVENTORY_ON_STARTUP>%" G_GINT64_FORMAT "</INVENTORY_ON_STARTUP>",
                                           json_object_get_int_member_with_default (ocs->config, "inventory_on_startup", 1)));
  char *option = download_option (ocs, device);
  if (option)
    g_ptr_array_add (parts, option);
  return reply_parts (question, parts);
}

/* Inventory.pm: the pairs are sent where the device did not echo each of them, all and equal; a new device keeps what it sent. */
static OcsLabReply *
reply_account (const Question *question, OcsLabDevice *device, gboolean is_new, gboolean equal)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer name, value;
  if (is_new || equal) {
    g_ptr_array_add (parts, g_strdup ("<RESPONSE>NO_ACCOUNT_UPDATE</RESPONSE>"));
    return reply_parts (question, parts);
  }
  g_ptr_array_add (parts, g_strdup ("<RESPONSE>ACCOUNT_UPDATE</RESPONSE>"));
  g_hash_table_iter_init (&iter, device->account);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_ptr_array_add (parts, g_markup_printf_escaped ("<ACCOUNTINFO><KEYNAME>%s</KEYNAME><KEYVALUE>%s</KEYVALUE></ACCOUNTINFO>",
                                                     (const char *)name, (const char *)value));
  return reply_parts (question, parts);
}

static void
on_admin_account (JsonObject *object, const char *name, JsonNode *value, gpointer account)
{
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    g_hash_table_insert (account, g_strdup (name), json_node_dup_string (value));
}

static OcsLabReply *
serve_inventory (const Question *question)
{
  xmlNode *content = ocs_lab_xml_child (question->root, "CONTENT");
  /* Two of a section that is a single hash there make the real handler die. */
  if (!content || ocs_lab_xml_count (content, "HARDWARE") > 1 || ocs_lab_xml_count (content, "BIOS") > 1)
    return ocs_lab_reply_new_text (500, "text/html", "<html><body><h1>Internal Server Error</h1></body></html>\n");
  OcsLabDevice *device = g_hash_table_lookup (question->ocs->devices, question->device_id);
  gboolean is_new = device == NULL;
  if (is_new) {
    device = ocs_lab_device_new (question->device_id);
    g_hash_table_insert (question->ocs->devices, device->id, device);
  }
  g_autoptr (GHashTable) echoed = ocs_lab_device_take_inventory (device, content, question->xml);
  if (is_new)
    ocs_lab_device_adopt_account (device, echoed);
  json_object_foreach_member (json_object_get_object_member (question->ocs->config, "accountinfo"), on_admin_account, device->account);
  return reply_account (question, device, is_new, ocs_lab_device_account_equals (device, echoed));
}

static OcsLabReply *
serve_download (const Question *question)
{
  OcsLabDevice *device = g_hash_table_lookup (question->ocs->devices, question->device_id);
  g_autofree char *id = ocs_lab_xml_value (question->root, "ID");
  g_autofree char *err = ocs_lab_xml_value (question->root, "ERR");
  if (device && id)
    ocs_lab_device_report (device, id, err ? err : "UNKNOWN_CODE");
  return ocs_lab_reply_new (200);
}

static OcsLabReply *
serve_notify (const Question *question)
{
  OcsLabDevice *device = g_hash_table_lookup (question->ocs->devices, question->device_id);
  if (device)
    device->notifies++;
  return ocs_lab_reply_new (200);
}

static OcsLabReply *
dispatch (const Question *question, const char *query)
{
  if (g_strcmp0 (query, "UPDATE") == 0)
    return reply_xml (question, "<?xml version='1.0' encoding='UTF-8'?>\n<REPLY>\n  <RESPONSE>NO_UPDATE</RESPONSE>\n</REPLY>\n");
  if (!question->device_id || !g_regex_match_simple ("^.+-\\d{4}(?:-\\d{2}){5}$", question->device_id, G_REGEX_DOLLAR_ENDONLY, 0))
    return ocs_lab_reply_new (400);
  if (g_strcmp0 (query, "PROLOG") == 0)
    return serve_prolog (question);
  if (g_strcmp0 (query, "INVENTORY") == 0)
    return serve_inventory (question);
  if (g_strcmp0 (query, "DOWNLOAD") == 0)
    return serve_download (question);
  if (g_strcmp0 (query, "NOTIFY") == 0)
    return serve_notify (question);
  return ocs_lab_reply_new (400);
}

static OcsLabReply *
serve_post (OcsLabOcs *ocs, OcsLabRequest *request)
{
  Question question = {.ocs = ocs, .request = request};
  /* A chunked body has no length: the real handler reads nothing then. */
  g_autoptr (GBytes) text = request->has_length ? ocs_lab_xml_unpack (request->body->data, request->body->len, &question.form) : NULL;
  g_autoptr (xmlDoc) doc = text ? ocs_lab_xml_parse (text) : NULL;
  if (!doc)
    return ocs_lab_reply_new_text (500, "text/html", "<html><body><h1>Internal Server Error</h1></body></html>\n");
  question.root = xmlDocGetRootElement (doc);
  g_autofree char *query = ocs_lab_xml_value (question.root, "QUERY");
  g_autofree char *device_id = ocs_lab_xml_value (question.root, "DEVICEID");
  g_autofree char *xml = g_utf8_make_valid (g_bytes_get_data (text, NULL), (gssize)g_bytes_get_size (text));
  if (!device_id)
    device_id = ocs_lab_xml_value (ocs_lab_xml_child (question.root, "CONTENT"), "DEVICEID");
  question.device_id = device_id;
  question.xml = xml;
  json_object_set_string_member (request->record, "query", query ? query : "");
  json_object_set_string_member (request->record, "deviceid", device_id ? device_id : "");
  json_object_set_string_member (request->record, "xml", xml);
  return dispatch (&question, query);
}

static OcsLabReply *
serve_get (const OcsLabOcs *ocs, const OcsLabRequest *request)
{
  const char *label = config_text (ocs, "label");
  if (!g_str_has_suffix (request->path, "/deploy/label"))
    return ocs_lab_reply_new (strstr (request->path, "/deploy/") ? 403 : 400);
  return label ? ocs_lab_reply_new_text (200, "application/octet-stream", label) : ocs_lab_reply_new (403);
}

OcsLabReply *
ocs_lab_ocs_serve (OcsLabOcs *ocs, OcsLabRequest *request)
{
  const char *user = config_text (ocs, "user");
  if (user && (g_strcmp0 (user, request->user) != 0 || g_strcmp0 (config_text (ocs, "password"), request->password) != 0)) {
    OcsLabReply *reply = ocs_lab_reply_new_text (401, "text/html", "<html><body><h1>Unauthorized</h1></body></html>\n");
    ocs_lab_reply_set_header (reply, "WWW-Authenticate", "Basic realm=\"OCS Inventory agent area\"");
    return reply;
  }
  if (g_str_equal (request->method, "POST"))
    return serve_post (ocs, request);
  if (g_str_equal (request->method, "GET") || g_str_equal (request->method, "HEAD"))
    return serve_get (ocs, request);
  return ocs_lab_reply_new (403);
}

void
ocs_lab_ocs_redeploy (OcsLabOcs *ocs, const char *id, const char *device_id, gboolean force)
{
  GHashTableIter iter;
  gpointer value;
  JsonObject *package = g_hash_table_lookup (ocs->packages, id);
  if (package)
    json_object_set_boolean_member (package, "force", force);
  g_hash_table_iter_init (&iter, ocs->devices);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    OcsLabDevice *device = value;
    if (device_id && !g_str_equal (device->id, device_id))
      continue;
    g_hash_table_remove (device->results, id);
    if (!force)
      g_hash_table_remove (device->history, id);
  }
}

JsonObject *
ocs_lab_ocs_describe (OcsLabOcs *ocs)
{
  JsonObject *state = json_object_new ();
  JsonObject *devices = json_object_new ();
  JsonObject *packages = json_object_new ();
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init (&iter, ocs->devices);
  while (g_hash_table_iter_next (&iter, &key, &value))
    json_object_set_object_member (devices, key, ocs_lab_device_describe (value));
  g_hash_table_iter_init (&iter, ocs->packages);
  while (g_hash_table_iter_next (&iter, &key, &value))
    json_object_set_object_member (packages, key, json_object_ref (value));
  json_object_set_object_member (state, "devices", devices);
  json_object_set_object_member (state, "packages", packages);
  json_object_set_object_member (state, "config", json_object_ref (ocs->config));
  return state;
}
