/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What needs no KDC; tests/system/test_proxy.py has a real one. */
#include "ipc/error.h"
#include "worker/courier/ticket.h"
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  guint answers;
  char *last; /* owned */
  guint cancelled;
} Heard;

static void
on_tickets_got (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Heard *heard = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_false (ocs_tickets_get_finish (result, &error));
  heard->answers++;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    heard->cancelled++;
    return;
  }
  g_assert_error (error, OCS_ERROR, OCS_ERROR_PROXY_AUTH);
  g_free (heard->last);
  heard->last = g_strdup (error->message);
}

static void
wait_for (Heard *heard, guint answers)
{
  while (heard->answers < answers)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_no_keytab (void)
{
  g_autoptr (OcsTickets) tickets = ocs_tickets_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Heard heard = {0};

  g_assert_false (ocs_tickets_have (tickets, "/nowhere/k", "p"));
  ocs_tickets_get_async (tickets, "/nowhere/k", "p", NULL, on_tickets_got, &heard);
  ocs_tickets_get_async (tickets, "/nowhere/k", "p", cancellable, on_tickets_got, &heard);
  ocs_tickets_get_async (tickets, "/nowhere/k", "p", NULL, on_tickets_got, &heard);
  g_assert_cmpuint (heard.answers, ==, 0); /* never from within the call */
  g_cancellable_cancel (cancellable);
  wait_for (&heard, 3);
  g_assert_cmpuint (heard.cancelled, ==, 1);
  g_assert_nonnull (strstr (heard.last, "/nowhere/k"));
  g_assert_nonnull (strstr (heard.last, "ProxyKeytab="));
  g_assert_false (ocs_tickets_have (tickets, "/nowhere/k", "p"));
  g_free (heard.last);
}

static void
test_not_a_keytab (void)
{
  static const char *const contents[] = {"", "\x05\x02", "garbage that is no keytab", "\x05\x02\xff\xff\xff\xff\x01"};
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("ocs-ticket-XXXXXX", &path, NULL);

  g_close (fd, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++) {
    g_autoptr (OcsTickets) tickets = ocs_tickets_new ();
    Heard heard = {0};

    g_assert_true (g_file_set_contents (path, contents[i], -1, NULL));
    ocs_tickets_get_async (tickets, path, "p", NULL, on_tickets_got, &heard);
    wait_for (&heard, 1);
    g_test_message ("%s", heard.last);
    g_assert_nonnull (strstr (heard.last, "ProxyKeytab="));
    g_free (heard.last);
  }
  g_unlink (path);
}

/* Nobody has asked yet. */
static void
test_free (void)
{
  g_autoptr (OcsTickets) tickets = ocs_tickets_new ();

  g_assert_false (ocs_tickets_have (tickets, "k", "p"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ticket/no-keytab", test_no_keytab);
  g_test_add_func ("/ticket/not-a-keytab", test_not_a_keytab);
  g_test_add_func ("/ticket/free", test_free);
  return g_test_run ();
}
