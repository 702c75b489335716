/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/idl.h"
#include <gio/gio.h>
#include <string.h>

static void
test_names (void)
{
  for (guint i = 0; i < OCS_ERROR_N; i++) {
    g_autofree char *wire = g_strconcat ("org.ocscompanion.Worker.", ocs_error_wire_name ((OcsError)i), NULL);
    g_autofree char *line = g_strdup_printf ("error %s (message: string)\n", ocs_error_wire_name ((OcsError)i));

    g_assert_cmpint (ocs_error_from_nick (ocs_error_nick ((OcsError)i)), ==, i);
    g_assert_cmpint (ocs_error_from_wire_name (wire), ==, i);
    g_assert_nonnull (strstr (ocs_idl_worker (), line));
    g_assert_nonnull (strstr (ocs_idl_courier (), line));
  }
}

static void
test_unknown (void)
{
  g_assert_cmpint (ocs_error_from_nick (NULL), ==, OCS_ERROR_FAILED);
  g_assert_cmpint (ocs_error_from_nick ("from-the-future"), ==, OCS_ERROR_FAILED);
  g_assert_cmpint (ocs_error_from_wire_name (NULL), ==, OCS_ERROR_FAILED);
  g_assert_cmpint (ocs_error_from_wire_name ("Busy"), ==, OCS_ERROR_FAILED);
  g_assert_cmpint (ocs_error_from_wire_name ("org.ocscompanion.Worker.New"), ==, OCS_ERROR_FAILED);
  g_assert_cmpint (ocs_error_from_wire_name ("org.varlink.service.PermissionDenied"), ==, OCS_ERROR_DENIED);
  g_assert_cmpint (ocs_error_from_wire_name ("org.varlink.service.MethodNotFound"), ==, OCS_ERROR_UNSUPPORTED);
  g_assert_cmpstr (ocs_error_nick ((OcsError)-1), ==, "failed");
  g_assert_cmpstr (ocs_error_wire_name ((OcsError)OCS_ERROR_N), ==, "Failed");
}

static void
test_foreign (void)
{
  g_autoptr (GError) full = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "x");
  g_autoptr (GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr (GError) file = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_ACCES, "x");
  g_autoptr (GError) away = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, "x");
  g_autoptr (GError) other = g_error_new_literal (G_MARKUP_ERROR, 3, "x");

  g_assert_cmpint (ocs_error_code (full), ==, OCS_ERROR_NO_SPACE);
  g_assert_cmpint (ocs_error_code (cancelled), ==, OCS_ERROR_CANCELLED);
  g_assert_cmpint (ocs_error_code (file), ==, OCS_ERROR_DENIED);
  g_assert_cmpint (ocs_error_code (other), ==, OCS_ERROR_FAILED);
  g_assert_true (ocs_error_is_away (away));
  g_assert_true (ocs_error_is_retryable (away));
  g_assert_false (ocs_error_is_retryable (full));
}

static void
test_schedule (void)
{
  g_autoptr (GError) refused = g_error_new_literal (OCS_ERROR, OCS_ERROR_REFUSED, "x");
  g_autoptr (GError) tls = g_error_new_literal (OCS_ERROR, OCS_ERROR_TLS, "x");
  g_autoptr (GError) busy = g_error_new_literal (OCS_ERROR, OCS_ERROR_BUSY, "x");
  g_autoptr (GError) proxy = g_error_new_literal (OCS_ERROR, OCS_ERROR_PROXY_UNREACHABLE, "x");

  g_assert_false (ocs_error_is_away (refused));
  g_assert_false (ocs_error_is_retryable (tls));
  g_assert_true (ocs_error_is_retryable (busy));
  g_assert_false (ocs_error_is_away (busy));
  g_assert_true (ocs_error_is_away (proxy));
}

static void
test_retry_after (void)
{
  g_autoptr (GError) busy = g_error_new_literal (OCS_ERROR, OCS_ERROR_BUSY, "x");
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "x");
  g_autoptr (GError) copy = NULL;

  g_assert_cmpint (ocs_error_retry_after (busy), ==, 0);
  ocs_error_set_retry_after (busy, 120);
  copy = g_error_copy (busy);
  g_assert_cmpint (ocs_error_retry_after (copy), ==, 120);
  ocs_error_set_retry_after (busy, G_MAXINT64);
  g_assert_cmpint (ocs_error_retry_after (busy), ==, OCS_RETRY_AFTER_MAX);
  ocs_error_set_retry_after (busy, -5);
  g_assert_cmpint (ocs_error_retry_after (busy), ==, 0);
  ocs_error_set_retry_after (other, 120);
  g_assert_cmpint (ocs_error_retry_after (other), ==, 0);
  g_assert_cmpint (ocs_error_retry_after (NULL), ==, 0);
}

/* Who says it may have been taken over. */
static void
test_told (void)
{
  g_autofree char *many = g_strnfill (100000, 'x');
  g_autoptr (GError) plain = ocs_error_new_told (OCS_ERROR_REFUSED, "the server said no: té");
  g_autoptr (GError) drawn = ocs_error_new_told (OCS_ERROR_TLS, "a\nb\x1b[2J\x7f\xff");
  g_autoptr (GError) cut = ocs_error_new_told (OCS_ERROR_BUSY, many);

  g_assert_error (plain, OCS_ERROR, OCS_ERROR_REFUSED);
  g_assert_cmpstr (plain->message, ==, "the server said no: té");
  g_assert_cmpstr (drawn->message, ==, "a b [2J \xef\xbf\xbd");
  g_assert_cmpuint (strlen (cut->message), ==, OCS_ERROR_TOLD_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/names", test_names);
  g_test_add_func ("/error/unknown", test_unknown);
  g_test_add_func ("/error/foreign", test_foreign);
  g_test_add_func ("/error/schedule", test_schedule);
  g_test_add_func ("/error/retry after", test_retry_after);
  g_test_add_func ("/error/told", test_told);
  return g_test_run ();
}
