/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/pair.h"
#include "worker/core/perlstate.h"

#include <string.h>

static char *
conf (const char *text, const char *element)
{
  return ocs_perlstate_conf (text, strlen (text), element);
}

static void
test_conf (void)
{
  g_autofree char *id =
      conf ("<CONF>\n  <DEVICEID>vm-2026-11-22-07-40-38</DEVICEID>\n  <PROLOG_FREQ>24</PROLOG_FREQ>\n</CONF>\n", "DEVICEID");
  g_autofree char *declared = conf ("<?xml version='1.0' encoding='UTF-8'?>\n<CONF><DEVICEID> a&amp;b </DEVICEID></CONF>", "DEVICEID");
  g_autofree char *cut = conf ("<CONF>\n  <DEVICEID>vm-2026-11-22-07-40-38</DEVICEID>\n  <PROL", "DEVICEID");
  g_autofree char *missing = conf ("<CONF>\n</CONF>\n", "DEVICEID");
  g_autofree char *empty = conf ("<CONF><DEVICEID></DEVICEID></CONF>", "DEVICEID");
  g_autofree char *half = conf ("<CONF><DEVICEID>vm-2026", "DEVICEID");
  g_autofree char *garbage = conf ("\xff\xfe<&;>>", "DEVICEID");

  g_assert_cmpstr (id, ==, "vm-2026-11-22-07-40-38");
  g_assert_cmpstr (declared, ==, "a&b");
  g_assert_cmpstr (cut, ==, "vm-2026-11-22-07-40-38");
  g_assert_null (missing);
  g_assert_null (empty);
  g_assert_null (half);
  g_assert_null (garbage);
}

static void
test_account (void)
{
  const char *text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ADM>\n  <ACCOUNTINFO>\n    <KEYNAME>TAG</KEYNAME>\n    <KEYVALUE>Zürich &lt;1&gt;"
      "</KEYVALUE>\n  </ACCOUNTINFO>\n  <ACCOUNTINFO><KEYVALUE>v</KEYVALUE><KEYNAME>fields_3</KEYNAME></ACCOUNTINFO>"
      "<ACCOUNTINFO><KEYNAME>fields_4</KEYNAME><KEYVALUE/></ACCOUNTINFO><ACCOUNTINFO><KEYVALUE>lost</KEYVALUE></ACCOUNTINFO></ADM>";
  g_autoptr (GPtrArray) pairs = ocs_perlstate_account (text, strlen (text));
  g_autoptr (GPtrArray) none = ocs_perlstate_account ("", 0);
  const char *const expected[][2] = {{"TAG", "Zürich <1>"}, {"fields_3", "v"}, {"fields_4", ""}};

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (pairs->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < pairs->len; i++) {
    const OcsPair *pair = pairs->pdata[i];

    g_assert_cmpstr (pair->name, ==, expected[i][0]);
    g_assert_cmpstr (pair->value, ==, expected[i][1]);
  }
}

static void
test_history (void)
{
  const char *text = "1700000001\n1700000002\r\n\n../etc\n1700000001\nabc\n";
  g_autoptr (GPtrArray) ids = ocs_perlstate_history (text, strlen (text));

  g_assert_cmpuint (ids->len, ==, 2);
  g_assert_cmpstr (ids->pdata[0], ==, "1700000001");
  g_assert_cmpstr (ids->pdata[1], ==, "1700000002");
}

static void
test_modules (void)
{
  const char *text = "# use Ocsinventory::Agent::Modules::No;\nuse Ocsinventory::Agent::Modules::Download;\n"
                     "  use Ocsinventory::Agent::Modules::Saas ;\n1;\n";
  g_autoptr (GPtrArray) modules = ocs_perlstate_modules (text, strlen (text));

  g_assert_cmpuint (modules->len, ==, 1);
  g_assert_cmpstr (modules->pdata[0], ==, "Ocsinventory::Agent::Modules::Saas");
}

static void
test_names (void)
{
  g_autofree char *whole = ocs_perlstate_folder ("http://127.0.0.1:18927/ocsinventory");
  g_autofree char *bare = ocs_perlstate_folder ("ocs.example");

  g_assert_cmpstr (whole, ==, "http:__127.0.0.1:18927_ocsinventory");
  g_assert_cmpstr (bare, ==, "http:__ocs.example_ocsinventory");
  g_assert_true (ocs_perlstate_is_ours ("vm-2026-11-22-07-40-38", "vm.example.org"));
  g_assert_true (ocs_perlstate_is_ours ("my-vm-2026-11-22-07-40-38", "my-vm"));
  g_assert_false (ocs_perlstate_is_ours ("other-2026-11-22-07-40-38", "vm"));
  g_assert_false (ocs_perlstate_is_ours ("vm-2-2026-11-22-07-40-38", "vm"));
  g_assert_false (ocs_perlstate_is_ours ("vm-2026", "vm"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/perlstate/conf", test_conf);
  g_test_add_func ("/perlstate/account", test_account);
  g_test_add_func ("/perlstate/history", test_history);
  g_test_add_func ("/perlstate/modules", test_modules);
  g_test_add_func ("/perlstate/names", test_names);
  return g_test_run ();
}
