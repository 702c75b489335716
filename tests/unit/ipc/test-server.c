/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/limits.h"
#include "tests/unit/ipc/rig.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

static const char idl[] = "interface org.example.test\n"
                          "method Echo(text: string) -> (text: string)\n"
                          "method Later() -> ()\n"
                          "method Declared() -> ()\n";

static void
on_echo (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  Rig *rig = user_data;
  JsonObject *reply = json_object_new ();

  g_atomic_int_inc (&rig->calls);
  g_assert_cmpuint (ocs_call_peer (call)->uid, ==, getuid ());
  g_assert_cmpint (ocs_call_peer (call)->pid, ==, getpid ());
  ocs_json_set_string (reply, "text", ocs_json_string (parameters, "text"));
  ocs_json_set_string (reply, "method", ocs_call_method (call));
  ocs_call_reply (call, reply);
}

static void
on_fail (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, OCS_ERROR_PROXY_AUTH, "set ProxyUser");

  ocs_call_fail (call, error);
}

static gboolean
on_later (gpointer data)
{
  ocs_call_reply (data, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_call_later (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  g_timeout_add (50, on_later, call);
}

static void
on_held_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_atomic_int_inc (&((Rig *)user_data)->cancelled);
}

static void
on_hold (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  Rig *rig = user_data;

  rig->held = call;
  g_cancellable_connect (ocs_call_cancellable (call), G_CALLBACK (on_held_cancelled), rig, NULL);
  g_atomic_int_inc (&rig->calls);
}

static gboolean
on_tick (gpointer data)
{
  OcsCall *call = data;
  JsonObject *reply = json_object_new ();
  guint tick = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (ocs_call_cancellable (call)), "tick"));

  json_object_set_int_member (reply, "tick", tick);
  g_object_set_data (G_OBJECT (ocs_call_cancellable (call)), "tick", GUINT_TO_POINTER (tick + 1));
  if (tick < 3 && ocs_call_continue (call, reply))
    return G_SOURCE_CONTINUE;
  ocs_call_reply (call, tick < 3 ? NULL : reply);
  return G_SOURCE_REMOVE;
}

static void
on_watch (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  g_timeout_add (5, on_tick, call);
}

static gboolean
authorize (const OcsPeer *peer, const char *method, gpointer user_data, GError **error)
{
  if (strcmp (method, "Secret") != 0)
    return TRUE;
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_DENIED, "ask root");
  return FALSE;
}

static const OcsMethod methods[] = {
    {"Echo", on_echo, FALSE, FALSE},   {"Fail", on_fail, FALSE, FALSE},  {"Later", on_call_later, FALSE, FALSE},
    {"Hold", on_hold, FALSE, FALSE},   {"Watch", on_watch, TRUE, FALSE}, {"Secret", on_echo, FALSE, FALSE},
    {"Upgrade", on_echo, FALSE, TRUE}, {NULL, NULL, FALSE, FALSE},
};

static const OcsServerConfig config = {
    .interface = "org.example.test",
    .description = idl,
    .methods = methods,
    .message_max = OCS_WORKER_MESSAGE_MAX,
    .authorize = authorize,
};

static void
with_rig (gconstpointer client)
{
  Rig *rig = rig_new (&config);

  rig_run (rig, *(const RigFunc *)client);
  rig_free (rig);
}

static void
assert_ask (int fd, const char *call, const char *reply)
{
  g_autofree char *got = rig_ask (fd, call);

  g_assert_cmpstr (got, ==, reply);
}

