/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The status and its parts as JSON, by the types of org.ocscompanion.Worker.varlink. What is NULL is left out; what is absent or of
 * another type reads as its default. */
#define G_LOG_DOMAIN "ocs-status"
#include "ipc/json.h"
#include "ipc/status.h"

static JsonObject *
reason_to_json (const OcsReason *reason)
{
  JsonObject *object;

  if (reason == NULL)
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "code", reason->code != NULL ? reason->code : "failed");
  json_object_set_string_member (object, "message", reason->message != NULL ? reason->message : "");
  return object;
}

/* nullable */
static OcsReason *
reason_from_json (JsonObject *object)
{
  const char *code = ocs_json_string (object, "code");
  const char *message = ocs_json_string (object, "message");

  if (object == NULL)
    return NULL;
  return ocs_reason_new (code != NULL ? code : "failed", message != NULL ? message : "");
}

static JsonObject *
job_to_json (const OcsJob *job)
{
  JsonObject *object;

  if (job == NULL)
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "kind", ocs_job_kind_name (job->kind));
  ocs_json_set_string (object, "package", job->package);
  json_object_set_int_member (object, "done", job->done);
  json_object_set_int_member (object, "total", job->total);
  json_object_set_int_member (object, "rate", job->rate);
  json_object_set_int_member (object, "from_cache", job->from_cache);
  json_object_set_int_member (object, "from_wan", job->from_wan);
  return object;
}

static OcsJob *
job_from_json (JsonObject *object)
{
  OcsJob *job;

  if (object == NULL)
    return NULL;
  job = ocs_job_new (ocs_job_kind_from_name (ocs_json_string (object, "kind")), ocs_json_string (object, "package"));
  job->done = ocs_json_int (object, "done", 0);
  job->total = ocs_json_int (object, "total", 0);
  job->rate = ocs_json_int (object, "rate", 0);
  job->from_cache = ocs_json_int (object, "from_cache", 0);
  job->from_wan = ocs_json_int (object, "from_wan", 0);
  return job;
}

JsonObject *
ocs_outcome_to_json (const OcsOutcome *outcome)
{
  JsonObject *object;

  if (outcome == NULL)
    return NULL;
  object = json_object_new ();
  json_object_set_int_member (object, "serial", outcome->serial);
  json_object_set_int_member (object, "time", outcome->time);
  json_object_set_string_member (object, "kind", ocs_outcome_kind_name (outcome->kind));
  ocs_json_set_object (object, "reason", reason_to_json (outcome->reason));
  return object;
}

OcsOutcome *
ocs_outcome_from_json (JsonObject *object)
{
  OcsOutcome *outcome;

  if (object == NULL)
    return NULL;
  outcome = ocs_outcome_new (ocs_json_int (object, "serial", 0), ocs_json_int (object, "time", 0),
                             ocs_outcome_kind_from_name (ocs_json_string (object, "kind")), NULL);
  outcome->reason = reason_from_json (ocs_json_object (object, "reason"));
  return outcome;
}

JsonObject *
ocs_package_status_to_json (const OcsPackageStatus *package)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", package->id != NULL ? package->id : "");
  json_object_set_string_member (object, "step", ocs_step_name (package->step));
  ocs_json_set_string (object, "action", package->action);
  json_object_set_int_member (object, "fragments_done", package->fragments_done);
  json_object_set_int_member (object, "fragments_total", package->fragments_total);
  json_object_set_int_member (object, "bytes", package->bytes);
  json_object_set_int_member (object, "from_cache", package->from_cache);
  json_object_set_int_member (object, "from_wan", package->from_wan);
  json_object_set_int_member (object, "since", package->since);
  json_object_set_int_member (object, "updated", package->updated);
  ocs_json_set_string (object, "result", package->result);
  ocs_json_set_object (object, "reason", reason_to_json (package->reason));
  ocs_json_set_string (object, "command", package->command);
  ocs_json_set_string (object, "output", package->output);
  ocs_json_set_string (object, "waits_for", package->waits_for);
  json_object_set_int_member (object, "waits_until", package->waits_until);
  json_object_set_boolean_member (object, "may_hurry", package->may_hurry);
  json_object_set_int_member (object, "scheduled", package->scheduled);
  ocs_json_set_string (object, "fragment_map", package->fragment_map);
  return object;
}

