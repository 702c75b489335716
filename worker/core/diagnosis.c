/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/diagnosis.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/verdict.h"

/* Certificates and Kerberos bear less than this; people do not mind. */
#define SKEW_MAX 300

static const char *const result_names[] = {
    [OCS_TEST_OK] = "ok",
    [OCS_TEST_WARNING] = "warning",
    [OCS_TEST_FAILED] = "failed",
    [OCS_TEST_SKIPPED] = "skipped",
};

void
ocs_test_step_free (OcsTestStep *step)
{
  if (step == NULL)
    return;
  g_free (step->detail);
  ocs_reason_free (step->reason);
  g_free (step);
}

JsonObject *
ocs_test_step_to_json (const OcsTestStep *step)
{
  JsonObject *object = json_object_new ();
  JsonObject *reason = NULL;

  json_object_set_string_member (object, "name", step->name);
  json_object_set_string_member (object, "result", result_names[step->result]);
  json_object_set_int_member (object, "milliseconds", step->milliseconds);
  ocs_json_set_string (object, "detail", step->detail);
  if (step->reason != NULL) {
    reason = json_object_new ();
    json_object_set_string_member (reason, "code", step->reason->code);
    json_object_set_string_member (reason, "message", step->reason->message);
  }
  ocs_json_set_object (object, "reason", reason);
  return object;
}

/* detail: transfer full, nullable. reason: copied. */
static OcsTestStep *
make_step (const char *name, OcsTestResult result, gint64 milliseconds, char *detail, const OcsReason *reason)
{
  OcsTestStep *step = g_new0 (OcsTestStep, 1);

  step->name = name;
  step->result = result;
  step->milliseconds = MAX (milliseconds, 0);
  step->detail = detail;
  step->reason = ocs_reason_copy (reason);
  return step;
}

static OcsTestStep *
skip (const char *name, const char *why)
{
  return make_step (name, OCS_TEST_SKIPPED, 0, g_strdup (why), NULL);
}

static OcsTestStep *
warn (const char *name, OcsError code, const char *message)
{
  g_autoptr (OcsReason) reason = ocs_reason_new (ocs_error_nick (code), message);

  return make_step (name, OCS_TEST_WARNING, 0, NULL, reason);
}

static OcsTestStep *
resolve_step (const OcsCourse *course)
{
  if (course->reached == OCS_REACHED_NOTHING)
    return make_step ("resolve", OCS_TEST_FAILED, course->total_ms, NULL, course->reason);
  return make_step ("resolve", OCS_TEST_OK, course->resolve_ms,
                    course->proxy != NULL ? g_strdup_printf ("the name of proxy %s is known", course->proxy)
                                          : g_strdup ("no proxy: the name of the server is known"),
                    NULL);
}

static OcsTestStep *
connect_step (const OcsCourse *course)
{
  char *detail;

  if (course->reached < OCS_REACHED_RESOLVED)
    return skip ("connect", NULL);
  if (course->reached < OCS_REACHED_CONNECTED)
    return make_step ("connect", OCS_TEST_FAILED, course->total_ms - course->resolve_ms, NULL, course->reason);
  detail = course->proxy != NULL ? g_strdup_printf ("proxy %s answers", course->proxy) : g_strdup ("the server answers");
  return make_step ("connect", course->before != NULL ? OCS_TEST_WARNING : OCS_TEST_OK, course->connect_ms - course->resolve_ms, detail,
                    course->before);
}

static gboolean
failed_at_login (const OcsCourse *course)
{
  return course->reason != NULL && ocs_error_from_nick (course->reason->code) == OCS_ERROR_PROXY_AUTH;
}

