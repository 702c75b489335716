/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "worker/core/proxybook.h"
#include <string.h>

#define NOW 1800000000

static void
test_manners (void)
{
  g_autoptr (OcsProxybook) book = ocs_proxybook_new ();
  OcsProxyPage *page = ocs_proxybook_open (book, "squid:3128", NOW);

  g_assert_cmpint (ocs_proxybook_manners (NULL, NOW), ==, OCS_MANNERS_UNKNOWN);
  g_assert_cmpint (ocs_proxybook_manners (page, NOW), ==, OCS_MANNERS_UNKNOWN);
  ocs_proxybook_learn (page, 504, NOW);
  g_assert_cmpint (ocs_proxybook_manners (page, NOW + 100), ==, OCS_MANNERS_ASKABLE);
  g_assert_cmpint (ocs_proxybook_manners (page, NOW + OCS_PROXYBOOK_FRESH), ==, OCS_MANNERS_UNKNOWN);
  g_assert_cmpint (ocs_proxybook_manners (page, NOW - 100), ==, OCS_MANNERS_UNKNOWN);
  for (int status = 200; status < 600; status++) {
    ocs_proxybook_learn (page, status, NOW);
    g_assert_cmpint (ocs_proxybook_manners (page, NOW), ==, status == 504 ? OCS_MANNERS_ASKABLE : OCS_MANNERS_DEAF);
  }
}

/* A gateway that has lost its server answers 504 too, and is taken at its word until it breaks it. */
static void
test_a_broken_word (void)
{
  g_autoptr (OcsProxybook) book = ocs_proxybook_new ();
  OcsProxyPage *page = ocs_proxybook_open (book, "nginx:80", NOW);

  ocs_proxybook_learn (page, 504, NOW);
  ocs_proxybook_note (page, OCS_VERDICT_MISS, 10, 10, FALSE, NOW);
  ocs_proxybook_note (page, OCS_VERDICT_HIT, 10, 10, TRUE, NOW);
  ocs_proxybook_note (page, OCS_VERDICT_UNKNOWN, 10, 10, TRUE, NOW);
  g_assert_cmpint (ocs_proxybook_manners (page, NOW), ==, OCS_MANNERS_ASKABLE);
  ocs_proxybook_note (page, OCS_VERDICT_MISS, 10, 10, TRUE, NOW);
  g_assert_cmpint (ocs_proxybook_manners (page, NOW), ==, OCS_MANNERS_DEAF);
  g_assert_cmpint (page->from_cache, ==, 10);
  g_assert_cmpint (page->from_wan, ==, 30);
}

static void
test_what_is_kept (void)
{
  g_autoptr (OcsProxybook) book = ocs_proxybook_new ();
  OcsProxyPage *page = ocs_proxybook_open (book, "squid:3128", NOW);
  g_autofree char *nothing = NULL, *some = NULL, *mended = NULL;

  ocs_proxybook_learn (page, 504, NOW);
  ocs_proxybook_note (page, OCS_VERDICT_MISS, 8 << 20, 8 << 20, FALSE, NOW);
  g_assert_null (ocs_proxybook_describe (page));
  g_assert_true (ocs_proxybook_wonders (page, 8 << 20, NOW));
  ocs_proxybook_note_kept (page, 8 << 20, FALSE);
  g_assert_false (ocs_proxybook_wonders (page, 8 << 20, NOW));
  g_assert_true (ocs_proxybook_wonders (page, 7 << 20, NOW));
  nothing = ocs_proxybook_describe (page);
  g_assert_nonnull (strstr (nothing, "8.0 MB came"));
  ocs_proxybook_note_kept (page, 2 << 20, TRUE);
  g_assert_false (ocs_proxybook_wonders (page, 1 << 20, NOW));
  some = ocs_proxybook_describe (page);
  g_assert_nonnull (strstr (some, "keeps 2.0 MB but not 8.0 MB"));
  /* One that is smaller than what it has kept tells of its age, not of its size. */
  ocs_proxybook_note_kept (page, 1 << 20, FALSE);
  g_assert_cmpint (page->not_kept, ==, 8 << 20);
  ocs_proxybook_note (page, OCS_VERDICT_HIT, 20 << 20, 20 << 20, FALSE, NOW);
  mended = ocs_proxybook_describe (page);
  g_assert_null (mended);
  ocs_proxybook_note_kept (page, 0, FALSE);
  g_assert_null (ocs_proxybook_describe (page));
}

static void
test_many (void)
{
  g_autoptr (OcsProxybook) book = ocs_proxybook_new ();

  for (int i = 0; i < OCS_PROXYBOOK_MAX + 5; i++) {
    g_autofree char *name = g_strdup_printf ("proxy%d:3128", i);

    ocs_proxybook_open (book, name, NOW + i);
    ocs_proxybook_open (book, "proxy0:3128", NOW + i);
  }
  g_assert_nonnull (ocs_proxybook_find (book, "proxy0:3128"));
  g_assert_null (ocs_proxybook_find (book, "proxy1:3128"));
  g_assert_null (ocs_proxybook_find (book, NULL));
}

static void
test_json (void)
{
  static const char text[] =
      "{\"proxies\":[{\"name\":\"a:1\",\"manners\":\"deaf\",\"learnt\":1799999999,\"from_wan\":-4,\"kept\":9,\"verdict\":\"hit\"},"
      "{\"manners\":\"deaf\"},4,{\"name\":\"b:2\",\"manners\":\"loud\",\"kept\":\"x\"}]}";
  g_autoptr (JsonObject) object = ocs_json_parse (text, strlen (text), NULL);
  g_autoptr (OcsProxybook) read = ocs_proxybook_from_json (ocs_json_array (object, "proxies"));
  g_autoptr (JsonArray) written = ocs_proxybook_to_json (read);
  g_autoptr (OcsProxybook) book = ocs_proxybook_from_json (written);
  g_autoptr (OcsProxybook) none = ocs_proxybook_from_json (NULL);
  const OcsProxyPage *page = ocs_proxybook_find (book, "a:1");

  g_assert_cmpint (ocs_proxybook_manners (page, NOW), ==, OCS_MANNERS_DEAF);
  g_assert_cmpint (page->from_wan, ==, 0);
  g_assert_cmpint (page->kept, ==, 9);
  g_assert_cmpint (page->verdict, ==, OCS_VERDICT_HIT);
  page = ocs_proxybook_find (book, "b:2");
  g_assert_cmpint (ocs_proxybook_manners (page, NOW), ==, OCS_MANNERS_UNKNOWN);
  g_assert_null (ocs_proxybook_find (none, "a:1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proxybook/manners", test_manners);
  g_test_add_func ("/proxybook/a broken word", test_a_broken_word);
  g_test_add_func ("/proxybook/what is kept", test_what_is_kept);
  g_test_add_func ("/proxybook/many", test_many);
  g_test_add_func ("/proxybook/json", test_json);
  return g_test_run ();
}
