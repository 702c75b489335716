/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routing and the control interface. */
#include "tests/lab/lab-control.h"

#include "tests/lab/lab-files.h"

#include <string.h>

OcsLabControl *
ocs_lab_control_new (const char *root)
{
  OcsLabControl *control = g_new0 (OcsLabControl, 1);
  control->rules = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_lab_rule_unref);
  control->log = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  control->ocs = ocs_lab_ocs_new ();
  control->root = g_strdup (root);
  return control;
}

void
ocs_lab_control_free (OcsLabControl *control)
{
  g_ptr_array_unref (control->rules);
  g_ptr_array_unref (control->log);
  ocs_lab_ocs_free (control->ocs);
  g_free (control->root);
  g_free (control);
}

/* object: transfer full. */
static OcsLabReply *
reply_json (guint status, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = json_to_string (node, FALSE);
  json_object_unref (object);
  OcsLabReply *reply = ocs_lab_reply_new_text (status, "application/json", text);
  ocs_lab_reply_set_header (reply, "Cache-Control", "no-store");
  return reply;
}

static OcsLabReply *
reply_error (guint status, const char *message)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "error", message);
  return reply_json (status, object);
}

static OcsLabReply *
reply_done (void)
{
  return reply_json (200, json_object_new ());
}

static OcsLabReply *
get_log (const OcsLabControl *control)
{
  JsonObject *object = json_object_new ();
  JsonArray *log = json_array_new ();
  for (guint i = 0; i < control->log->len; i++)
    json_array_add_object_element (log, json_object_ref (g_ptr_array_index (control->log, i)));
  json_object_set_array_member (object, "log", log);
  return reply_json (200, object);
}

static OcsLabReply *
get_state (const OcsLabControl *control)
{
  JsonObject *state = ocs_lab_ocs_describe (control->ocs);
  JsonArray *rules = json_array_new ();
  for (guint i = 0; i < control->rules->len; i++) {
    const OcsLabRule *rule = g_ptr_array_index (control->rules, i);
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "pattern", rule->pattern);
    json_object_set_int_member (object, "used", rule->used);
    json_array_add_object_element (rules, object);
  }
  json_object_set_array_member (state, "rules", rules);
  return reply_json (200, state);
}

static const char *
text_of (JsonObject *body, const char *name)
{
  return json_object_get_string_member_with_default (body, name, NULL);
}

static OcsLabReply *
post_config (OcsLabControl *control, JsonObject *body)
{
  g_autoptr (GList) members = json_object_get_members (body);
  JsonObject *config = control->ocs->config;
  for (GList *item = members; item; item = item->next) {
    if (!json_object_has_member (config, item->data))
      return reply_error (400, "the configuration has no such member");
  }
  for (GList *item = members; item; item = item->next)
    json_object_set_member (config, item->data, json_node_copy (json_object_get_member (body, item->data)));
  return reply_done ();
}

static OcsLabReply *
post_package (OcsLabControl *control, JsonObject *body)
{
  const char *id = text_of (body, "id");
  if (!id || !ocs_lab_files_is_safe (id))
    return reply_error (400, "a package needs an id");
  g_hash_table_insert (control->ocs->packages, g_strdup (id), json_object_ref (body));
  return reply_done ();
}

static OcsLabReply *
post_rule (OcsLabControl *control, JsonObject *body)
{
  g_autoptr (GError) error = NULL;
  OcsLabRule *rule = ocs_lab_rule_parse (body, &error);
  if (!rule)
    return reply_error (400, error->message);
  g_ptr_array_add (control->rules, rule);
  return reply_done ();
}

static OcsLabReply *
post_redeploy (OcsLabControl *control, JsonObject *body)
{
  if (!text_of (body, "id"))
    return reply_error (400, "name the id of the package");
  ocs_lab_ocs_redeploy (control->ocs, text_of (body, "id"), text_of (body, "device"),
                        json_object_get_boolean_member_with_default (body, "force", FALSE));
  return reply_done ();
}

