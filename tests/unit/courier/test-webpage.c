/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/webpage.h"
#include <string.h>

static void
test_is_one (void)
{
  static const struct {
    const char *type;
    const char *bytes;
    gboolean page;
  } cases[] = {
      {"text/html; charset=utf-8", "<!DOCTYPE html><html>", TRUE},
      {NULL, "<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">", TRUE},
      {"application/octet-stream", "  \r\n<HTML><head>", TRUE},
      {"text/html", "\xef\xbb\xbf<html>", TRUE},
      {"text/html", "<!-- portal --><script>", TRUE},
      {"Application/XHTML+xml", "<?xml version=\"1.0\"?><html>", TRUE},
      {NULL, "<?xml version=\"1.0\"?><REPLY>", FALSE},
      {NULL, "<script>", FALSE},
      {"text/html", "\x1f\x8b\x08", FALSE},
      {"text/html", "PK\x03\x04", FALSE},
      {"text/html", "", FALSE},
      {NULL, "<ht", FALSE},
      {"text/htm", "<x", FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].bytes);
    g_assert_cmpint (ocs_webpage_is_one (cases[i].type, (const guint8 *)cases[i].bytes, strlen (cases[i].bytes)), ==, cases[i].page);
  }
  g_assert_false (ocs_webpage_is_one ("text/html", (const guint8 *)"\0<html>", 7));
  g_assert_false (ocs_webpage_is_one ("text/html", NULL, 0));
}

static void
test_leads_away (void)
{
  static const struct {
    const char *location;
    const char *server;
    gboolean away;
  } cases[] = {
      {"http://portal.example/login?u=http://ocs/", "ocs:80", TRUE},
      {"https://10.0.0.1:8443/", "ocs:80", TRUE},
      {"//portal.example/x", "ocs:80", TRUE},
      {"http://user@portal.example/", "ocs:80", TRUE},
      {"http://ocs@portal.example/", "ocs:80", TRUE},
      {"http://ocs.example/", "ocs:80", TRUE},
      {"https://OCS/ocsinventory", "ocs:80", FALSE},
      {"http://ocs:8080/x", "ocs:80", FALSE},
      {"https://[2001:db8::1]/x", "[2001:db8::1]:80", FALSE},
      {"https://[2001:db8::2]/x", "[2001:db8::1]:80", TRUE},
      {"/login?to=http://ocs/", "ocs:80", FALSE},
      {"login", "ocs:80", FALSE},
      {"?x=//y", "ocs:80", FALSE},
      {"", "ocs:80", FALSE},
      {"http://", "ocs:80", TRUE},
      {"http://[", "ocs:80", TRUE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].location);
    g_assert_cmpint (ocs_webpage_leads_away (cases[i].location, cases[i].server), ==, cases[i].away);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/webpage/is one", test_is_one);
  g_test_add_func ("/webpage/leads away", test_leads_away);
  return g_test_run ();
}
