/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/result.h"

#include <signal.h>
#include <string.h>

static JsonObject *
parse (const char *text)
{
  JsonObject *object = ocs_json_parse (text, strlen (text), NULL);

  g_assert_nonnull (object);
  return object;
}

static void
test_started (void)
{
  OcsStarted started = {.boot_id = (char *)"b-1", .pid = 4711, .start_time = G_GUINT64_CONSTANT (9000000000), .at = 1700000000};
  g_autoptr (JsonObject) object = ocs_started_to_json (&started);
  g_autofree char *text = ocs_json_write (object);

  g_assert_cmpstr (text, ==, "{\"version\":1,\"boot_id\":\"b-1\",\"pid\":4711,\"start_time\":9000000000,\"at\":1700000000}");
}

static void
test_result (void)
{
  OcsResult result = {.code = (char *)"EXIT_CODE_3", .exit_status = 3, .at = 1700000001, .output_truncated = TRUE};
  g_autoptr (JsonObject) object = ocs_result_to_json (&result);
  g_autofree char *text = ocs_json_write (object);
  g_autoptr (JsonObject) again = parse (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsResult) read = ocs_result_from_json (again, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read->code, ==, "EXIT_CODE_3");
  g_assert_cmpint (read->exit_status, ==, 3);
  g_assert_cmpint (read->at, ==, 1700000001);
  g_assert_true (read->output_truncated);
}

static void
test_bad_result (void)
{
  static const struct {
    const char *text;
    OcsError code;
  } cases[] = {
      {"{}", OCS_ERROR_INVALID_DATA},
      {"{\"version\":7,\"code\":\"SUCCESS\"}", OCS_ERROR_UNSUPPORTED},
      {"{\"version\":1}", OCS_ERROR_INVALID_DATA},
      {"{\"version\":1,\"code\":\"\"}", OCS_ERROR_INVALID_DATA},
      {"{\"version\":1,\"code\":\"SUCCESS\\\"/><x\"}", OCS_ERROR_INVALID_DATA},
      {"{\"version\":1,\"code\":\"A2345678901234567890123456789012345678901234567890123456789012345\"}", OCS_ERROR_INVALID_DATA},
      {"{\"version\":1,\"code\":\"SUCCESS\",\"exit_status\":256}", OCS_ERROR_INVALID_DATA},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) object = parse (cases[i].text);

    g_assert_null (ocs_result_from_json (object, &error));
    g_assert_error (error, OCS_ERROR, (int)cases[i].code);
  }
}

static void
assert_code (OcsAction action, int wait_status, gboolean timed_out, const char *expected)
{
  g_autofree char *code = ocs_result_code_from_wait (action, wait_status, timed_out);

  g_assert_cmpstr (code, ==, expected);
}

static void
test_codes (void)
{
  assert_code (OCS_ACTION_EXECUTE, 0, FALSE, "SUCCESS");
  assert_code (OCS_ACTION_EXECUTE, 3 << 8, FALSE, "EXIT_CODE_3");
  assert_code (OCS_ACTION_LAUNCH, 0, FALSE, "SUCCESS");
  assert_code (OCS_ACTION_LAUNCH, 255 << 8, FALSE, "EXIT_CODE_255");
  assert_code (OCS_ACTION_LAUNCH, SIGKILL, FALSE, "EXIT_CODE_137");
  assert_code (OCS_ACTION_EXECUTE, SIGSEGV | 0x80, FALSE, "EXIT_CODE_139");
  assert_code (OCS_ACTION_EXECUTE, SIGTERM, TRUE, "ERR_EXECUTE_TIMEOUT");
  assert_code (OCS_ACTION_EXECUTE, 0, TRUE, "ERR_EXECUTE_TIMEOUT");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/result/started", test_started);
  g_test_add_func ("/result/result", test_result);
  g_test_add_func ("/result/bad-result", test_bad_result);
  g_test_add_func ("/result/codes", test_codes);
  return g_test_run ();
}
