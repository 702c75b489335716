/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/trace.h"
#include "ipc/json.h"
#include <string.h>

/* The safest first, which is the order in which libcurl takes them. */
static const struct {
  unsigned long bit;
  const char *name;
} logins[] = {
    {CURLAUTH_NEGOTIATE, "negotiate"},
    {CURLAUTH_DIGEST, "digest"},
    {CURLAUTH_NTLM, "ntlm"},
    {CURLAUTH_BASIC, "basic"},
};

const char *
ocs_trace_login (long allowed, long offered)
{
  unsigned long both = (unsigned long)allowed & (unsigned long)offered;
  const char *only = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (logins); i++) {
    if ((both & logins[i].bit) != 0)
      return logins[i].name;
    if ((unsigned long)allowed == logins[i].bit)
      only = logins[i].name;
  }
  /* The only one that may be used is used without being asked for. */
  return offered == 0 ? only : NULL;
}

static gboolean
has_directive (const char *list, const char *directive)
{
  g_auto (GStrv) parts = g_strsplit (list, ",", 64);

  for (guint i = 0; parts[i] != NULL; i++) {
    g_autofree char *part = g_ascii_strdown (g_strstrip (parts[i]), -1);

    if (g_str_equal (part, directive))
      return TRUE;
  }
  return FALSE;
}

char *
ocs_trace_dup_uncacheable (const OcsHead *head)
{
  static const char *const directives[] = {"no-store", "private", "no-cache", "max-age=0", "s-maxage=0"};
  const char *control = ocs_head_get (head, "cache-control");
  const char *vary = ocs_head_get (head, "vary");

  for (guint i = 0; control != NULL && i < G_N_ELEMENTS (directives); i++)
    if (has_directive (control, directives[i]))
      return g_strconcat ("Cache-Control: ", directives[i], NULL);
  if (vary != NULL && has_directive (vary, "*"))
    return g_strdup ("Vary: *");
  if (control == NULL && ocs_head_get (head, "pragma") != NULL && has_directive (ocs_head_get (head, "pragma"), "no-cache"))
    return g_strdup ("Pragma: no-cache");
  return NULL;
}

static const char *
get_reached (const OcsTraceFacts *facts)
{
  if (facts->status > 0)
    return "answered";
  if (facts->tunnel && facts->connect_status / 100 == 2)
    return "tunnelled";
  if (facts->connect_us > 0)
    return "connected";
  return facts->resolve_us > 0 ? "resolved" : "nothing";
}

JsonObject *
ocs_trace_build (const OcsTraceFacts *facts)
{
  JsonObject *course = json_object_new ();
  JsonArray *offers = json_array_new ();
  g_autofree char *uncacheable = facts->status == 200 ? ocs_trace_dup_uncacheable (facts->head) : NULL;

  json_object_set_string_member (course, "reached", get_reached (facts));
  json_object_set_int_member (course, "connect_status", facts->connect_status);
  json_object_set_int_member (course, "resolve_ms", facts->resolve_us / 1000);
  json_object_set_int_member (course, "connect_ms", facts->connect_us / 1000);
  json_object_set_int_member (course, "tls_ms", facts->tls_us / 1000);
  for (guint i = 0; i < G_N_ELEMENTS (logins); i++)
    if (((unsigned long)facts->offered & logins[i].bit) != 0)
      json_array_add_string_element (offers, logins[i].name);
  json_object_set_array_member (course, "offers", offers);
  if (facts->proxied)
    ocs_json_set_string (course, "auth", facts->socks_login ? "password" : ocs_trace_login (facts->allowed, facts->offered));
  json_object_set_int_member (course, "size", ocs_head_get_size (facts->head, "content-length"));
  ocs_json_set_string (course, "uncacheable", uncacheable);
  return course;
}
