/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against a real dbus-daemon with a polkit of the test's own on it. */
#include "ipc/error.h"
#include "worker/io/authority.h"

#include <unistd.h>

#define NAME "org.freedesktop.PolicyKit1"

static const char description[] =
    "<node><interface name='org.freedesktop.PolicyKit1.Authority'>"
    "<method name='CheckAuthorization'><arg type='(sa{sv})' direction='in'/><arg type='s' direction='in'/><arg type='a{ss}' "
    "direction='in'/>"
    "<arg type='u' direction='in'/><arg type='s' direction='in'/><arg type='(bba{ss})' direction='out'/></method>"
    "<method name='CancelCheckAuthorization'><arg type='s' direction='in'/></method></interface></node>";

typedef struct {
  GTestDBus *daemon;
  GDBusConnection *bus;
  const char *answer; /* yes, no, challenge, wait */
  guint asked;
  guint cancelled;
  guint64 start;
  GError *error;
  gboolean authorized;
  gboolean done;
} Case;

static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method, GVariant *parameters,
         GDBusMethodInvocation *invocation, gpointer user_data)
{
  Case *c = user_data;
  g_autoptr (GVariant) subject = g_variant_get_child_value (parameters, 0);
  g_autoptr (GVariant) details = NULL;

  if (g_str_equal (method, "CancelCheckAuthorization")) {
    c->cancelled++;
    g_dbus_method_invocation_return_value (invocation, NULL);
    return;
  }
  c->asked++;
  details = g_variant_get_child_value (subject, 1);
  g_assert_true (g_variant_lookup (details, "start-time", "t", &c->start));
  if (g_str_equal (c->answer, "wait"))
    return;
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("((bb@a{ss}))", g_str_equal (c->answer, "yes"),
                                                                    g_str_equal (c->answer, "challenge"),
                                                                    g_variant_new_array (G_VARIANT_TYPE ("{ss}"), NULL, 0)));
}

static void
set_up (Case *c, gconstpointer data)
{
  static const GDBusInterfaceVTable vtable = {.method_call = on_call};
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (description, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) owned = NULL;

  c->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (c->daemon);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (c->daemon), TRUE);
  c->bus = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (c->daemon),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (
      g_dbus_connection_register_object (c->bus, "/org/freedesktop/PolicyKit1/Authority", node->interfaces[0], &vtable, c, NULL, &error), >,
      0);
  owned = g_dbus_connection_call_sync (c->bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", NAME, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Case *c, gconstpointer data)
{
  g_clear_error (&c->error);
  g_object_unref (c->bus);
  g_test_dbus_stop (c->daemon);
  g_object_unref (c->daemon);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Case *c = user_data;

  c->done = TRUE;
  c->authorized = ocs_authority_check_finish (result, &c->error);
}

static void
check (Case *c, OcsAuthority *authority, GCancellable *cancellable)
{
  OcsPeer peer = {.pid = getpid (), .start_time = 77, .uid = getuid ()};

  c->done = FALSE;
  g_clear_error (&c->error);
  ocs_authority_check_async (authority, &peer, "org.ocscompanion.log", cancellable, on_checked, c);
}

static void
wait_done (Case *c)
{
  while (!c->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_answers (Case *c, gconstpointer data)
{
  g_autoptr (OcsAuthority) authority = ocs_authority_new (20);

  c->answer = "yes";
  check (c, authority, NULL);
  wait_done (c);
  g_assert_no_error (c->error);
  g_assert_true (c->authorized);
  g_assert_cmpuint (c->start, ==, 77);
  c->answer = "no";
  check (c, authority, NULL);
  wait_done (c);
  g_assert_error (c->error, OCS_ERROR, OCS_ERROR_DENIED);
  c->answer = "challenge";
  check (c, authority, NULL);
  wait_done (c);
  g_assert_error (c->error, OCS_ERROR, OCS_ERROR_DENIED);
  g_assert_cmpuint (c->asked, ==, 3);
  g_assert_cmpuint (c->cancelled, ==, 0);
}

/* Nobody answers the dialog: it is taken back. */
static void
test_limit (Case *c, gconstpointer data)
{
  g_autoptr (OcsAuthority) authority = ocs_authority_new (1);

  c->answer = "wait";
  check (c, authority, NULL);
  wait_done (c);
  g_assert_error (c->error, OCS_ERROR, OCS_ERROR_TIMED_OUT);
  while (c->cancelled == 0)
    g_main_context_iteration (NULL, TRUE);
  c->answer = "yes";
  check (c, authority, NULL);
  wait_done (c);
  g_assert_true (c->authorized);
}

static void
test_gone (Case *c, gconstpointer data)
{
  g_autoptr (OcsAuthority) authority = ocs_authority_new (20);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  c->answer = "wait";
  check (c, authority, cancellable);
  while (c->asked == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  wait_done (c);
  g_assert_error (c->error, OCS_ERROR, OCS_ERROR_CANCELLED);
  while (c->cancelled == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_second (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ocs_authority_check_finish (result, &error));
  *(int *)user_data = error->code;
}

static void
test_refused_unasked (Case *c, gconstpointer data)
{
  g_autoptr (OcsAuthority) authority = ocs_authority_new (20);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  OcsPeer peer = {.pid = getpid (), .start_time = 77, .uid = getuid ()};
  OcsPeer unseen = {.pid = getpid (), .uid = getuid ()};
  int second = -1, third = -1;

  c->answer = "wait";
  check (c, authority, cancellable);
  ocs_authority_check_async (authority, &peer, "org.ocscompanion.drop", NULL, on_second, &second);
  ocs_authority_check_async (authority, &unseen, "org.ocscompanion.drop", NULL, on_second, &third);
  while (second < 0 || third < 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (second, ==, OCS_ERROR_BUSY);
  g_assert_cmpint (third, ==, OCS_ERROR_DENIED);
  g_cancellable_cancel (cancellable);
  wait_done (c);
}

/* The bus is there, polkit is not. */
static void
test_without_polkit (Case *c, gconstpointer data)
{
  g_autoptr (OcsAuthority) authority = ocs_authority_new (20);
  g_autoptr (GVariant) released = g_dbus_connection_call_sync (c->bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "ReleaseName",
                                                               g_variant_new ("(s)", NAME), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

  g_assert_nonnull (released);
  c->answer = "yes";
  check (c, authority, NULL);
  wait_done (c);
  g_assert_error (c->error, OCS_ERROR, OCS_ERROR_DENIED);
  g_assert_cmpuint (c->asked, ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *daemon = g_find_program_in_path ("dbus-daemon");

  g_test_init (&argc, &argv, NULL);
  if (daemon == NULL) {
    g_test_message ("dbus-daemon is not installed: nothing is tried");
    return 77;
  }
  g_test_add ("/authority/answers", Case, NULL, set_up, test_answers, tear_down);
  g_test_add ("/authority/limit", Case, NULL, set_up, test_limit, tear_down);
  g_test_add ("/authority/gone", Case, NULL, set_up, test_gone, tear_down);
  g_test_add ("/authority/refused-unasked", Case, NULL, set_up, test_refused_unasked, tear_down);
  g_test_add ("/authority/without-polkit", Case, NULL, set_up, test_without_polkit, tear_down);
  return g_test_run ();
}
