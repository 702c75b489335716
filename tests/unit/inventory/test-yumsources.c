/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .repo files as dnf, yum and zypper read them; no login comes through. */
#include "worker/inventory/yumsources.h"
#include <string.h>

static GHashTable *
variables_new (void)
{
  GHashTable *variables = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (variables, "basearch", "x86_64");
  g_hash_table_insert (variables, "releasever", "9");
  return variables;
}

static GPtrArray *
parse (const char *text)
{
  g_autoptr (GHashTable) variables = variables_new ();
  return ocs_yum_parse (text, variables);
}

static void
test_keys (void)
{
  g_autoptr (GPtrArray) sources =
      parse ("# about\n[main]\ngpgcheck=1\n[baseos]\nName = Base $releasever ${basearch} $other $\n"
             "BASEURL = https://a.example/$basearch,\n  https://b.example/\nenabled=Yes\ngpgcheck = 0\n"
             "exclude=kernel*\n\n  systemd\n[off]\nbaseurl=https://c.example/\nenabled = 0\n"
             "[two]\nmirrorlist=https://m.example/list?release=9&arch=x\nmetalink=https://m.example/link?token=abc\n");
  g_assert_cmpuint (sources->len, ==, 2);
  const OcsYumSource *first = sources->pdata[0];
  const OcsYumSource *second = sources->pdata[1];
  g_assert_cmpstr (first->id, ==, "baseos");
  g_assert_cmpstr (first->name, ==, "Base 9 x86_64 $other $");
  g_assert_cmpstr (first->uri, ==, "https://a.example/x86_64");
  g_assert_cmpstr (first->exclude, ==, "kernel* systemd");
  g_assert_cmpstr (first->options, ==, "gpgcheck=0");
  g_assert_null (first->mirrors);
  g_assert_null (second->uri);
  g_assert_null (second->name);
  g_assert_cmpstr (second->mirrors, ==, "https://m.example/link"); /* the metalink goes first, its token goes nowhere */
}

static void
test_logins (void)
{
  g_autoptr (GPtrArray) sources =
      parse ("[a]\nbaseurl=https://user:pa/ss@h.example/x?key=SECRET#y\n[b]\nmirrorlist=http://u:p@m.example/l?repo=1\n");
  g_assert_cmpstr (((OcsYumSource *)sources->pdata[0])->uri, ==, "https://h.example/x");
  g_assert_cmpstr (((OcsYumSource *)sources->pdata[1])->mirrors, ==, "http://m.example/l?repo=1");
}

static void
test_odd (void)
{
  g_autoptr (GPtrArray) nothing = parse ("");
  g_autoptr (GPtrArray) odd = parse ("name=before any section\n  more\n[]\n=\n[x\n]\n[y]\nbaseurl=\n  \n\xff\xfe=\n[z]\nbaseurl=${\n");
  g_assert_cmpuint (nothing->len, ==, 0);
  g_assert_cmpuint (odd->len, ==, 3);
  g_assert_null (((OcsYumSource *)odd->pdata[1])->uri);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/yumsources/keys", test_keys);
  g_test_add_func ("/yumsources/logins", test_logins);
  g_test_add_func ("/yumsources/odd", test_odd);
  return g_test_run ();
}
