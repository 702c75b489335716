/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads and matches the rules of misbehaviour. No input or output here. */
#include "tests/lab/lab-rule.h"

#include <gio/gio.h>

static const char *const known_members[] = {"pattern",        "method",         "skip",          "times",          "status",
                                            "delay_ms",       "stall_after",    "stall_ms",      "truncate_after", "corrupt_at",
                                            "corrupt_length", "content_length", "rate",          "body",           "content_type",
                                            "close",          "reset",          "no_validators", "headers",        NULL};

static void
rule_clear (gpointer data)
{
  OcsLabRule *rule = data;
  g_free (rule->pattern);
  g_free (rule->method);
  g_free (rule->body);
  g_free (rule->content_type);
  g_clear_pointer (&rule->headers, g_hash_table_unref);
}

OcsLabRule *
ocs_lab_rule_ref (OcsLabRule *rule)
{
  return g_rc_box_acquire (rule);
}

void
ocs_lab_rule_unref (OcsLabRule *rule)
{
  g_rc_box_release_full (rule, rule_clear);
}

/* A typing error in a test must fail at once, not make the rule do nothing. */
static gboolean
check_members (JsonObject *object, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);
  for (GList *member = members; member; member = member->next) {
    if (!g_strv_contains (known_members, member->data)) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "a rule has no member '%s'", (const char *)member->data);
      return FALSE;
    }
  }
  if (!json_object_get_string_member_with_default (object, "pattern", NULL)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "a rule needs a pattern");
    return FALSE;
  }
  return TRUE;
}

static gint64
int_member (JsonObject *object, const char *name, gint64 fallback)
{
  return json_object_get_int_member_with_default (object, name, fallback);
}

static char *
text_member (JsonObject *object, const char *name)
{
  return g_strdup (json_object_get_string_member_with_default (object, name, NULL));
}

static void
on_header (JsonObject *object, const char *name, JsonNode *value, gpointer headers)
{
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_string (value))
    g_hash_table_insert (headers, g_strdup (name), g_strdup (json_node_get_string (value)));
}

OcsLabRule *
ocs_lab_rule_parse (JsonObject *object, GError **error)
{
  if (!check_members (object, error))
    return NULL;
  OcsLabRule *rule = g_rc_box_new0 (OcsLabRule);
  rule->pattern = text_member (object, "pattern");
  rule->method = text_member (object, "method");
  rule->skip = int_member (object, "skip", 0);
  rule->times = int_member (object, "times", -1);
  rule->status = (guint)int_member (object, "status", 0);
  rule->delay_ms = (guint)int_member (object, "delay_ms", 0);
  rule->stall_after = int_member (object, "stall_after", -1);
  rule->stall_ms = (guint)int_member (object, "stall_ms", 600000);
  rule->truncate_after = int_member (object, "truncate_after", -1);
  rule->corrupt_at = int_member (object, "corrupt_at", -1);
  rule->corrupt_length = int_member (object, "corrupt_length", 16);
  rule->content_length = int_member (object, "content_length", -1);
  rule->rate = int_member (object, "rate", 0);
  rule->body = text_member (object, "body");
  rule->content_type = text_member (object, "content_type");
  rule->close = json_object_get_boolean_member_with_default (object, "close", FALSE);
  rule->reset = json_object_get_boolean_member_with_default (object, "reset", FALSE);
  rule->no_validators = json_object_get_boolean_member_with_default (object, "no_validators", FALSE);
  rule->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (json_object_has_member (object, "headers"))
    json_object_foreach_member (json_object_get_object_member (object, "headers"), on_header, rule->headers);
  return rule;
}

OcsLabRule *
ocs_lab_rule_match (GPtrArray *rules, const char *method, const char *path)
{
  for (guint i = 0; i < rules->len; i++) {
    OcsLabRule *rule = g_ptr_array_index (rules, i);
    if (rule->times == 0 || (rule->method && !g_str_equal (rule->method, method)) || !g_pattern_match_simple (rule->pattern, path))
      continue;
    if (rule->skip > 0) {
      rule->skip--;
      continue;
    }
    if (rule->times > 0)
      rule->times--;
    rule->used++;
    return ocs_lab_rule_ref (rule);
  }
  return NULL;
}
