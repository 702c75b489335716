/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/package.h"

static OcsPackage *
parse (const char *text, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  return ocs_package_from_json (json_node_get_object (json_parser_get_root (parser)), error);
}

#define OFFER                                                                                                                              \
  "\"offer\":{\"id\":\"17\",\"info_loc\":\"h/download\",\"pack_loc\":\"h/download\",\"schedule\":\"\",\"postcmd\":\"\",\"force\":false}"

static void
test_what_is_kept (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsPackage) package =
      parse ("{\"version\":1,\"id\":\"17\",\"step\":\"finished\",\"result\":\"EXIT_CODE_3\",\"since\":5,\"failures\":2,"
             "\"retry_at\":9,\"from_wan\":7,\"withdrawn\":true,\"reason_code\":\"tls\",\"reason_message\":\"m\",\"later\":[1]," OFFER "}",
             &error);
  g_autoptr (JsonObject) journal = NULL;
  g_autoptr (OcsPackage) again = NULL;
  g_autoptr (OcsPackageStatus) status = NULL;

  g_assert_no_error (error);
  journal = ocs_package_to_json (package);
  again = ocs_package_from_json (journal, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->step, ==, OCS_STEP_FINISHED);
  g_assert_cmpstr (again->result, ==, "EXIT_CODE_3");
  g_assert_cmpint (again->since, ==, 5);
  g_assert_cmpint (again->failures, ==, 2);
  g_assert_cmpint (again->retry_at, ==, 9);
  g_assert_true (again->withdrawn);
  status = ocs_package_status (again);
  g_assert_cmpint (status->from_wan, ==, 7);
  g_assert_cmpstr (status->reason->code, ==, "tls");
  g_assert_null (status->action);
}

static void
test_broken_journals (void)
{
  const struct {
    const char *text;
    OcsError code;
  } rows[] = {
      {"{}", OCS_ERROR_INVALID_DATA},
      {"{\"version\":1,\"id\":\"1\"}", OCS_ERROR_INVALID_DATA},
      {"{\"version\":2,\"id\":\"1\",\"step\":\"gone\"}", OCS_ERROR_UNSUPPORTED},
      {"{\"version\":1,\"id\":\"1\",\"step\":\"running\"}", OCS_ERROR_INVALID_DATA},
      {"{\"version\":1,\"id\":\"1\",\"step\":\"offered\",\"offer\":{\"id\":\"x\"}}", OCS_ERROR_INVALID_DATA},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (OcsPackage) package = parse (rows[i].text, &error);

    g_assert_null (package);
    g_assert_error (error, OCS_ERROR, (int)rows[i].code);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package-json/what-is-kept", test_what_is_kept);
  g_test_add_func ("/package-json/broken-journals", test_broken_journals);
  return g_test_run ();
}
