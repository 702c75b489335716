/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-diagnose"
#include "worker/diagnose.h"
#include "ipc/error.h"
#include "worker/core/diagnosis.h"
#include "worker/core/url.h"
#include "worker/io/clock.h"
#include "worker/outlook.h"

/* Some caches tell a hit from a miss by an age in whole seconds only. */
#define MOMENT_MS 1200

struct _OcsDiagnose {
  OcsSite *site;   /* borrowed: outlives us */
  OcsSetup *draft; /* owned, nullable: to be tested in place of the site's */
  OcsCall *call;   /* owned until it is answered; then NULL */
  OcsRightsClass rights;
  OcsDiagnose **running;     /* borrowed: outlives us */
  GCancellable *cancellable; /* owned */
  GPtrArray *urls;           /* owned; element-type char*; small things to try, the best first */
  gboolean https;            /* of the server */
  guint known;               /* how many of urls somebody has told us; the rest are guesses */
  guint next;                /* in urls */
  OcsCourse *server;         /* owned, nullable */
  OcsCourse *first;          /* owned, nullable; of the small thing */
  guint wait;
};

void
ocs_diagnose_free (OcsDiagnose *diagnose)
{
  if (diagnose == NULL)
    return;
  *diagnose->running = NULL;
  g_clear_handle_id (&diagnose->wait, g_source_remove);
  g_cancellable_cancel (diagnose->cancellable);
  g_object_unref (diagnose->cancellable);
  if (diagnose->call != NULL)
    ocs_call_reply (diagnose->call, NULL);
  g_ptr_array_unref (diagnose->urls);
  ocs_course_free (diagnose->server);
  ocs_course_free (diagnose->first);
  g_clear_pointer (&diagnose->draft, ocs_setup_free);
  g_free (diagnose);
}

/* The site's may be another at each step: it is read anew for each contact. */
static const OcsSetup *
setup_of (const OcsDiagnose *diagnose)
{
  return diagnose->draft != NULL ? diagnose->draft : diagnose->site->setup;
}

/* FALSE where nobody listens any more: the test is then over and gone. */
static gboolean
tell (OcsDiagnose *diagnose, OcsTestStep *step)
{
  JsonObject *reply = json_object_new ();

  ocs_rights_filter_step (step, diagnose->rights);
  json_object_set_object_member (reply, "step", ocs_test_step_to_json (step));
  if (ocs_call_continue (diagnose->call, reply))
    return TRUE;
  ocs_diagnose_free (diagnose);
  return FALSE;
}

static gboolean
tell_all (OcsDiagnose *diagnose, const GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    if (!tell (diagnose, steps->pdata[i]))
      return FALSE;
  return TRUE;
}

/* NULL where the test is over: what is under way still comes, with CANCELLED. */
static OcsCourse *
take_course (GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = ocs_dispatch_diagnose_finish (result, &error);

  if (object != NULL)
    return ocs_course_from_json (object);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  return ocs_course_new_failed (error);
}

/* The last steps. */
static void
end (OcsDiagnose *diagnose, const GPtrArray *steps)
{
  g_autoptr (OcsTestStep) clock = ocs_diagnosis_clock (diagnose->server, ocs_clock_now ());

  if (tell_all (diagnose, steps) && tell (diagnose, clock))
    ocs_diagnose_free (diagnose);
}

static void
end_cache (OcsDiagnose *diagnose, const OcsCourse *again)
{
  g_autofree char *cache = diagnose->draft == NULL ? ocs_outlook_dup_cache (diagnose->site) : NULL;
  const char *name = diagnose->first != NULL && diagnose->first->proxy != NULL ? diagnose->first->proxy : cache;
  const OcsProxyPage *page = name != NULL ? ocs_proxybook_find (diagnose->site->ledger->proxies, name) : NULL;
  g_autoptr (GPtrArray) steps = ocs_diagnosis_cache (diagnose->first, again, name != NULL, page);

  end (diagnose, steps);
}

static void
on_again (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (OcsCourse) again = take_course (result);

  if (again != NULL)
    end_cache (user_data, again);
}

static void
fetch (OcsDiagnose *diagnose, GAsyncReadyCallback callback)
{
  ocs_dispatch_diagnose_async (diagnose->site->dispatch, FALSE, ocs_setup_route (setup_of (diagnose), OCS_ROUTE_FRAGMENT),
                               diagnose->urls->pdata[diagnose->next], FALSE, diagnose->cancellable, callback, diagnose);
}

static gboolean
on_moment (gpointer user_data)
{
  OcsDiagnose *diagnose = user_data;

  diagnose->wait = 0;
  fetch (diagnose, on_again);
  return G_SOURCE_REMOVE;
}

