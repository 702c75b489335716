/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "tray/view/draft.h"
#include <string.h>

static void
test_problems (void)
{
  static const struct {
    OcsDraftField field;
    const char *text;
    gboolean good;
  } cases[] = {
      {OCS_DRAFT_SERVER, "", FALSE},
      {OCS_DRAFT_SERVER, "ocs.example.org", FALSE},
      {OCS_DRAFT_SERVER, "ftp://ocs.example.org", FALSE},
      {OCS_DRAFT_SERVER, "https://", FALSE},
      {OCS_DRAFT_SERVER, "https://ann:x@ocs/", FALSE},
      {OCS_DRAFT_SERVER, " https://ocs.example.org/ocsinventory ", TRUE},
      {OCS_DRAFT_SERVER, "http://[fd00::1]:8080/ocsinventory", TRUE},
      {OCS_DRAFT_PROXY_HOST, "", FALSE},
      {OCS_DRAFT_PROXY_HOST, "http://cache", FALSE},
      {OCS_DRAFT_PROXY_HOST, "cache:3128", FALSE},
      {OCS_DRAFT_PROXY_HOST, "cache.example.org", TRUE},
      {OCS_DRAFT_PROXY_HOST, "[fd00::2]", TRUE},
      {OCS_DRAFT_PROXY_PORT, "0", FALSE},
      {OCS_DRAFT_PROXY_PORT, "65536", FALSE},
      {OCS_DRAFT_PROXY_PORT, "31x", FALSE},
      {OCS_DRAFT_PROXY_PORT, "", FALSE},
      {OCS_DRAFT_PROXY_PORT, "65535", TRUE},
      {OCS_DRAFT_CA_BUNDLE, "", FALSE},
      {OCS_DRAFT_CA_BUNDLE, "/etc/ssl/own.pem", TRUE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsDraft) draft = ocs_draft_new ();

    ocs_draft_set (draft, OCS_DRAFT_SERVER, "https://ocs/ocsinventory");
    ocs_draft_set (draft, OCS_DRAFT_PROXY_KIND, "1");
    ocs_draft_set (draft, OCS_DRAFT_PROXY_HOST, "cache");
    ocs_draft_set (draft, cases[i].field, cases[i].text);
    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (ocs_draft_problem (draft, cases[i].field) == NULL, ==, cases[i].good);
    g_assert_cmpint (ocs_draft_is_good (draft, OCS_DRAFT_SERVER, OCS_DRAFT_SHOW_TRAY), ==, cases[i].good);
  }
}

static void
test_what_is_not_used_has_no_problem (void)
{
  g_autoptr (OcsDraft) draft = ocs_draft_new ();

  ocs_draft_set (draft, OCS_DRAFT_PROXY_PORT, "nonsense");
  g_assert_null (ocs_draft_problem (draft, OCS_DRAFT_PROXY_PORT));
  ocs_draft_set (draft, OCS_DRAFT_PROXY_KIND, "3");
  g_assert_nonnull (ocs_draft_problem (draft, OCS_DRAFT_PROXY_PORT));
  ocs_draft_set (draft, OCS_DRAFT_CA_BUNDLE, "");
  ocs_draft_set (draft, OCS_DRAFT_SERVER, "http://ocs/");
  g_assert_null (ocs_draft_problem (draft, OCS_DRAFT_CA_BUNDLE));
  ocs_draft_set (draft, OCS_DRAFT_SERVER, "https://ocs/");
  ocs_draft_set (draft, OCS_DRAFT_VERIFY, "0");
  g_assert_null (ocs_draft_problem (draft, OCS_DRAFT_CA_BUNDLE));
  ocs_draft_set (draft, OCS_DRAFT_SERVER_PASSWORD, "x");
  g_assert_nonnull (ocs_draft_problem (draft, OCS_DRAFT_SERVER_USER));
}

/* "none" for a key that is not there, "removed" for one without a value. */
static const char *
assigned (const OcsDraft *draft, const char *key)
{
  g_autoptr (JsonArray) array = ocs_draft_assignments (draft);

  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonObject *one = json_array_get_object_element (array, i);

    if (g_str_equal (ocs_json_string (one, "key"), key))
      return ocs_json_string (one, "value") != NULL ? g_intern_string (ocs_json_string (one, "value")) : "removed";
  }
  return "none";
}

static void
test_assignments (void)
{
  g_autoptr (OcsDraft) draft = ocs_draft_new ();

  ocs_draft_set (draft, OCS_DRAFT_SERVER, "https://ocs/ocsinventory");
  ocs_draft_set (draft, OCS_DRAFT_SERVER_USER, "ann");
  ocs_draft_set (draft, OCS_DRAFT_SERVER_PASSWORD, " with spaces ");
  g_assert_cmpstr (assigned (draft, "[HTTP]Server"), ==, "https://ocs/ocsinventory");
  g_assert_cmpstr (assigned (draft, "[HTTP]AuthRequired"), ==, "1");
  g_assert_cmpstr (assigned (draft, "[HTTP]Pwd"), ==, " with spaces ");
  g_assert_cmpstr (assigned (draft, "[HTTP]ProxyType"), ==, "0");
  g_assert_cmpstr (assigned (draft, "[HTTP]Proxy"), ==, "none");
  g_assert_cmpstr (assigned (draft, "[HTTP]ProxyAuthRequired"), ==, "none");
  g_assert_cmpstr (assigned (draft, "[OCS Companion]TAG"), ==, "removed");
  g_assert_cmpstr (assigned (draft, "[OCS Tray]Show"), ==, "removed");
  ocs_draft_set (draft, OCS_DRAFT_SHOW_TRAY, "0");
  ocs_draft_set (draft, OCS_DRAFT_PROXY_KIND, "1");
  ocs_draft_set (draft, OCS_DRAFT_PROXY_HOST, "cache");
  g_assert_cmpstr (assigned (draft, "[OCS Tray]Show"), ==, "none");
  g_assert_cmpstr (assigned (draft, "[HTTP]ProxyPort"), ==, "3128");
  g_assert_cmpstr (assigned (draft, "[HTTP]ProxyAuthRequired"), ==, "0");
}

