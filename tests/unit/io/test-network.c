/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/network.h"
#include <sched.h>

typedef struct {
  GMainLoop *loop;
  guint changes;
} Seen;

static void
on_change (gpointer user_data)
{
  Seen *seen = user_data;

  seen->changes++;
  g_main_loop_quit (seen->loop);
}

static gboolean
on_timeout (gpointer user_data)
{
  g_main_loop_quit (((Seen *)user_data)->loop);
  return G_SOURCE_REMOVE;
}

/* In a network of its own, so that nothing of the machine is touched. */
static void
test_change_is_told_once (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Seen seen = {.loop = loop};
  g_autoptr (OcsNetwork) network = NULL;
  guint timeout;

  if (unshare (CLONE_NEWNET) != 0) {
    g_test_skip ("needs the right to make a network namespace");
    return;
  }
  network = ocs_network_new (on_change, &seen);
  g_assert_true (g_spawn_command_line_sync ("ip link set lo up", NULL, NULL, NULL, NULL));
  g_assert_true (g_spawn_command_line_sync ("ip address add 127.0.0.2/8 dev lo", NULL, NULL, NULL, NULL));
  timeout = g_timeout_add_seconds (20, on_timeout, &seen);
  g_main_loop_run (loop);
  g_assert_cmpuint (seen.changes, ==, 1);
  g_source_remove (timeout);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/change-is-told-once", test_change_is_told_once);
  return g_test_run ();
}
