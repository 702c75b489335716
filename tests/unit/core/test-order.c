/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/order.h"

#include <string.h>

static OcsOrder *
parse (const char *text, GError **error)
{
  g_autoptr (JsonObject) object = ocs_json_parse (text, strlen (text), NULL);

  g_assert_nonnull (object);
  return ocs_order_from_json (object, error);
}

static void
test_round (void)
{
  OcsOrder order = {.id = (char *)"1700000001",
                    .action = OCS_ACTION_LAUNCH,
                    .name = (char *)"my setup.sh --quiet \"a b\"",
                    .install_path = (char *)"/opt/ocs",
                    .fragments = 20,
                    .timeout = 7200};
  g_autoptr (JsonObject) object = ocs_order_to_json (&order);
  g_autofree char *text = ocs_json_write (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsOrder) read = parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read->id, ==, order.id);
  g_assert_cmpint (read->action, ==, OCS_ACTION_LAUNCH);
  g_assert_cmpstr (read->name, ==, order.name);
  g_assert_null (read->command);
  g_assert_null (read->path);
  g_assert_cmpstr (read->install_path, ==, "/opt/ocs");
  g_assert_cmpuint (read->fragments, ==, 20);
  g_assert_cmpuint (read->timeout, ==, 7200);
}

static void
test_bad (void)
{
  static const struct {
    const char *text;
    OcsError code;
    const char *names;
  } cases[] = {
      {"{}", OCS_ERROR_INVALID_DATA, "version"},
      {"{\"version\":0}", OCS_ERROR_INVALID_DATA, "version"},
      {"{\"version\":2,\"id\":\"1\"}", OCS_ERROR_UNSUPPORTED, "version 2"},
      {"{\"version\":1,\"action\":\"STORE\",\"fragments\":0,\"timeout\":0}", OCS_ERROR_INVALID_DATA, "\"id\""},
      {"{\"version\":1,\"id\":\"../1\",\"action\":\"STORE\",\"fragments\":0,\"timeout\":0}", OCS_ERROR_INVALID_DATA, "\"id\""},
      {"{\"version\":1,\"id\":7,\"action\":\"STORE\",\"fragments\":0,\"timeout\":0}", OCS_ERROR_INVALID_DATA, "\"id\""},
      {"{\"version\":1,\"id\":\"7\",\"action\":\"BURN\",\"fragments\":0,\"timeout\":0}", OCS_ERROR_INVALID_DATA, "\"action\""},
      {"{\"version\":1,\"id\":\"7\",\"action\":\"STORE\",\"timeout\":0}", OCS_ERROR_INVALID_DATA, "\"fragments\""},
      {"{\"version\":1,\"id\":\"7\",\"action\":\"STORE\",\"fragments\":-1,\"timeout\":0}", OCS_ERROR_INVALID_DATA, "\"fragments\""},
      {"{\"version\":1,\"id\":\"7\",\"action\":\"STORE\",\"fragments\":1000001,\"timeout\":0}", OCS_ERROR_INVALID_DATA, "\"fragments\""},
      {"{\"version\":1,\"id\":\"7\",\"action\":\"STORE\",\"fragments\":1,\"timeout\":99999999999}", OCS_ERROR_INVALID_DATA, "\"timeout\""},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (cases[i].text, &error));
    g_assert_error (error, OCS_ERROR, (int)cases[i].code);
    g_assert_nonnull (strstr (error->message, cases[i].names));
  }
}

static void
test_id (void)
{
  g_assert_true (ocs_order_id_is_valid ("0"));
  g_assert_true (ocs_order_id_is_valid ("12345678901234567890123456789012"));
  g_assert_false (ocs_order_id_is_valid ("123456789012345678901234567890123"));
  g_assert_false (ocs_order_id_is_valid (""));
  g_assert_false (ocs_order_id_is_valid (NULL));
  g_assert_false (ocs_order_id_is_valid ("12 "));
  g_assert_false (ocs_order_id_is_valid ("-1"));
  g_assert_false (ocs_order_id_is_valid ("1/2"));
  g_assert_false (ocs_order_id_is_valid ("\xd9\xa1"));
}

static void
test_subject (void)
{
  static const struct {
    OcsAction action;
    const char *text;
    const char *install_path;
    const char *subject;
  } cases[] = {
      {OCS_ACTION_STORE, "INSTALL_PATH/a/INSTALL_PATH", "/opt", "/opt/a//opt"},
      {OCS_ACTION_STORE, "INSTALL_PATH/a", NULL, "INSTALL_PATH/a"},
      {OCS_ACTION_EXECUTE, "cp x INSTALL_PATH && y", "/opt", "cp x /opt && y"},
      {OCS_ACTION_LAUNCH, "  setup.sh -p INSTALL_PATH ", "/opt", "setup.sh -p /opt"},
      {OCS_ACTION_EXECUTE, "install_path", "/opt", "install_path"},
      {OCS_ACTION_EXECUTE, " \t\n", "/opt", NULL},
      {OCS_ACTION_EXECUTE, "", "/opt", NULL},
      {OCS_ACTION_EXECUTE, NULL, "/opt", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    OcsOrder order = {.id = (char *)"1", .action = cases[i].action, .install_path = (char *)cases[i].install_path};
    g_autofree char *subject = NULL;

    order.command = order.name = order.path = (char *)"another";
    *(cases[i].action == OCS_ACTION_STORE    ? &order.path
      : cases[i].action == OCS_ACTION_LAUNCH ? &order.name
                                             : &order.command) = (char *)cases[i].text;
    subject = ocs_order_subject (&order);
    g_assert_cmpstr (subject, ==, cases[i].subject);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order/round", test_round);
  g_test_add_func ("/order/bad", test_bad);
  g_test_add_func ("/order/id", test_id);
  g_test_add_func ("/order/subject", test_subject);
  return g_test_run ();
}
