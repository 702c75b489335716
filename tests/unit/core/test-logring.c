/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/logring.h"
#include <string.h>

static void
test_oldest_goes (void)
{
  g_autoptr (OcsLogRing) ring = ocs_log_ring_new (3);
  guint64 at = 0;

  g_assert_null (ocs_log_ring_get (ring, &at));
  for (int i = 0; i < 5; i++) {
    g_autofree char *text = g_strdup_printf ("line %d", i);

    ocs_log_ring_add (ring, 100 + i, G_LOG_LEVEL_MESSAGE, "ocs-test", text);
  }
  g_assert_cmpuint (ocs_log_ring_next (ring), ==, 5);
  g_assert_cmpstr (ocs_log_ring_get (ring, &at)->text, ==, "line 2");
  g_assert_cmpuint (at, ==, 2);
  at = 4;
  g_assert_cmpstr (ocs_log_ring_get (ring, &at)->text, ==, "line 4");
  at = 5;
  g_assert_null (ocs_log_ring_get (ring, &at));
}

/* A server's text reaches the log: it must stay one short line of valid text. */
static void
test_text_is_tamed (void)
{
  g_autoptr (OcsLogRing) ring = ocs_log_ring_new (2);
  g_autofree char *huge = g_strnfill (OCS_LOG_TEXT_MAX * 3, 'x');
  guint64 at = 0;
  const OcsLogLine *line;

  ocs_log_ring_add (ring, 1, G_LOG_LEVEL_WARNING, NULL, "one\n\033[31mtwo\xff\n");
  line = ocs_log_ring_get (ring, &at);
  g_assert_cmpstr (line->domain, ==, "");
  g_assert_cmpstr (line->text, ==, "one  [31mtwo\xef\xbf\xbd");
  ocs_log_ring_add (ring, 1, G_LOG_LEVEL_WARNING, "d", huge);
  at = 1;
  g_assert_cmpuint (strlen (ocs_log_ring_get (ring, &at)->text), ==, OCS_LOG_TEXT_MAX);
  ocs_log_ring_add (ring, 1, G_LOG_LEVEL_WARNING, "d", NULL);
  at = 2;
  g_assert_cmpstr (ocs_log_ring_get (ring, &at)->text, ==, "");
}

static void
test_levels (void)
{
  g_assert_cmpstr (ocs_log_level_name (G_LOG_LEVEL_CRITICAL), ==, "error");
  g_assert_cmpstr (ocs_log_level_name (G_LOG_LEVEL_WARNING | G_LOG_FLAG_FATAL), ==, "warning");
  g_assert_cmpstr (ocs_log_level_name (G_LOG_LEVEL_MESSAGE), ==, "message");
  g_assert_cmpstr (ocs_log_level_name (G_LOG_LEVEL_INFO), ==, "info");
  g_assert_cmpstr (ocs_log_level_name (G_LOG_LEVEL_DEBUG), ==, "debug");
}

static void
test_json (void)
{
  g_autoptr (OcsLogRing) ring = ocs_log_ring_new (1);
  guint64 at = 0;
  g_autoptr (JsonObject) object = NULL;

  ocs_log_ring_add (ring, 1234, G_LOG_LEVEL_WARNING, "ocs-agent", "no way");
  object = ocs_log_line_to_json (ocs_log_ring_get (ring, &at));
  g_assert_cmpint (json_object_get_int_member (object, "time"), ==, 1234);
  g_assert_cmpstr (json_object_get_string_member (object, "level"), ==, "warning");
  g_assert_cmpstr (json_object_get_string_member (object, "domain"), ==, "ocs-agent");
  g_assert_cmpstr (json_object_get_string_member (object, "text"), ==, "no way");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/logring/oldest-goes", test_oldest_goes);
  g_test_add_func ("/logring/text-is-tamed", test_text_is_tamed);
  g_test_add_func ("/logring/levels", test_levels);
  g_test_add_func ("/logring/json", test_json);
  return g_test_run ();
}