OcsPackageStatus *
ocs_package_status_from_json (JsonObject *object)
{
  const char *id = ocs_json_string (object, "id");
  OcsPackageStatus *package = ocs_package_status_new (id != NULL ? id : "");

  package->step = ocs_step_from_name (ocs_json_string (object, "step"));
  package->action = g_strdup (ocs_json_string (object, "action"));
  package->fragments_done = ocs_json_int (object, "fragments_done", 0);
  package->fragments_total = ocs_json_int (object, "fragments_total", 0);
  package->bytes = ocs_json_int (object, "bytes", 0);
  package->from_cache = ocs_json_int (object, "from_cache", 0);
  package->from_wan = ocs_json_int (object, "from_wan", 0);
  package->since = ocs_json_int (object, "since", 0);
  package->updated = ocs_json_int (object, "updated", 0);
  package->result = g_strdup (ocs_json_string (object, "result"));
  package->reason = reason_from_json (ocs_json_object (object, "reason"));
  package->command = g_strdup (ocs_json_string (object, "command"));
  package->output = g_strdup (ocs_json_string (object, "output"));
  package->waits_for = g_strdup (ocs_json_string (object, "waits_for"));
  package->waits_until = ocs_json_int (object, "waits_until", 0);
  package->may_hurry = ocs_json_bool (object, "may_hurry", FALSE);
  package->scheduled = ocs_json_int (object, "scheduled", 0);
  package->fragment_map = g_strdup (ocs_json_string (object, "fragment_map"));
  return package;
}

JsonObject *
ocs_proxy_status_to_json (const OcsProxyStatus *proxy)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", ocs_proxy_kind_name (proxy->kind));
  ocs_json_set_string (object, "host", proxy->host);
  json_object_set_int_member (object, "port", proxy->port);
  json_object_set_boolean_member (object, "authenticated", proxy->authenticated);
  json_object_set_string_member (object, "verdict", ocs_verdict_name (proxy->verdict));
  json_object_set_int_member (object, "from_cache", proxy->from_cache);
  json_object_set_int_member (object, "from_wan", proxy->from_wan);
  ocs_json_set_object (object, "reason", reason_to_json (proxy->reason));
  json_object_set_string_member (object, "why", ocs_why_name (proxy->why));
  json_object_set_array_member (object, "ways", ocs_ways_to_json (proxy->ways));
  ocs_json_set_string (object, "intercepted", proxy->intercepted);
  ocs_json_set_string (object, "auth", proxy->auth);
  return object;
}

void
ocs_proxy_status_read_json (OcsProxyStatus *proxy, JsonObject *object)
{
  proxy->kind = ocs_proxy_kind_from_name (ocs_json_string (object, "kind"));
  proxy->host = g_strdup (ocs_json_string (object, "host"));
  proxy->port = ocs_json_int (object, "port", 0);
  proxy->authenticated = ocs_json_bool (object, "authenticated", FALSE);
  proxy->verdict = ocs_verdict_from_name (ocs_json_string (object, "verdict"));
  proxy->from_cache = ocs_json_int (object, "from_cache", 0);
  proxy->from_wan = ocs_json_int (object, "from_wan", 0);
  proxy->reason = reason_from_json (ocs_json_object (object, "reason"));
  proxy->why = ocs_why_from_name (ocs_json_string (object, "why"));
  proxy->ways = ocs_ways_from_json (ocs_json_array (object, "ways"));
  proxy->intercepted = g_strdup (ocs_json_string (object, "intercepted"));
  proxy->auth = g_strdup (ocs_json_string (object, "auth"));
}

static JsonArray *
warnings_to_json (GStrv warnings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; warnings != NULL && warnings[i] != NULL; i++)
    json_array_add_string_element (array, warnings[i]);
  return array;
}

static GStrv
warnings_from_json (JsonArray *array)
{
  GPtrArray *warnings = g_ptr_array_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (json_node_get_value_type (node) == G_TYPE_STRING)
      g_ptr_array_add (warnings, json_node_dup_string (node));
  }
  g_ptr_array_add (warnings, NULL);
  return (GStrv)g_ptr_array_free (warnings, FALSE);
}

