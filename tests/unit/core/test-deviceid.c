/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/deviceid.h"

#include <string.h>

static void
assert_built (const char *hostname, const char *expected)
{
  g_autoptr (GDateTime) local = g_date_time_new_local (2026, 1, 2, 3, 4, 5);
  g_autofree char *deviceid = ocs_deviceid_build (hostname, local);

  g_assert_cmpstr (deviceid, ==, expected);
  g_assert_true (ocs_deviceid_is_valid (deviceid));
}

static void
test_build (void)
{
  assert_built ("vm", "vm-2026-01-02-03-04-05");
  assert_built ("vm.example.org", "vm-2026-01-02-03-04-05");
  assert_built ("with-hyphen", "with-hyphen-2026-01-02-03-04-05");
  assert_built ("", "localhost-2026-01-02-03-04-05");
  assert_built (".x", "localhost-2026-01-02-03-04-05");
  assert_built (NULL, "localhost-2026-01-02-03-04-05");
  assert_built ("a\nb\x7f", "ab-2026-01-02-03-04-05");
  assert_built ("büro", "büro-2026-01-02-03-04-05");
  assert_built ("a\xff", "a\xef\xbf\xbd-2026-01-02-03-04-05");
}

static void
test_long (void)
{
  g_autoptr (GDateTime) local = g_date_time_new_local (2026, 12, 31, 23, 59, 59);
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree char *deviceid = NULL;

  for (guint i = 0; i < 300; i++)
    g_string_append (name, "é");
  deviceid = ocs_deviceid_build (name->str, local);
  g_assert_cmpuint (strlen (deviceid), <=, 255);
  g_assert_true (g_utf8_validate (deviceid, -1, NULL));
  g_assert_true (ocs_deviceid_is_valid (deviceid));
}

static void
test_valid (void)
{
  g_autofree char *fill = g_strnfill (250, 'x');
  g_autofree char *huge = g_strconcat (fill, "-2026-01-02-03-04-05", NULL);

  g_assert_true (ocs_deviceid_is_valid ("vm-2026-01-02-03-04-05"));
  g_assert_true (ocs_deviceid_is_valid ("my pc-2026-01-02-03-04-05"));
  g_assert_true (ocs_deviceid_is_valid ("--2026-01-02-03-04-05"));
  g_assert_false (ocs_deviceid_is_valid (NULL));
  g_assert_false (ocs_deviceid_is_valid (""));
  g_assert_false (ocs_deviceid_is_valid ("-2026-01-02-03-04-05"));
  g_assert_false (ocs_deviceid_is_valid ("vm-2026-01-02-03-04-05\n"));
  g_assert_false (ocs_deviceid_is_valid ("v\nm-2026-01-02-03-04-05"));
  g_assert_false (ocs_deviceid_is_valid ("vm-2026-01-02-03-04-5"));
  g_assert_false (ocs_deviceid_is_valid ("vm-2026-01-02-03-04-05-"));
  g_assert_false (ocs_deviceid_is_valid ("vm-26-01-02-03-04-05"));
  g_assert_false (ocs_deviceid_is_valid ("vm_2026-01-02-03-04-05"));
  g_assert_false (ocs_deviceid_is_valid ("\xff-2026-01-02-03-04-05"));
  g_assert_false (ocs_deviceid_is_valid (huge));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deviceid/build", test_build);
  g_test_add_func ("/deviceid/long", test_long);
  g_test_add_func ("/deviceid/valid", test_valid);
  return g_test_run ();
}
