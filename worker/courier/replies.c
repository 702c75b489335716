/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/replies.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include "worker/courier/zip.h"
#include <libxml/parser.h>
#include <string.h>

typedef xmlDoc OcsXmlDoc;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsXmlDoc, xmlFreeDoc)
typedef xmlParserCtxt OcsXmlContext;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsXmlContext, xmlFreeParserCtxt)

/* What else the trailer holds beside the reply. */
#define TRAILER_ROOM (64 * 1024)

static gboolean
is_element (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *)node->name, name) == 0;
}

/* Text directly below node, without the white space around it. */
static char *
dup_text (const xmlNode *node)
{
  GString *text = g_string_new (NULL);

  for (const xmlNode *child = node->children; child != NULL; child = child->next)
    if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && child->content != NULL)
      g_string_append (text, (const char *)child->content);
  return g_strstrip (g_string_free (text, FALSE));
}

/* The child element or the attribute called name: XML::Simple takes both for the same. NULL where there is neither. */
static char *
dup_value (const xmlNode *node, const char *name)
{
  for (const xmlNode *child = node->children; child != NULL; child = child->next)
    if (is_element (child, name))
      return dup_text (child);
  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    if (strcmp ((const char *)attribute->name, name) == 0)
      return dup_text ((const xmlNode *)attribute);
  return NULL;
}

static void
add_param (JsonArray *params, const xmlNode *node)
{
  JsonObject *param = json_object_new ();
  JsonObject *attributes = json_object_new ();
  g_autofree char *text = dup_text (node);

  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next) {
    g_autofree char *value = dup_text ((const xmlNode *)attribute);

    json_object_set_string_member (attributes, (const char *)attribute->name, value);
  }
  json_object_set_object_member (param, "attributes", attributes);
  json_object_set_string_member (param, "text", text);
  json_array_add_object_element (params, param);
}

static void
add_option (JsonArray *options, const xmlNode *node)
{
  JsonObject *option = json_object_new ();
  JsonArray *params = json_array_new ();
  g_autofree char *name = dup_value (node, "NAME");

  for (const xmlNode *child = node->children; child != NULL; child = child->next)
    if (is_element (child, "PARAM"))
      add_param (params, child);
  json_object_set_string_member (option, "name", name != NULL ? name : "");
  json_object_set_array_member (option, "params", params);
  json_array_add_object_element (options, option);
}

static void
add_account (JsonArray *account, const xmlNode *node)
{
  JsonObject *pair;
  g_autofree char *name = dup_value (node, "KEYNAME");
  g_autofree char *value = dup_value (node, "KEYVALUE");

  if (name == NULL || *name == '\0')
    return;
  pair = json_object_new ();
  json_object_set_string_member (pair, "name", name);
  json_object_set_string_member (pair, "value", value != NULL ? value : "");
  json_array_add_object_element (account, pair);
}

/* -1 where text is absent or no number. */
static gint64
parse_number (const char *text)
{
  gint64 number;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, 0, G_MAXINT32, &number, NULL))
    return -1;
  return number;
}

static JsonObject *
build_reply (const xmlNode *root)
{
  JsonObject *reply = json_object_new ();
  JsonArray *options = json_array_new ();
  JsonArray *account = json_array_new ();
  g_autofree char *response = dup_value (root, "RESPONSE");
  g_autofree char *freq = dup_value (root, "PROLOG_FREQ");
  g_autofree char *startup = dup_value (root, "INVENTORY_ON_STARTUP");

  json_object_set_string_member (reply, "response", response != NULL ? response : "");
  if (parse_number (freq) >= 0)
    json_object_set_int_member (reply, "prolog_freq", parse_number (freq));
  if (parse_number (startup) >= 0)
    json_object_set_boolean_member (reply, "inventory_on_startup", parse_number (startup) != 0);
  for (const xmlNode *child = root->children; child != NULL; child = child->next) {
    if (is_element (child, "OPTION"))
      add_option (options, child);
    else if (is_element (child, "ACCOUNTINFO"))
      add_account (account, child);
  }
  json_object_set_array_member (reply, "options", options);
  json_object_set_array_member (reply, "account", account);
  return reply;
}

/* No OCS server sends a DOCTYPE; entities live there. */
static void
on_sax_internal_subset (void *context, const xmlChar *name, const xmlChar *external_id, const xmlChar *system_id)
{
  xmlStopParser (context);
}

static xmlDoc *
parse_xml (const char *text, gsize length)
{
  g_autoptr (OcsXmlContext) context = xmlNewParserCtxt ();
  g_autoptr (OcsXmlDoc) doc = NULL;

  if (context == NULL)
    return NULL;
  context->sax->internalSubset = on_sax_internal_subset;
  doc = xmlCtxtReadMemory (context, text, (int)length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  return doc != NULL && context->wellFormed ? g_steal_pointer (&doc) : NULL;
}

static gboolean
fail_not_ocs (const char *text, gsize length, const char *host, GError **error)
{
  g_autofree char *start = g_ascii_strdown (text, (gssize)MIN (length, 4096));

  if (strstr (start, "<html") != NULL || strstr (start, "<!doctype html") != NULL)
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY,
                 "%s answered with a web page instead of an OCS reply: check Server= in ocsinventory.ini, the proxy, and whether this "
                 "network wants a login in a browser",
                 host);
  else
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY,
                 "%s answered, but not as an OCS server does: check Server= in ocsinventory.ini, and the proxy", host);
  return FALSE;
}

static gboolean
parse_plain (const char *text, gsize length, const char *host, JsonObject **reply, GError **error)
{
  g_autoptr (OcsXmlDoc) doc = parse_xml (text, length);
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *json = NULL;
  const xmlNode *root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;

  if (root == NULL || !is_element (root, "REPLY"))
    return fail_not_ocs (text, length, host, error);
  object = build_reply (root);
  json = ocs_json_write (object);
  if (strlen (json) > OCS_REPLY_MAX - TRAILER_ROOM) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY,
                 "the reply of %s is larger than %d KiB and is refused: offer fewer packages at a time", host,
                 (OCS_REPLY_MAX - TRAILER_ROOM) / 1024);
    return FALSE;
  }
  *reply = g_steal_pointer (&object);
  return TRUE;
}

gboolean
ocs_replies_parse (const guint8 *body, gsize length, const char *host, JsonObject **reply, GError **error)
{
  g_autoptr (GBytes) plain = NULL;
  const char *text;
  gsize size;

  *reply = NULL;
  if (length == 0)
    return TRUE;
  if (!ocs_zip_is_packed (body, length)) {
    if (length > OCS_REPLIES_PLAIN_MAX)
      return fail_not_ocs ("", 0, host, error);
    return parse_plain ((const char *)body, length, host, reply, error);
  }
  plain = ocs_zip_unpack (body, length, OCS_REPLIES_PLAIN_MAX, error);
  if (plain == NULL)
    return FALSE;
  text = g_bytes_get_data (plain, &size);
  return size == 0 ? TRUE : parse_plain (text, size, host, reply, error);
}