static OcsLabReply *
post_drop (OcsLabControl *control, JsonObject *body)
{
  if (!text_of (body, "id") || !g_hash_table_remove (control->ocs->packages, text_of (body, "id")))
    return reply_error (404, "no such package");
  return reply_done ();
}

static OcsLabReply *
post_rules_clear (OcsLabControl *control, JsonObject *body)
{
  g_ptr_array_set_size (control->rules, 0);
  return reply_done ();
}

static OcsLabReply *
post_log_clear (OcsLabControl *control, JsonObject *body)
{
  g_ptr_array_set_size (control->log, 0);
  return reply_done ();
}

static OcsLabReply *
post_reset (OcsLabControl *control, JsonObject *body)
{
  OcsLabOcs *fresh = ocs_lab_ocs_new ();
  fresh->port = control->ocs->port;
  fresh->tls_port = control->ocs->tls_port;
  ocs_lab_ocs_free (control->ocs);
  control->ocs = fresh;
  g_ptr_array_set_size (control->rules, 0);
  g_ptr_array_set_size (control->log, 0);
  return reply_done ();
}

static const struct {
  const char *path;
  OcsLabReply *(*serve) (OcsLabControl *control, JsonObject *body);
} posts[] = {
    {"/_lab/config", post_config},     {"/_lab/package", post_package},     {"/_lab/rule", post_rule},
    {"/_lab/redeploy", post_redeploy}, {"/_lab/drop", post_drop},           {"/_lab/rules/clear", post_rules_clear},
    {"/_lab/reset", post_reset},       {"/_lab/log/clear", post_log_clear},
};

static OcsLabReply *
serve_control (OcsLabControl *control, const OcsLabRequest *request)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonObject) empty = json_object_new ();
  if (g_str_equal (request->method, "GET") && g_str_equal (request->path, "/_lab/log"))
    return get_log (control);
  if (g_str_equal (request->method, "GET") && g_str_equal (request->path, "/_lab/state"))
    return get_state (control);
  JsonObject *body = empty;
  if (request->body->len > 0) {
    if (!json_parser_load_from_data (parser, (const char *)request->body->data, request->body->len, NULL)
        || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
      return reply_error (400, "the body must be a JSON object");
    body = json_node_get_object (json_parser_get_root (parser));
  }
  for (guint i = 0; g_str_equal (request->method, "POST") && i < G_N_ELEMENTS (posts); i++) {
    if (g_str_equal (request->path, posts[i].path))
      return posts[i].serve (control, body);
  }
  return reply_error (404, "no such control");
}

static OcsLabReply *
serve_download (const OcsLabControl *control, const OcsLabRequest *request, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 2);
  g_autofree char *file = NULL;
  JsonObject *package = parts[0] ? g_hash_table_lookup (control->ocs->packages, parts[0]) : NULL;
  if (!g_str_equal (request->method, "GET") && !g_str_equal (request->method, "HEAD"))
    return ocs_lab_reply_new (405);
  if (!ocs_lab_files_is_safe (path))
    return ocs_lab_reply_new (404);
  if (package && text_of (package, "dir") && parts[1])
    file = g_build_filename (text_of (package, "dir"), parts[1], NULL);
  else if (control->root)
    file = g_build_filename (control->root, path, NULL);
  return file ? ocs_lab_files_serve (request, file) : ocs_lab_reply_new (404);
}

OcsLabReply *
ocs_lab_control_serve (OcsLabRequest *request, gpointer data)
{
  OcsLabControl *control = data;
  const char *path = request->path;
  if (g_str_has_prefix (path, "/_lab/"))
    return serve_control (control, request);
  if (g_str_equal (path, "/ocsinventory") || g_str_has_prefix (path, "/ocsinventory/"))
    return ocs_lab_ocs_serve (control->ocs, request);
  if (g_str_has_prefix (path, "/download/"))
    return serve_download (control, request, path + strlen ("/download/"));
  return ocs_lab_reply_new_text (404, "text/html", "<html><body><h1>Not Found</h1></body></html>\n");
}