static void
client_raw (Rig *rig)
{
  int fd = rig_connect (rig);

  assert_ask (fd, "{\"method\":\"org.example.test.Echo\",\"parameters\":{\"text\":\"é\"},\"new\":[1]}",
              "{\"parameters\":{\"text\":\"é\",\"method\":\"Echo\"}}");
  assert_ask (fd, "{\"method\":\"org.example.test.Echo\",\"parameters\":null}", "{\"parameters\":{\"method\":\"Echo\"}}");
  assert_ask (fd, "{\"method\":\"org.example.test.Fail\"}",
              "{\"error\":\"org.example.test.ProxyAuth\",\"parameters\":{\"message\":\"set ProxyUser\"}}");
  assert_ask (fd, "{\"method\":\"org.example.test.Nothing\"}",
              "{\"error\":\"org.varlink.service.MethodNotFound\",\"parameters\":{\"method\":\"org.example.test.Nothing\"}}");
  assert_ask (fd, "{\"method\":\"org.example.test.Declared\"}",
              "{\"error\":\"org.varlink.service.MethodNotImplemented\",\"parameters\":{\"method\":\"org.example.test.Declared\"}}");
  assert_ask (fd, "{\"method\":\"org.else.Echo\"}",
              "{\"error\":\"org.varlink.service.InterfaceNotFound\",\"parameters\":{\"interface\":\"org.else\"}}");
  assert_ask (fd, "{\"method\":\"org.example.test.Watch\"}", "{\"error\":\"org.varlink.service.ExpectedMore\",\"parameters\":{}}");
  assert_ask (fd, "{\"method\":\"org.example.test.Echo\",\"upgrade\":true}",
              "{\"error\":\"org.varlink.service.InvalidParameter\",\"parameters\":{\"parameter\":\"upgrade\"}}");
  assert_ask (fd, "{\"method\":\"org.example.test.Upgrade\"}",
              "{\"error\":\"org.varlink.service.InvalidParameter\",\"parameters\":{\"parameter\":\"upgrade\"}}");
  assert_ask (fd, "{\"method\":\"org.example.test.Echo\",\"parameters\":[1]}",
              "{\"error\":\"org.varlink.service.InvalidParameter\",\"parameters\":{\"parameter\":\"parameters\"}}");
  assert_ask (fd, "{\"method\":\"org.example.test.Secret\"}",
              "{\"error\":\"org.example.test.Denied\",\"parameters\":{\"message\":\"ask root\"}}");
  close (fd);
}

