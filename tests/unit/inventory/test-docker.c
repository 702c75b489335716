/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Docker's files. */
#include "worker/inventory/guest.h"

static void
assert_status (const char *state, const char *status)
{
  g_autofree char *config = g_strdup_printf ("{\"ID\":\"1\",\"Name\":\"/a\",\"State\":{%s}}", state);
  g_autoptr (OcsGuest) guest = ocs_docker_parse (config, NULL);
  g_assert_cmpstr (guest->status, ==, status);
  g_assert_cmpstr (guest->name, ==, "a");
}

static void
test_states (void)
{
  assert_status ("\"Running\":true", "running");
  assert_status ("\"Running\":true,\"Paused\":true", "paused");
  assert_status ("\"Running\":true,\"Restarting\":true", "restarting");
  assert_status ("\"Dead\":true", "dead");
  assert_status ("\"StartedAt\":\"2026-01-01T00:00:00Z\"", "exited");
  assert_status ("\"StartedAt\":\"0001-01-01T00:00:00Z\"", "created");
  assert_status ("", "created");
}

static void
test_limits (void)
{
  static const char config[] = "{\"ID\":\"1\",\"Name\":\"a\",\"State\":{}}";
  g_autoptr (OcsGuest) limited = ocs_docker_parse (config, "{\"Memory\":1073741824,\"NanoCpus\":1500000000}");
  g_autoptr (OcsGuest) odd = ocs_docker_parse (config, "{\"Memory\":-1,\"NanoCpus\":\"x\"}");
  g_autoptr (OcsGuest) huge = ocs_docker_parse (config, "{\"NanoCpus\":9223372036854775807}");
  g_autoptr (OcsGuest) broken = ocs_docker_parse (config, "[");
  g_assert_cmpint (limited->memory_mb, ==, 1024);
  g_assert_cmpint (limited->vcpu, ==, 2);
  g_assert_cmpint (odd->memory_mb, ==, 0);
  g_assert_cmpint (odd->vcpu, ==, 0);
  g_assert_cmpint (huge->vcpu, ==, G_MAXINT32);
  g_assert_cmpint (broken->memory_mb, ==, 0);
  g_assert_null (ocs_docker_parse ("{}", NULL));
  g_assert_null (ocs_docker_parse ("{\"Name\":\"/a\"}", NULL));
  g_assert_null (ocs_docker_parse ("{\"Name\":\"/a\",\"State\"", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/docker/states", test_states);
  g_test_add_func ("/docker/limits", test_limits);
  return g_test_run ();
}
