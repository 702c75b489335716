/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts against the real ocs-pac, OCS_PAC names it. */
#include "ipc/error.h"
#include "worker/courier/pac.h"
#include <string.h>

#define FIND(body) "function FindProxyForURL(url, host) { " body " }"

typedef struct {
  GMainLoop *loop;
  char *answer;
  GError *error;
} Found;

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Found *found = user_data;

  found->answer = ocs_pac_find_finish (result, &found->error);
  g_main_loop_quit (found->loop);
}

static Found
find (const char *program, const char *script, const char *target, GCancellable *cancellable)
{
  Found found = {.loop = g_main_loop_new (NULL, FALSE)};

  ocs_pac_find_async (program, script, target, cancellable, on_found, &found);
  g_main_loop_run (found.loop);
  g_main_loop_unref (found.loop);
  return found;
}

static void
found_clear (Found *found)
{
  g_free (found->answer);
  g_clear_error (&found->error);
}

static void
test_answers (void)
{
  static const struct {
    const char *script, *target, *answer;
  } cases[] = {
      {FIND ("return 'DIRECT';"), "http://ocs/", "DIRECT"},
      {FIND ("return 'PROXY ' + host + ':80';"), "https://Ocs.Example:8443/secret/path", "PROXY ocs.example:80"},
      {FIND ("return url;"), "https://ocs.example:8443/secret/path", "https://ocs.example:8443/"},
      {FIND ("return url + ' ' + host;"), "http://[fd00::1]:81/x", "http://[fd00::1]:81/ fd00::1"},
      {FIND ("return isInNet(host, '10.0.0.0', '255.0.0.0') ? 'PROXY a:1' : 'DIRECT';"), "http://10.1.2.3/", "PROXY a:1"},
      {FIND ("return dnsDomainIs(host, '.example') && shExpMatch(url, '*ocs*') ? 'SOCKS5 b:2' : 'DIRECT';"), "http://ocs.example/",
       "SOCKS5 b:2"},
      {FIND ("return isPlainHostName(host) ? 'DIRECT' : 'PROXY a:1';"), "http://ocs/", "DIRECT"},
      {FIND ("return /^[0-9.]+$/.test(myIpAddress()) ? 'DIRECT' : 'PROXY a:1';"), "http://ocs/", "DIRECT"},
      {FIND ("return;"), "http://ocs/", "undefined"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Found found = find (g_getenv ("OCS_PAC"), cases[i].script, cases[i].target, NULL);

    g_test_message ("%s", cases[i].script);
    g_assert_no_error (found.error);
    g_assert_cmpstr (found.answer, ==, cases[i].answer);
    found_clear (&found);
  }
}

static void
test_nonsense (void)
{
  static const struct {
    const char *script;
    OcsError code;
  } cases[] = {
      {"", OCS_ERROR_INVALID_DATA},
      {"function (", OCS_ERROR_INVALID_DATA},
      {"function Other() {}", OCS_ERROR_INVALID_DATA},
      {"<html><body>log in</body></html>", OCS_ERROR_INVALID_DATA},
      {FIND ("return nothing.at.all;"), OCS_ERROR_INVALID_DATA},
      {FIND ("throw 'me';"), OCS_ERROR_INVALID_DATA},
      {FIND ("while (true);"), OCS_ERROR_TIMED_OUT},
      {FIND ("var a = 'x'; while (true) a += a;"), OCS_ERROR_INVALID_DATA},
      {FIND ("var a = []; while (true) a.push(new Array(1000));"), OCS_ERROR_INVALID_DATA},
      {"function f() { f(); } " FIND ("f();"), OCS_ERROR_INVALID_DATA},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Found found = find (g_getenv ("OCS_PAC"), cases[i].script, "http://ocs/", NULL);
    gint64 code = found.error != NULL ? found.error->code : -1;

    g_test_message ("%s: %s", cases[i].script, found.error != NULL ? found.error->message : found.answer);
    g_assert_null (found.answer);
    g_assert_true (found.error->domain == OCS_ERROR);
    /* Memory may run out before the time or after it. */
    g_assert_true (code == (gint64)cases[i].code || (strstr (cases[i].script, "(true) a") != NULL && code == OCS_ERROR_TIMED_OUT));
    g_assert_null (strchr (found.error->message, '\n'));
    found_clear (&found);
  }
}

static void
test_long_answer (void)
{
  Found found = find (g_getenv ("OCS_PAC"), FIND ("var a = 'x'; for (var i = 0; i < 20; i++) a += a; return a;"), "http://ocs/", NULL);

  g_assert_no_error (found.error);
  g_assert_cmpuint (strlen (found.answer), ==, OCS_PAC_ANSWER_MAX - 1);
  found_clear (&found);
}

/* A hostile child: it never stops talking, or cannot be started at all. */
static void
test_bad_program (void)
{
  Found talking = find ("/usr/bin/yes", "x", "http://ocs/", NULL);
  Found missing = find ("/nonexistent/ocs-pac", "x", "http://ocs/", NULL);
  Found no_target = find (g_getenv ("OCS_PAC"), FIND ("return 'DIRECT';"), "file:///etc/passwd", NULL);

  g_assert_nonnull (talking.error);
  g_assert_error (missing.error, OCS_ERROR, OCS_ERROR_UNSUPPORTED);
  g_assert_error (no_target.error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  found_clear (&talking);
  found_clear (&missing);
  found_clear (&no_target);
}

static gboolean
on_cancel_time (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Found found;

  g_timeout_add (100, on_cancel_time, cancellable);
  found = find (g_getenv ("OCS_PAC"), FIND ("while (true);"), "http://ocs/", cancellable);
  g_assert_error (found.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  found_clear (&found);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pac/answers", test_answers);
  g_test_add_func ("/pac/nonsense", test_nonsense);
  g_test_add_func ("/pac/long-answer", test_long_answer);
  g_test_add_func ("/pac/bad-program", test_bad_program);
  g_test_add_func ("/pac/cancelled", test_cancelled);
  return g_test_run ();
}
