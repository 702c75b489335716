/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/client.h"
#include "ipc/limits.h"
#include "ipc/names.h"
#include "tests/unit/ipc/rig.h"

/* What the client has told, and a worker of which the test is the hands. */
typedef struct {
  Rig *rig;
  OcsClient *client;
  OcsCall *watch;
  guint told;
  OcsState state;
  char *code;
  char *tag;
  gint64 last_contact;
  guint packages;
  gboolean deny;
  gboolean silent;
  gboolean free_when_told;
  gboolean done;
  JsonObject *reply;
  GError *error;
} Scene;

static JsonObject *
status_reply (const char *tag)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  JsonObject *reply = json_object_new ();
  JsonObject *object;

  status->tag = g_strdup (tag);
  status->last_contact = 1234;
  g_ptr_array_add (status->packages, ocs_package_status_new ("1"));
  object = ocs_status_to_json (status);
  json_object_set_string_member (object, "from_the_future", "x");
  json_object_set_object_member (reply, "status", object);
  return reply;
}

static Scene *
scene_of (gpointer rig)
{
  return (Scene *)((Rig *)rig)->pipe;
}

static void
on_watch (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  Scene *scene = scene_of (user_data);
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, OCS_ERROR_DENIED, "log in first");

  if (scene->deny) {
    ocs_call_fail (call, error);
    return;
  }
  scene->watch = call;
  if (!scene->silent)
    ocs_call_continue (call, status_reply ("first"));
}

static void
on_contact (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  JsonObject *reply = json_object_new ();

  json_object_set_int_member (reply, "serial", ocs_json_int (parameters, "n", 0) + 1);
  ocs_call_reply (call, reply);
}

static void
on_hold (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  ((Rig *)user_data)->held = call;
}

static const OcsMethod methods[] = {
    {"Watch", on_watch, TRUE, FALSE},
    {"Contact", on_contact, FALSE, FALSE},
    {"Hold", on_hold, FALSE, FALSE},
    {NULL, NULL, FALSE, FALSE},
};

static const OcsServerConfig config = {
    .interface = OCS_WORKER_INTERFACE,
    .description = "interface org.ocscompanion.Worker\n",
    .methods = methods,
    .message_max = OCS_WORKER_MESSAGE_MAX,
};

static void
on_status (OcsClient *client, const OcsStatus *status, gpointer user_data)
{
  Scene *scene = user_data;

  scene->told++;
  scene->state = status->state;
  scene->last_contact = status->last_contact;
  scene->packages = status->packages->len;
  g_free (scene->tag);
  g_free (scene->code);
  scene->tag = g_strdup (status->tag);
  scene->code = g_strdup (status->reason != NULL ? status->reason->code : NULL);
  if (scene->free_when_told)
    g_clear_pointer (&scene->client, ocs_client_free);
}

