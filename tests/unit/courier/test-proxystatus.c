/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/proxystatus.h"

static void
test_rows (void)
{
  static const struct {
    const char *field;
    const char *name; /* NULL: none is found */
    const char *error;
  } rows[] = {
      {"cache.example; error=http_request_denied", "cache.example", "http_request_denied"},
      {"\"squid 7\";error=dns_error; rcode=\"NXDOMAIN\"", "squid 7", "dns_error"},
      {"far; error=connection_timeout, near; error=destination_ip_prohibited", "near", "destination_ip_prohibited"},
      {"far; error=connection_timeout, near; received-status=504", "far", "connection_timeout"},
      {"p; details=\"a, b; error=made_up\"; error=tls_alert_received;alert-id=5", "p", "tls_alert_received"},
      {"p; details=\"quote \\\" and comma,\"; error=x", "p", "x"},
      {"p; details=\"never ends; error=x", NULL, NULL},
      {"p; received-status=200", NULL, NULL},
      {"p; error", NULL, NULL},
      {"p; error=", NULL, NULL},
      {"p; terror=x", NULL, NULL},
      {"; error=x", "", "x"},
      {",,;;=,", NULL, NULL},
      {"\\", NULL, NULL},
      {"", NULL, NULL},
      {NULL, NULL, NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (OcsProxystatus) status = ocs_proxystatus_find (rows[i].field);

    g_test_message ("%s", rows[i].field);
    g_assert_cmpstr (status != NULL ? status->name : NULL, ==, rows[i].name);
    g_assert_cmpstr (status != NULL ? status->error : NULL, ==, rows[i].error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proxystatus/rows", test_rows);
  return g_test_run ();
}