static JsonArray *
packages_to_json (GPtrArray *packages)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; packages != NULL && i < packages->len; i++)
    json_array_add_object_element (array, ocs_package_status_to_json (packages->pdata[i]));
  return array;
}

static void
packages_from_json (GPtrArray *packages, JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_OBJECT (node))
      g_ptr_array_add (packages, ocs_package_status_from_json (json_node_get_object (node)));
  }
}

static JsonArray *
questions_to_json (GPtrArray *questions)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < questions->len; i++)
    json_array_add_object_element (array, ocs_question_to_json (questions->pdata[i]));
  return array;
}

static void
questions_from_json (GPtrArray *questions, JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_OBJECT (node))
      g_ptr_array_add (questions, ocs_question_from_json (json_node_get_object (node)));
  }
}

JsonObject *
ocs_status_to_json (const OcsStatus *status)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "state", ocs_state_name (status->state));
  ocs_json_set_object (object, "reason", reason_to_json (status->reason));
  json_object_set_string_member (object, "version", status->version != NULL ? status->version : "");
  json_object_set_int_member (object, "started", status->started);
  json_object_set_int_member (object, "last_contact", status->last_contact);
  json_object_set_int_member (object, "last_success", status->last_success);
  json_object_set_int_member (object, "last_inventory", status->last_inventory);
  json_object_set_int_member (object, "next_contact", status->next_contact);
  ocs_json_set_string (object, "server", status->server);
  ocs_json_set_string (object, "deviceid", status->deviceid);
  ocs_json_set_string (object, "tag", status->tag);
  ocs_json_set_string (object, "server_tag", status->server_tag);
  json_object_set_boolean_member (object, "insecure", status->insecure);
  json_object_set_array_member (object, "warnings", warnings_to_json (status->warnings));
  ocs_json_set_object (object, "proxy", ocs_proxy_status_to_json (&status->proxy));
  ocs_json_set_object (object, "job", job_to_json (status->job));
  ocs_json_set_object (object, "outcome", ocs_outcome_to_json (status->outcome));
  json_object_set_array_member (object, "packages", packages_to_json (status->packages));
  json_object_set_array_member (object, "questions", questions_to_json (status->questions));
  if (status->clock_skew != OCS_CLOCK_UNKNOWN)
    json_object_set_int_member (object, "clock_skew", status->clock_skew);
  return object;
}

OcsStatus *
ocs_status_from_json (JsonObject *object)
{
  OcsStatus *status = ocs_status_new ();
  const char *version = ocs_json_string (object, "version");

  status->state = ocs_state_from_name (ocs_json_string (object, "state"));
  status->reason = reason_from_json (ocs_json_object (object, "reason"));
  g_free (status->version);
  status->version = g_strdup (version != NULL ? version : "");
  status->started = ocs_json_int (object, "started", 0);
  status->last_contact = ocs_json_int (object, "last_contact", 0);
  status->last_success = ocs_json_int (object, "last_success", 0);
  status->last_inventory = ocs_json_int (object, "last_inventory", 0);
  status->next_contact = ocs_json_int (object, "next_contact", 0);
  status->server = g_strdup (ocs_json_string (object, "server"));
  status->deviceid = g_strdup (ocs_json_string (object, "deviceid"));
  status->tag = g_strdup (ocs_json_string (object, "tag"));
  status->server_tag = g_strdup (ocs_json_string (object, "server_tag"));
  status->insecure = ocs_json_bool (object, "insecure", FALSE);
  g_strfreev (status->warnings);
  status->warnings = warnings_from_json (ocs_json_array (object, "warnings"));
  ocs_proxy_status_read_json (&status->proxy, ocs_json_object (object, "proxy"));
  status->job = job_from_json (ocs_json_object (object, "job"));
  status->outcome = ocs_outcome_from_json (ocs_json_object (object, "outcome"));
  packages_from_json (status->packages, ocs_json_array (object, "packages"));
  status->clock_skew = ocs_json_int (object, "clock_skew", OCS_CLOCK_UNKNOWN);
  questions_from_json (status->questions, ocs_json_array (object, "questions"));
  return status;
}
