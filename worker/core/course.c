/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/course.h"
#include "ipc/error.h"
#include "ipc/json.h"

static OcsReached
reached_from_name (const char *name)
{
  static const char *const names[] = {"nothing", "resolved", "connected", "tunnelled", "answered"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      return (OcsReached)i;
  return OCS_REACHED_NOTHING;
}

static char *
join_offers (JsonArray *offers)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; offers != NULL && i < MIN (json_array_get_length (offers), 8); i++) {
    JsonNode *node = json_array_get_element (offers, i);

    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", json_node_get_string (node));
  }
  return g_string_free (text, FALSE);
}

static OcsReason *
read_reason (JsonObject *object)
{
  const char *code = ocs_json_string (object, "error");
  const char *message = ocs_json_string (object, "message");

  return code != NULL ? ocs_reason_new (code, message != NULL ? message : code) : NULL;
}

/* A SOCKS proxy says no before libcurl counts the connection as made. */
static gboolean
has_proxy_spoken (const OcsCourse *course)
{
  OcsError code = course->reason != NULL ? ocs_error_from_nick (course->reason->code) : OCS_ERROR_FAILED;

  return course->proxy != NULL && (code == OCS_ERROR_PROXY_AUTH || code == OCS_ERROR_PROXY_REFUSED || code == OCS_ERROR_UNREACHABLE);
}

OcsCourse *
ocs_course_from_json (JsonObject *object)
{
  OcsCourse *course = g_new0 (OcsCourse, 1);
  JsonObject *traffic = ocs_json_object (object, "traffic");

  course->reached = reached_from_name (ocs_json_string (object, "reached"));
  course->connect_status = (int)ocs_json_int (object, "connect_status", 0);
  course->status = (int)ocs_json_int (traffic, "http_status", 0);
  course->resolve_ms = ocs_json_int (object, "resolve_ms", 0);
  course->connect_ms = ocs_json_int (object, "connect_ms", 0);
  course->first_ms = ocs_json_int (traffic, "first_byte_ms", 0);
  course->total_ms = ocs_json_int (traffic, "total_ms", 0);
  course->date = ocs_json_int (traffic, "date", 0);
  course->verdict = ocs_verdict_from_name (ocs_json_string (traffic, "verdict"));
  course->proxy = g_strdup (ocs_json_string (traffic, "proxy"));
  course->offers = join_offers (ocs_json_array (object, "offers"));
  course->auth = g_strdup (ocs_json_string (object, "auth"));
  course->uncacheable = g_strdup (ocs_json_string (object, "uncacheable"));
  course->page = ocs_json_bool (object, "page", FALSE);
  course->bytes = ocs_json_int (traffic, "bytes", 0);
  course->reason = read_reason (object);
  course->before = read_reason (ocs_json_object (object, "before"));
  if (course->reached == OCS_REACHED_RESOLVED && has_proxy_spoken (course)) {
    course->reached = OCS_REACHED_CONNECTED;
    course->connect_ms = MAX (course->connect_ms, course->resolve_ms);
  }
  return course;
}

OcsCourse *
ocs_course_new_failed (const GError *error)
{
  OcsCourse *course = ocs_course_from_json (NULL);

  course->reason = ocs_reason_new_from_error (error);
  return course;
}

void
ocs_course_free (OcsCourse *course)
{
  if (course == NULL)
    return;
  g_free (course->proxy);
  g_free (course->offers);
  g_free (course->auth);
  g_free (course->uncacheable);
  ocs_reason_free (course->reason);
  ocs_reason_free (course->before);
  g_free (course);
}

gboolean
ocs_course_is_ocs (const OcsCourse *course)
{
  /* To a GET it says 400 (OCSInventory-Server Apache/Ocsinventory.pm, handler()); one behind a gateway may say 405. */
  return course->reached == OCS_REACHED_ANSWERED && (course->status == 400 || course->status == 405);
}

gboolean
ocs_course_is_good (const OcsCourse *course)
{
  return course->reason == NULL && course->status == 200 && course->bytes > 0;
}
