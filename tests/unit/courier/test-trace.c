/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "worker/courier/trace.h"
#include <string.h>

#define ALL ((long)(CURLAUTH_BASIC | CURLAUTH_DIGEST | CURLAUTH_NTLM | CURLAUTH_NEGOTIATE))

static void
test_login (void)
{
  g_assert_cmpstr (ocs_trace_login (ALL, ALL), ==, "negotiate");
  g_assert_cmpstr (ocs_trace_login (ALL, (long)(CURLAUTH_BASIC | CURLAUTH_DIGEST)), ==, "digest");
  g_assert_cmpstr (ocs_trace_login ((long)CURLAUTH_BASIC, ALL), ==, "basic");
  g_assert_cmpstr (ocs_trace_login ((long)CURLAUTH_BASIC, 0), ==, "basic");
  g_assert_null (ocs_trace_login ((long)CURLAUTH_DIGEST, (long)CURLAUTH_BASIC));
  g_assert_null (ocs_trace_login (ALL, 0));
  g_assert_null (ocs_trace_login (0, ALL));
  g_assert_null (ocs_trace_login (0, 0));
}

static OcsHead *
make_head (const char *lines)
{
  OcsHead *head = ocs_head_new ();
  g_auto (GStrv) parts = g_strsplit (lines, "\n", -1);

  g_assert_true (ocs_head_add_line (head, "HTTP/1.1 200 OK", 15));
  for (guint i = 0; parts[i] != NULL; i++)
    g_assert_true (ocs_head_add_line (head, parts[i], strlen (parts[i])));
  return head;
}

static void
test_uncacheable (void)
{
  static const struct {
    const char *lines;
    const char *words;
  } cases[] = {
      {"Cache-Control: no-store", "Cache-Control: no-store"},
      {"Cache-Control: public, No-Store", "Cache-Control: no-store"},
      {"Cache-Control: private, max-age=60", "Cache-Control: private"},
      {"Cache-Control: max-age=0", "Cache-Control: max-age=0"},
      {"Cache-Control: max-age=05", NULL},
      {"Cache-Control: max-age=3600", NULL},
      {"Cache-Control: max-age=0x", NULL},
      {"Vary: *", "Vary: *"},
      {"Vary: Accept-Encoding", NULL},
      {"Pragma: no-cache", "Pragma: no-cache"},
      {"Pragma: no-cache\nCache-Control: max-age=9", NULL},
      {"ETag: \"no-store\"", NULL},
      {"", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsHead) head = make_head (cases[i].lines);
    g_autofree char *words = ocs_trace_dup_uncacheable (head);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

static void
check_reached (OcsTraceFacts facts, const char *reached)
{
  g_autoptr (OcsHead) head = ocs_head_new ();
  g_autoptr (JsonObject) course = NULL;

  facts.head = head;
  course = ocs_trace_build (&facts);
  g_assert_cmpstr (ocs_json_string (course, "reached"), ==, reached);
  g_assert_cmpint (ocs_json_int (course, "size", 0), ==, -1);
}

static void
test_reached (void)
{
  check_reached ((OcsTraceFacts) {FALSE}, "nothing");
  check_reached ((OcsTraceFacts) {.resolve_us = 1}, "resolved");
  check_reached ((OcsTraceFacts) {.resolve_us = 1, .connect_us = 1}, "connected");
  check_reached ((OcsTraceFacts) {.proxied = TRUE, .tunnel = TRUE, .connect_us = 1, .connect_status = 407}, "connected");
  check_reached ((OcsTraceFacts) {.proxied = TRUE, .tunnel = TRUE, .connect_us = 1, .connect_status = 200}, "tunnelled");
  check_reached ((OcsTraceFacts) {.connect_us = 1, .connect_status = 200, .status = 404}, "answered");
}

static void
test_offers (void)
{
  g_autoptr (OcsHead) head = ocs_head_new ();
  OcsTraceFacts facts = {.proxied = TRUE, .offered = (long)(CURLAUTH_BASIC | CURLAUTH_NTLM), .allowed = ALL, .head = head};
  g_autoptr (JsonObject) course = ocs_trace_build (&facts);
  JsonArray *offers = ocs_json_array (course, "offers");

  g_assert_cmpuint (json_array_get_length (offers), ==, 2);
  g_assert_cmpstr (json_array_get_string_element (offers, 0), ==, "ntlm");
  g_assert_cmpstr (ocs_json_string (course, "auth"), ==, "ntlm");
}

static void
test_socks (void)
{
  g_autoptr (OcsHead) head = ocs_head_new ();
  OcsTraceFacts facts = {.proxied = TRUE, .socks_login = TRUE, .head = head};
  g_autoptr (JsonObject) course = ocs_trace_build (&facts);

  g_assert_cmpstr (ocs_json_string (course, "auth"), ==, "password");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/login", test_login);
  g_test_add_func ("/trace/uncacheable", test_uncacheable);
  g_test_add_func ("/trace/reached", test_reached);
  g_test_add_func ("/trace/offers", test_offers);
  g_test_add_func ("/trace/socks", test_socks);
  return g_test_run ();
}