static OcsTestStep *
login_step (const OcsCourse *course)
{
  if (course->reached < OCS_REACHED_CONNECTED)
    return skip ("login", NULL);
  if (course->proxy == NULL)
    return skip ("login", "there is no proxy");
  if (failed_at_login (course))
    return make_step ("login", OCS_TEST_FAILED, 0, *course->offers != '\0' ? g_strdup_printf ("it asks for %s", course->offers) : NULL,
                      course->reason);
  /* Not passed yet where it broke off before. */
  if (course->reason != NULL && course->reached == OCS_REACHED_CONNECTED && course->connect_status == 0)
    return skip ("login", NULL);
  if (g_strcmp0 (course->auth, "password") == 0)
    return make_step ("login", OCS_TEST_OK, 0, g_strdup ("it takes ours, if it asks for one at all"), NULL);
  if (*course->offers == '\0' && course->auth == NULL)
    return skip ("login", "the proxy asks for none");
  return make_step ("login", OCS_TEST_OK, 0,
                    g_strdup_printf ("%s%s%sit takes ours by %s", *course->offers != '\0' ? "it asks for " : "", course->offers,
                                     *course->offers != '\0' ? ", " : "", course->auth != NULL ? course->auth : "one of them"),
                    NULL);
}

static OcsTestStep *
tunnel_step (const OcsCourse *course, gboolean https)
{
  if (course->reached < OCS_REACHED_CONNECTED || failed_at_login (course))
    return skip ("tunnel", NULL);
  if (!https || course->proxy == NULL)
    return skip ("tunnel", course->proxy == NULL ? "there is no proxy" : "http needs none");
  if (course->reached >= OCS_REACHED_TUNNELLED)
    return make_step ("tunnel", OCS_TEST_OK, 0, g_strdup ("the proxy lets https to the server through"), NULL);
  return make_step ("tunnel", OCS_TEST_FAILED, course->total_ms - course->connect_ms, NULL, course->reason);
}

static OcsTestStep *
server_step (const OcsCourse *course, gboolean https)
{
  gint64 took = course->first_ms - course->connect_ms;
  g_autoptr (OcsReason) reason = NULL;

  if (course->reached < OCS_REACHED_CONNECTED || failed_at_login (course)
      || (https && course->proxy != NULL && course->reached < OCS_REACHED_TUNNELLED))
    return skip ("server", NULL);
  if (ocs_course_is_ocs (course))
    return make_step ("server", OCS_TEST_OK, took, g_strdup ("it answers as an OCS server"), NULL);
  if (course->reason != NULL)
    return make_step ("server", OCS_TEST_FAILED, course->total_ms - course->connect_ms, NULL, course->reason);
  reason =
      ocs_reason_new (ocs_error_nick (OCS_ERROR_BAD_REPLY),
                      course->page ? "a web page answers in the place of an OCS server: check Server= in ocsinventory.ini, the proxy, "
                                     "and whether this network wants a login in a browser"
                                   : "what answers is no OCS server: check Server= in ocsinventory.ini, it mostly ends with /ocsinventory");
  return make_step ("server", OCS_TEST_FAILED, took, NULL, reason);
}

GPtrArray *
ocs_diagnosis_way (const OcsCourse *server, gboolean https)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_test_step_free);

  g_ptr_array_add (steps, resolve_step (server));
  g_ptr_array_add (steps, connect_step (server));
  g_ptr_array_add (steps, login_step (server));
  g_ptr_array_add (steps, tunnel_step (server, https));
  g_ptr_array_add (steps, server_step (server, https));
  return steps;
}

static OcsTestStep *
fetch_step (const char *name, const OcsCourse *course)
{
  static const char *const words[] = {
      [OCS_VERDICT_UNKNOWN] = "nobody says from where",
      [OCS_VERDICT_HIT] = "from the cache",
      [OCS_VERDICT_REVALIDATED] = "from the cache, which asked the server whether it is still right",
      [OCS_VERDICT_SHARED] = "from the cache, which was just fetching it",
      [OCS_VERDICT_MISS] = "over the line",
      [OCS_VERDICT_BYPASS] = "past the cache",
  };

  if (course == NULL)
    return skip (name, NULL);
  if (!ocs_course_is_good (course))
    return make_step (name, OCS_TEST_FAILED, course->total_ms, NULL, course->reason);
  return make_step (name, OCS_TEST_OK, course->total_ms,
                    g_strdup_printf ("%" G_GINT64_FORMAT " bytes, %s", course->bytes, words[course->verdict]), NULL);
}

