/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/dpkg.h"
#include <string.h>

static void
on_package (const OcsDpkgPackage *package, gpointer user_data)
{
  GString *out = user_data;
  g_string_append_printf (out, "%s[%.*s|%.*s|%.*s|%.*s]", package->is_unfinished ? "!" : "", (int)package->name.length, package->name.text,
                          (int)package->version.length, package->version.text, (int)package->summary.length, package->summary.text,
                          (int)package->installed_size.length, package->installed_size.text);
}

static char *
parse (const char *text, gsize length)
{
  GString *out = g_string_new (NULL);
  g_autofree char *exact = g_memdup2 (text, length); /* no NUL at the end: the sanitizer sees a byte too many */
  ocs_dpkg_parse (exact, length, on_package, out);
  return g_string_free (out, FALSE);
}

static const char two[] = "Package: a\nStatus: install ok installed\nVersion: 1:2-3\nInstalled-Size: 12\n"
                          "Conffiles:\n /etc/a 0123\nDescription: one = (line)\n long Version: 9\n .\n\n\n"
                          "package:b \nSTATUS: hold ok installed\nVersion:\t4\r\nDescription: two";

static void
test_parse (void)
{
  g_autofree char *found = parse (two, strlen (two));
  g_assert_cmpstr (found, ==, "[a|1:2-3|one = (line)|12][b|4|two|]");
}

static void
test_not_installed (void)
{
  static const char text[] =
      "Package: gone\nStatus: deinstall ok config-files\n\nPackage: half\nStatus: install reinstreq half-installed\n\n"
      "Package: not\nStatus: purge ok not-installed\n\nPackage: nostatus\n\nStatus: install ok installed\n\n"
      "Package: there\nStatus: deinstall ok installed\n";
  g_autofree char *found = parse (text, strlen (text));
  g_assert_cmpstr (found, ==, "![half|||][there|||]");
}

/* In the middle of an upgrade. */
static void
test_upgrade (void)
{
  static const char text[] =
      "Package: a\nStatus: install ok unpacked\n\nPackage: b\nStatus: install ok half-configured\n\nPackage: c\n"
      "Status: install ok triggers-pending\n\nPackage: d\nStatus: install ok triggers-awaited\n\nPackage: e\nStatus: notinstalled\n\n"
      "Package: f\nStatus: installed\n";
  g_autofree char *found = parse (text, strlen (text));
  g_assert_cmpstr (found, ==, "![a|||]![b|||][c|||][d|||]");
}

static void
test_truncated (void)
{
  for (gsize length = 0; length < sizeof two; length++) {
    g_autofree char *found = parse (two, length);
    g_assert_true (length > 20 || *found == '\0');
  }
}

static void
test_garbage (void)
{
  static const char text[] = "\0\xff:\n:::\n \nPackage\nStatus: installed\nPackage:\n\nno colon at all";
  g_autofree char *found = parse (text, sizeof text - 1);
  g_assert_cmpstr (found, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dpkg/parse", test_parse);
  g_test_add_func ("/dpkg/not-installed", test_not_installed);
  g_test_add_func ("/dpkg/upgrade", test_upgrade);
  g_test_add_func ("/dpkg/truncated", test_truncated);
  g_test_add_func ("/dpkg/garbage", test_garbage);
  return g_test_run ();
}