static void
client_service (Rig *rig)
{
  int fd = rig_connect (rig);
  g_autofree char *info = rig_ask (fd, "{\"method\":\"org.varlink.service.GetInfo\",\"parameters\":{}}");
  g_autofree char *own = NULL;
  g_autofree char *service = NULL;

  g_assert_nonnull (strstr (info, "\"interfaces\":[\"org.varlink.service\",\"org.example.test\"]"));
  own = rig_ask (fd, "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":{\"interface\":\"org.example.test\"}}");
  g_assert_nonnull (strstr (own, "method Echo(text: string)"));
  service =
      rig_ask (fd, "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":{\"interface\":\"org.varlink.service\"}}");
  g_assert_nonnull (strstr (service, "error ExpectedMore ()"));
  assert_ask (fd, "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":{\"interface\":\"x\"}}",
              "{\"error\":\"org.varlink.service.InterfaceNotFound\",\"parameters\":{\"interface\":\"x\"}}");
  assert_ask (fd, "{\"method\":\"org.varlink.service.GetInterfaceDescription\"}",
              "{\"error\":\"org.varlink.service.InvalidParameter\",\"parameters\":{\"parameter\":\"interface\"}}");
  assert_ask (fd, "{\"method\":\"org.varlink.service.Nothing\"}",
              "{\"error\":\"org.varlink.service.MethodNotFound\",\"parameters\":{\"method\":\"org.varlink.service.Nothing\"}}");
  assert_ask (fd, "{\"method\":\"org.varlink.service.GetInfo\",\"upgrade\":true}",
              "{\"error\":\"org.varlink.service.InvalidParameter\",\"parameters\":{\"parameter\":\"upgrade\"}}");
  close (fd);
}

static void
append_call (GString *all, const char *call)
{
  g_string_append_len (all, call, (gssize)strlen (call) + 1);
}

/* The slow one first: its reply comes first all the same. Oneway is silent. */
static void
client_order (Rig *rig)
{
  int fd = rig_connect (rig);
  g_autoptr (GString) all = g_string_new (NULL);

  append_call (all, "{\"method\":\"org.example.test.Later\"}");
  append_call (all, "{\"method\":\"org.example.test.Echo\",\"oneway\":true}");
  append_call (all, "{\"method\":\"org.example.test.Fail\",\"oneway\":true}");
  append_call (all, "{\"method\":\"org.example.test.No\",\"oneway\":true}");
  for (guint i = 0; i < 100; i++) {
    g_string_append_printf (all, "{\"method\":\"org.example.test.Echo\",\"parameters\":{\"text\":\"%u\"}}", i);
    g_string_append_c (all, '\0');
  }
  g_assert_cmpint (write (fd, all->str, all->len), ==, (gssize)all->len);
  /* A peer that says no more still gets every reply. */
  g_assert_cmpint (shutdown (fd, SHUT_WR), ==, 0);
  assert_ask (fd, NULL, "{\"parameters\":{}}");
  for (guint i = 0; i < 100; i++) {
    g_autofree char *reply = g_strdup_printf ("{\"parameters\":{\"text\":\"%u\",\"method\":\"Echo\"}}", i);

    assert_ask (fd, NULL, reply);
  }
  assert_ask (fd, NULL, "");
  g_assert_cmpint (g_atomic_int_get (&rig->calls), ==, 101);
  close (fd);
}

static void
client_wire (Rig *rig)
{
  g_autoptr (OcsWire) wire = rig_open (rig);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) reply = NULL;
  JsonObject *parameters = json_object_new ();
  gboolean continues = FALSE;
  gboolean ok;

  json_object_set_string_member (parameters, "text", "hello");
  reply = ocs_wire_call (wire, "org.example.test.Echo", parameters, OCS_WIRE_PLAIN, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ocs_json_string (reply, "text"), ==, "hello");
  g_assert_null (ocs_wire_call (wire, "org.example.test.Fail", NULL, OCS_WIRE_PLAIN, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_PROXY_AUTH);
  g_assert_cmpstr (error->message, ==, "set ProxyUser");
  g_clear_error (&error);
  g_assert_null (ocs_wire_call (wire, "org.example.test.No", NULL, OCS_WIRE_PLAIN, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  ok = ocs_wire_send (wire, "org.example.test.Watch", NULL, OCS_WIRE_MORE, &error);
  g_assert_true (ok);
  for (guint i = 0; i <= 3; i++) {
    g_autoptr (JsonObject) tick = ocs_wire_receive (wire, &continues, &error);

    g_assert_no_error (error);
    g_assert_cmpint (ocs_json_int (tick, "tick", -1), ==, i);
    g_assert_cmpint (continues, ==, i < 3);
  }
}

static void
client_time_out (Rig *rig)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (OcsWire) wire = ocs_wire_open (rig->path, 1, cancellable, &error);

  g_assert_no_error (error);
  g_assert_null (ocs_wire_call (wire, "org.example.test.Hold", NULL, OCS_WIRE_PLAIN, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (ocs_wire_receive (wire, NULL, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_CANCELLED);
  g_assert_cmpint (g_atomic_int_get (&rig->cancelled), ==, 0);
}

static void
client_wait_cancelled (Rig *rig)
{
  client_time_out (rig);
  for (guint i = 0; i < 500 && g_atomic_int_get (&rig->cancelled) == 0; i++)
    g_usleep (10000);
}

static void
test_cancel (void)
{
  Rig *rig = rig_new (&config);

  rig_run (rig, client_wait_cancelled);
  g_assert_cmpint (rig->cancelled, ==, 1);
  g_assert_true (g_cancellable_is_cancelled (ocs_call_cancellable (rig->held)));
  ocs_call_reply (rig->held, NULL);
  rig_free (rig);
}

static void
client_hold (Rig *rig)
{
  int fd = rig_connect (rig);

  static const char call[] = "{\"method\":\"org.example.test.Hold\"}";

  g_assert_cmpint (write (fd, call, sizeof call), ==, sizeof call);
  while (g_atomic_int_get (&rig->calls) == 0)
    g_usleep (1000);
  rig->bytes = (gsize)fd;
}

/* A call may outlive its server. */
static void
test_free_in_flight (void)
{
  Rig *rig = rig_new (&config);

  rig_run (rig, client_hold);
  g_clear_pointer (&rig->server, ocs_server_free);
  g_assert_cmpint (rig->cancelled, ==, 1);
  ocs_call_reply (rig->held, json_object_new ());
  close ((int)rig->bytes);
  rig_free (rig);
}

static void
test_bind (void)
{
  Rig *rig = rig_new (&config);
  g_autoptr (GError) error = NULL;
  g_autofree char *missing = g_build_filename (rig->folder, "no", "x.sock", NULL);
  g_autofree char *longer = g_strnfill (200, 'x');
  struct stat info;
  int fd;

  g_assert_cmpint (stat (rig->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  g_assert_cmpint (ocs_server_bind (rig->path, 0666, &error), ==, -1);
  g_assert_error (error, OCS_ERROR, OCS_ERROR_BUSY);
  g_clear_error (&error);
  g_clear_pointer (&rig->server, ocs_server_free);
  fd = ocs_server_bind (rig->path, 0666, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stat (rig->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0666);
  close (fd);
  g_unlink (rig->path);
  g_assert_true (g_file_set_contents (rig->path, "precious", -1, NULL));
  g_assert_cmpint (ocs_server_bind (rig->path, 0666, &error), ==, -1);
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_cmpint (ocs_server_bind (missing, 0666, &error), ==, -1);
  g_assert_error (error, OCS_ERROR, OCS_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (ocs_server_bind (longer, 0666, &error), ==, -1);
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  rig_free (rig);
}

static void
test_listen_refuses (void)
{
  OcsServer *server = ocs_server_new (&config, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (ocs_server_listen (server, dup (0), &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  ocs_server_free (server);
}

static void
test_unreachable (void)
{
  Rig *rig = rig_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (ocs_wire_open (rig->path, 1, NULL, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_UNREACHABLE);
  rig_free (rig);
}

static void
test_inherited (void)
{
  g_unsetenv ("LISTEN_FDS");
  g_assert_cmpint (ocs_server_inherited_fd (), ==, -1);
  g_setenv ("LISTEN_FDS", "1", TRUE);
  g_setenv ("LISTEN_PID", "1", TRUE);
  g_assert_cmpint (ocs_server_inherited_fd (), ==, -1);
  g_assert_null (g_getenv ("LISTEN_FDS"));
  if (fcntl (3, F_GETFD) < 0)
    g_assert_cmpint (dup2 (0, 3), ==, 3);
  g_setenv ("LISTEN_FDS", "1", TRUE);
  g_assert_cmpint (ocs_server_inherited_fd (), ==, 3);
  g_assert_null (g_getenv ("LISTEN_FDS"));
}

static void
client_speed (Rig *rig)
{
  g_autoptr (OcsWire) wire = rig_open (rig);
  guint n = g_test_perf () ? 100000 : 2000;
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) reply = ocs_wire_call (wire, "org.example.test.Echo", NULL, OCS_WIRE_PLAIN, &error);

    g_assert_no_error (error);
    g_assert_nonnull (reply);
  }
  g_test_message ("%.0f calls per second", n * 1e6 / (gdouble)(g_get_monotonic_time () - start));
}

int
main (int argc, char **argv)
{
  static const RigFunc raw = client_raw;
  static const RigFunc service = client_service;
  static const RigFunc order = client_order;
  static const RigFunc wire = client_wire;
  static const RigFunc speed = client_speed;

  g_test_init (&argc, &argv, NULL);
  /* First, while descriptor 3 is free. */
  g_test_add_func ("/server/inherited", test_inherited);
  g_test_add_data_func ("/server/raw", &raw, with_rig);
  g_test_add_data_func ("/server/service", &service, with_rig);
  g_test_add_data_func ("/server/order", &order, with_rig);
  g_test_add_data_func ("/server/wire", &wire, with_rig);
  g_test_add_data_func ("/server/speed", &speed, with_rig);
  g_test_add_func ("/server/cancel", test_cancel);
  g_test_add_func ("/server/free-in-flight", test_free_in_flight);
  g_test_add_func ("/server/bind", test_bind);
  g_test_add_func ("/server/listen-refuses", test_listen_refuses);
  g_test_add_func ("/server/unreachable", test_unreachable);
  return g_test_run ();
}