static gboolean
on_bell (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until told has reached n, or for the milliseconds. */
static void
run (Scene *scene, guint n, guint milliseconds)
{
  gboolean over = FALSE;
  guint id = g_timeout_add (milliseconds, on_bell, &over);

  while (!over && scene->told < n)
    g_main_context_iteration (NULL, TRUE);
  if (!over)
    g_source_remove (id);
}

static void
scene_listen (Scene *scene)
{
  rig_listen (scene->rig, &config);
}

/* The worker dies: its calls are ended, its socket file stays. */
static void
scene_kill (Scene *scene)
{
  g_clear_pointer (&scene->rig->server, ocs_server_free);
  if (scene->watch != NULL)
    ocs_call_reply (g_steal_pointer (&scene->watch), NULL);
}

static Scene *
scene_new (gboolean listening)
{
  Scene *scene = g_new0 (Scene, 1);

  scene->rig = rig_new (NULL);
  scene->rig->pipe = (OcsPipe *)scene;
  if (listening)
    scene_listen (scene);
  scene->client = ocs_client_new (scene->rig->path, on_status, scene);
  return scene;
}

static void
scene_free (Scene *scene)
{
  ocs_client_free (scene->client);
  scene_kill (scene);
  rig_free (scene->rig);
  g_free (scene->code);
  g_free (scene->tag);
  g_free (scene);
}

static void
test_watch (void)
{
  Scene *scene = scene_new (TRUE);

  run (scene, 1, 5000);
  g_assert_cmpuint (scene->told, ==, 1);
  g_assert_cmpint (scene->state, ==, OCS_STATE_WELL);
  g_assert_cmpstr (scene->tag, ==, "first");
  g_assert_true (ocs_call_continue (scene->watch, status_reply ("second")));
  run (scene, 2, 5000);
  g_assert_cmpstr (scene->tag, ==, "second");
  scene_free (scene);
}

static void
test_worker_comes (void)
{
  Scene *scene = scene_new (FALSE);
  gint64 start;

  run (scene, 1, 5000);
  g_assert_cmpint (scene->state, ==, OCS_STATE_NOT_RUNNING);
  g_assert_cmpstr (scene->code, ==, "unreachable");
  /* Long enough for the timer alone to be at two seconds: the monitor must be quicker. Told once only. */
  run (scene, 2, 1300);
  g_assert_cmpuint (scene->told, ==, 1);
  start = g_get_monotonic_time ();
  scene_listen (scene);
  run (scene, 2, 5000);
  g_assert_cmpint (scene->state, ==, OCS_STATE_WELL);
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
  scene_free (scene);
}

static void
test_worker_restarts (void)
{
  Scene *scene = scene_new (TRUE);

  run (scene, 1, 5000);
  scene_kill (scene);
  run (scene, 2, 5000);
  g_assert_cmpint (scene->state, ==, OCS_STATE_NOT_RUNNING);
  g_assert_cmpstr (scene->code, ==, "interrupted");
  g_assert_cmpint (scene->last_contact, ==, 1234);
  g_assert_cmpstr (scene->tag, ==, "first");
  g_assert_cmpuint (scene->packages, ==, 0);
  scene_listen (scene);
  while (scene->state != OCS_STATE_WELL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (scene->packages, ==, 1);
  g_assert_cmpuint (scene->told, <=, 4);
  scene_free (scene);
}

static void
test_denied (void)
{
  Scene *scene = scene_new (TRUE);

  scene->deny = TRUE;
  run (scene, 1, 5000);
  g_assert_cmpint (scene->state, ==, OCS_STATE_NOT_RUNNING);
  g_assert_cmpstr (scene->code, ==, "denied");
  scene->deny = FALSE;
  run (scene, 2, 5000);
  g_assert_cmpint (scene->state, ==, OCS_STATE_WELL);
  scene_free (scene);
}

/* A worker that takes the call and says nothing: told after a while, once, and waited for all the same. */
static void
test_silent (void)
{
  Scene *scene = scene_new (TRUE);

  scene->silent = TRUE;
  run (scene, 1, 20000);
  g_assert_cmpint (scene->state, ==, OCS_STATE_NOT_RUNNING);
  g_assert_cmpstr (scene->code, ==, "timed-out");
  g_assert_nonnull (scene->watch);
  g_assert_true (ocs_call_continue (scene->watch, status_reply ("late")));
  run (scene, 2, 5000);
  g_assert_cmpint (scene->state, ==, OCS_STATE_WELL);
  g_assert_cmpstr (scene->tag, ==, "late");
  g_assert_cmpuint (scene->told, ==, 2);
  scene_free (scene);
}

static void
test_free_when_told (void)
{
  Scene *scene = scene_new (TRUE);
  Scene *alone = scene_new (FALSE);

  scene->free_when_told = TRUE;
  alone->free_when_told = TRUE;
  run (scene, 1, 5000);
  run (alone, 1, 5000);
  g_assert_null (scene->client);
  g_assert_null (alone->client);
  scene_free (scene);
  scene_free (alone);
}

/* No wake-up while nothing changes. */
static void
test_quiet (void)
{
  Scene *scene = scene_new (TRUE);
  guint turns = 0;
  gboolean over = FALSE;

  run (scene, 1, 5000);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_timeout_add (2500, on_bell, &over);
  while (!over) {
    g_main_context_iteration (NULL, TRUE);
    turns++;
  }
  g_assert_cmpuint (turns, <=, 2);
  scene_free (scene);
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Scene *scene = user_data;

  scene->reply = ocs_client_call_finish (scene->client, result, &scene->error);
  scene->done = TRUE;
}

static void
call (Scene *scene, const char *method, JsonObject *parameters, GCancellable *cancellable)
{
  scene->done = FALSE;
  g_clear_pointer (&scene->reply, json_object_unref);
  g_clear_error (&scene->error);
  ocs_client_call_async (scene->client, method, parameters, cancellable, on_called, scene);
}

static void
wait_done (Scene *scene)
{
  while (!scene->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_call (void)
{
  Scene *scene = scene_new (TRUE);
  JsonObject *parameters = json_object_new ();

  json_object_set_int_member (parameters, "n", 6);
  call (scene, "Contact", parameters, NULL);
  wait_done (scene);
  g_assert_no_error (scene->error);
  g_assert_cmpint (ocs_json_int (scene->reply, "serial", 0), ==, 7);
  call (scene, "Nothing", NULL, NULL);
  wait_done (scene);
  g_assert_error (scene->error, OCS_ERROR, OCS_ERROR_UNSUPPORTED);
  scene_kill (scene);
  call (scene, "Contact", NULL, NULL);
  wait_done (scene);
  g_assert_error (scene->error, OCS_ERROR, OCS_ERROR_UNREACHABLE);
  g_clear_error (&scene->error);
  scene_free (scene);
}

static gboolean
on_cancel (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
test_call_cancelled (void)
{
  Scene *scene = scene_new (TRUE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GCancellable *other;

  call (scene, "Hold", NULL, cancellable);
  g_timeout_add (50, on_cancel, cancellable);
  wait_done (scene);
  g_assert_error (scene->error, OCS_ERROR, OCS_ERROR_CANCELLED);
  g_clear_error (&scene->error);
  other = ocs_call_cancellable (scene->rig->held);
  while (!g_cancellable_is_cancelled (other))
    g_main_context_iteration (NULL, TRUE);
  ocs_call_reply (scene->rig->held, NULL);
  call (scene, "Hold", NULL, cancellable);
  wait_done (scene);
  g_assert_error (scene->error, OCS_ERROR, OCS_ERROR_CANCELLED);
  g_clear_error (&scene->error);
  scene_free (scene);
}

static void
test_call_interrupted (void)
{
  Scene *scene = scene_new (TRUE);

  call (scene, "Hold", NULL, NULL);
  while (scene->rig->held == NULL)
    g_main_context_iteration (NULL, TRUE);
  scene_kill (scene);
  ocs_call_reply (scene->rig->held, NULL);
  wait_done (scene);
  g_assert_error (scene->error, OCS_ERROR, OCS_ERROR_INTERRUPTED);
  g_clear_error (&scene->error);
  scene_free (scene);
}

static void
test_path (void)
{
  g_autofree char *given = ocs_client_socket_path ("/x/y");
  g_autofree char *system = NULL;
  g_autofree char *environment = NULL;

  g_unsetenv (OCS_SOCKET_ENVIRONMENT);
  system = ocs_client_socket_path (NULL);
  g_setenv (OCS_SOCKET_ENVIRONMENT, "/env", TRUE);
  environment = ocs_client_socket_path ("");
  g_assert_cmpstr (given, ==, "/x/y");
  g_assert_cmpstr (system, ==, "/run/ocs-worker/worker.sock");
  g_assert_cmpstr (environment, ==, "/env");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/watch", test_watch);
  g_test_add_func ("/client/worker-comes", test_worker_comes);
  g_test_add_func ("/client/worker-restarts", test_worker_restarts);
  g_test_add_func ("/client/denied", test_denied);
  g_test_add_func ("/client/silent", test_silent);
  g_test_add_func ("/client/free-when-told", test_free_when_told);
  g_test_add_func ("/client/quiet", test_quiet);
  g_test_add_func ("/client/call", test_call);
  g_test_add_func ("/client/call-cancelled", test_call_cancelled);
  g_test_add_func ("/client/call-interrupted", test_call_interrupted);
  g_test_add_func ("/client/path", test_path);
  return g_test_run ();
}