static OcsTestStep *
cache_step (const OcsCourse *again, gboolean proxied, const OcsProxyPage *page)
{
  g_autofree char *learnt = page != NULL ? ocs_proxybook_describe (page) : NULL;
  g_autofree char *forbidden = NULL;

  if (!proxied)
    return skip ("cache", "there is no proxy that could keep anything");
  if (learnt != NULL)
    return warn ("cache", OCS_ERROR_REFUSED, learnt);
  if (again == NULL || !ocs_course_is_good (again))
    return skip ("cache", "nothing small came by http to try it with; what goes over TLS no proxy can keep");
  if (ocs_verdict_is_from_cache (again->verdict))
    return make_step ("cache", OCS_TEST_OK, 0, g_strdup ("it keeps what comes through it: the second time it came from the cache"), NULL);
  if (again->uncacheable != NULL) {
    forbidden = g_strdup_printf ("the server forbids caches to keep it (%s): take that header off the download folder", again->uncacheable);
    return warn ("cache", OCS_ERROR_REFUSED, forbidden);
  }
  if (again->verdict == OCS_VERDICT_UNKNOWN)
    return warn (
        "cache", OCS_ERROR_UNSUPPORTED,
        "the proxy does not say where its answers come from, so what it spares cannot be shown: let it add Cache-Status, X-Cache or Via");
  if (again->verdict == OCS_VERDICT_BYPASS)
    return warn ("cache", OCS_ERROR_REFUSED, "the proxy does not cache this server: allow it in the proxy's cache rules");
  return warn (
      "cache", OCS_ERROR_REFUSED,
      "it came twice and was fetched over the line twice: this proxy keeps nothing, or nothing of this server; give it a disk cache and "
      "look at its cache rules");
}

GPtrArray *
ocs_diagnosis_cache (const OcsCourse *first, const OcsCourse *again, gboolean proxied, const OcsProxyPage *page)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_test_step_free);

  g_ptr_array_add (steps, fetch_step ("fetch", first));
  g_ptr_array_add (steps, fetch_step ("again", again));
  g_ptr_array_add (steps, cache_step (again, proxied, page));
  return steps;
}

GPtrArray *
ocs_diagnosis_no_cache (void)
{
  static const char *const names[] = {"fetch", "again", "cache"};
  GPtrArray *steps = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_test_step_free);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (steps, skip (names[i], NULL));
  return steps;
}

static char *
describe_skew (gint64 seconds)
{
  if (seconds < 2 * 3600)
    return g_strdup_printf ("%" G_GINT64_FORMAT " minutes", seconds / 60);
  if (seconds < 2 * 86400)
    return g_strdup_printf ("%" G_GINT64_FORMAT " hours", seconds / 3600);
  return g_strdup_printf ("%" G_GINT64_FORMAT " days", seconds / 86400);
}

char *
ocs_diagnosis_describe_clock (gint64 ahead)
{
  g_autofree char *skew = describe_skew (ABS (ahead));

  if (ABS (ahead) <= SKEW_MAX)
    return NULL;
  return g_strdup_printf ("the clock of this machine is %s %s that of the server: set one of them, certificates and logins depend on it",
                          skew, ahead > 0 ? "ahead of" : "behind");
}

OcsTestStep *
ocs_diagnosis_clock (const OcsCourse *course, gint64 now)
{
  g_autofree char *message = ocs_diagnosis_describe_clock (now - course->date);

  if (course->date == 0)
    return skip ("clock", "nobody says what time it is");
  if (message == NULL)
    return make_step ("clock", OCS_TEST_OK, 0, g_strdup ("it agrees with that of the server"), NULL);
  return warn ("clock", OCS_ERROR_INVALID_DATA, message);
}