static OcsDraft *
from_settings (const char *text)
{
  OcsDraft *draft = ocs_draft_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) reply = ocs_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  ocs_draft_read_settings (draft, reply);
  return draft;
}

static void
test_settings (void)
{
  g_autoptr (OcsDraft) draft = from_settings ("{\"settings\":["
                                              "{\"section\":\"HTTP\",\"key\":\"Server\",\"set\":true,\"value\":\"http://ocs/\"},"
                                              "{\"section\":\"HTTP\",\"key\":\"User\",\"set\":true},"
                                              "{\"section\":\"HTTP\",\"key\":\"Pwd\",\"set\":true},"
                                              "{\"section\":\"HTTP\",\"key\":\"ProxyPort\",\"set\":false,\"value\":\"80\"},"
                                              "{\"section\":\"OCS Inventory Agent\",\"key\":\"Debug\",\"set\":true,\"value\":\"2\"},"
                                              "{\"section\":\"OCS Tray\",\"key\":\"Show\",\"set\":true,\"value\":\"group:staff\"},"
                                              "{\"section\":\"X\",\"key\":\"Server\",\"set\":true,\"value\":\"wrong\"}, 5, {}]}");

  g_assert_cmpstr (ocs_draft_get (draft, OCS_DRAFT_SERVER), ==, "http://ocs/");
  g_assert_cmpstr (ocs_draft_get (draft, OCS_DRAFT_PROXY_PORT), ==, "3128");
  g_assert_true (ocs_draft_is_kept (draft, OCS_DRAFT_SERVER_PASSWORD));
  g_assert_null (ocs_draft_problem (draft, OCS_DRAFT_SERVER_USER));
  /* What was not touched stays as it is. */
  g_assert_cmpstr (assigned (draft, "[HTTP]User"), ==, "none");
  g_assert_cmpstr (assigned (draft, "[HTTP]AuthRequired"), ==, "none");
  g_assert_cmpstr (assigned (draft, "[OCS Inventory Agent]Debug"), ==, "2");
  g_assert_cmpstr (assigned (draft, "[OCS Tray]Show"), ==, "group:staff");
  /* Another password, the same user. */
  ocs_draft_set (draft, OCS_DRAFT_SERVER_PASSWORD, "new");
  g_assert_null (ocs_draft_problem (draft, OCS_DRAFT_SERVER_USER));
  g_assert_cmpstr (assigned (draft, "[HTTP]Pwd"), ==, "new");
  g_assert_cmpstr (assigned (draft, "[HTTP]User"), ==, "none");
  g_assert_cmpstr (assigned (draft, "[HTTP]AuthRequired"), ==, "1");
  /* No login any more. */
  ocs_draft_set (draft, OCS_DRAFT_SERVER_USER, "");
  ocs_draft_set (draft, OCS_DRAFT_SERVER_PASSWORD, "");
  g_assert_cmpstr (assigned (draft, "[HTTP]AuthRequired"), ==, "0");
  g_assert_cmpstr (assigned (draft, "[HTTP]User"), ==, "removed");
}

static void
test_import (void)
{
  const char *text = "{\"values\":[{\"key\":\"[HTTP]Server\",\"value\":\"https://a/"
                     "\"},{\"key\":\"TAG\",\"value\":\"t\"},{\"key\":\"Pwd\",\"value\":\"p\"},{\"key\":\"Odd\"},{\"key\":\"[HTTP]"
                     "ProxyUser\"},{\"key\":\"[HTTP]ProxyPwd\"}]}";
  g_autoptr (OcsDraft) draft = ocs_draft_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) reply = ocs_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  ocs_draft_read_assignments (draft, ocs_json_array (reply, "values"));
  g_assert_cmpstr (ocs_draft_get (draft, OCS_DRAFT_SERVER), ==, "https://a/");
  g_assert_cmpstr (ocs_draft_get (draft, OCS_DRAFT_TAG), ==, "t");
  g_assert_cmpstr (ocs_draft_get (draft, OCS_DRAFT_SERVER_PASSWORD), ==, "p");
  g_assert_true (ocs_draft_is_kept (draft, OCS_DRAFT_PROXY_USER) && ocs_draft_is_kept (draft, OCS_DRAFT_PROXY_PASSWORD));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draft/problems", test_problems);
  g_test_add_func ("/draft/what-is-not-used-has-no-problem", test_what_is_not_used_has_no_problem);
  g_test_add_func ("/draft/assignments", test_assignments);
  g_test_add_func ("/draft/settings", test_settings);
  g_test_add_func ("/draft/import", test_import);
  return g_test_run ();
}