/* What the server does not have is no failure of the way: the next is tried. */
static gboolean
is_elsewhere (const OcsCourse *course)
{
  return course->reached == OCS_REACHED_ANSWERED && !ocs_course_is_good (course)
         && (course->status / 100 == 3 || course->status == 400 || course->status == 403 || course->status == 404);
}

static void
on_first (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsDiagnose *diagnose = user_data;
  g_autoptr (OcsCourse) course = take_course (result);

  if (course == NULL)
    return;
  if (ocs_course_is_good (course)) {
    diagnose->first = g_steal_pointer (&course);
    diagnose->wait = g_timeout_add (MOMENT_MS, on_moment, diagnose);
    return;
  }
  if (is_elsewhere (course) && ++diagnose->next < diagnose->urls->len) {
    fetch (diagnose, on_first);
    return;
  }
  /* Of a server with https nobody has said that it serves anything without. */
  if (!is_elsewhere (course) && !(diagnose->https && diagnose->next >= diagnose->known))
    diagnose->first = g_steal_pointer (&course);
  end_cache (diagnose, NULL);
}

static void
on_server (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsDiagnose *diagnose = user_data;
  g_autoptr (OcsCourse) course = take_course (result);
  g_autoptr (GPtrArray) steps = NULL, untried = NULL;
  const OcsTestStep *login, *tunnel;

  if (course == NULL)
    return;
  diagnose->server = g_steal_pointer (&course);
  steps = ocs_diagnosis_way (diagnose->server, diagnose->https);
  if (!tell_all (diagnose, steps))
    return;
  /* Where nothing comes back we would only wait again; without https fragments may still come. A login that is not accepted is not tried
   * a second time: domains lock an account for it. */
  login = steps->pdata[2];
  tunnel = steps->pdata[3];
  if (login->result != OCS_TEST_FAILED
      && (diagnose->server->reached == OCS_REACHED_ANSWERED || tunnel->result == OCS_TEST_OK || tunnel->result == OCS_TEST_FAILED)) {
    fetch (diagnose, on_first);
    return;
  }
  untried = ocs_diagnosis_no_cache ();
  end (diagnose, untried);
}

/* What web servers with an OCS console, or none, have at a place of their own: small, and unchanged for years. */
static GPtrArray *
list_urls (const OcsSetup *setup, char *small)
{
  static const char *const paths[] = {"/ocsreports/favicon.ico", "/icons/blank.gif", "/favicon.ico"};
  g_autoptr (OcsUrl) url = ocs_url_parse (setup->settings->server, NULL);
  GPtrArray *urls = g_ptr_array_new_with_free_func (g_free);

  if (small != NULL)
    g_ptr_array_add (urls, small);
  for (guint i = 0; url != NULL && i < G_N_ELEMENTS (paths); i++) {
    if (url->https)
      url->port = 80;
    url->https = FALSE;
    g_free (url->path);
    url->path = g_strdup (paths[i]);
    g_ptr_array_add (urls, ocs_url_to_string (url));
  }
  return urls;
}

static gboolean
check (const OcsSetup *setup, const OcsDiagnose *running, GError **error)
{
  if (running != NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BUSY, "the way is being tested already: try again in a moment");
    return FALSE;
  }
  if (!ocs_setup_check (setup, error))
    return FALSE;
  if (ocs_setup_has_server (setup))
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_CONFIGURED, "Local= is set, so no server is contacted: there is no way to test");
  return FALSE;
}

void
ocs_diagnose_start (OcsSite *site, OcsCall *call, OcsRightsClass rights, OcsSetup *draft, char *small, OcsDiagnose **running)
{
  g_autoptr (OcsSetup) mine = draft;
  g_autofree char *kept = small;
  g_autoptr (GError) error = NULL;
  const OcsSettings *settings = (draft != NULL ? draft : site->setup)->settings;
  OcsDiagnose *diagnose;

  if (!check (draft != NULL ? draft : site->setup, *running, &error)) {
    ocs_call_fail (call, error);
    return;
  }
  diagnose = g_new0 (OcsDiagnose, 1);
  diagnose->site = site;
  diagnose->draft = g_steal_pointer (&mine);
  diagnose->call = call;
  diagnose->rights = rights;
  diagnose->cancellable = g_cancellable_new ();
  diagnose->known = small != NULL ? 1 : 0;
  diagnose->urls = list_urls (setup_of (diagnose), g_steal_pointer (&kept));
  diagnose->https = ocs_url_is_https (settings->server);
  diagnose->running = running;
  *running = diagnose;
  ocs_dispatch_diagnose_async (site->dispatch, TRUE, ocs_setup_route (setup_of (diagnose), OCS_ROUTE_SERVER), settings->server, TRUE,
                               diagnose->cancellable, on_server, diagnose);
}
