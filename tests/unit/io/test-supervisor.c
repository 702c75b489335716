/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/supervisor.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* What a systemd would listen on; path is its file. */
static int
listen_at (char **path)
{
  g_autofree char *folder = g_dir_make_tmp ("ocs-supervisor-XXXXXX", NULL);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  *path = g_build_filename (folder, "notify", NULL);
  g_assert_cmpint (g_strlcpy (address.sun_path, *path, sizeof address.sun_path), <, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  return fd;
}

static void
end (int fd, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  close (fd);
  g_unlink (path);
  g_rmdir (folder);
}

static void
expect (int fd, const char *message)
{
  char text[64] = "";
  ssize_t n = recv (fd, text, sizeof text - 1, 0);

  if (message == NULL)
    g_assert_cmpint (n, <, 0);
  else
    g_assert_cmpstr (text, ==, message);
}

static gboolean
on_late (gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint milliseconds)
{
  gboolean late = FALSE;

  g_timeout_add (milliseconds, on_late, &late);
  while (!late)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_ready_alive_stopping (void)
{
  g_autofree char *path = NULL;
  int fd = listen_at (&path);
  OcsSupervisor *supervisor;

  g_setenv ("NOTIFY_SOCKET", path, TRUE);
  g_setenv ("WATCHDOG_USEC", "100000", TRUE);
  supervisor = ocs_supervisor_new ();
  g_assert_nonnull (supervisor);
  g_assert_null (g_getenv ("NOTIFY_SOCKET"));
  g_assert_null (g_getenv ("WATCHDOG_USEC"));
  run_for (120);
  expect (fd, NULL);
  ocs_supervisor_ready (supervisor);
  expect (fd, "READY=1");
  run_for (90);
  expect (fd, "WATCHDOG=1");
  ocs_supervisor_free (supervisor);
  do {
    char text[64] = "";

    g_assert_cmpint (recv (fd, text, sizeof text - 1, 0), >, 0);
    if (g_str_equal (text, "STOPPING=1"))
      break;
    g_assert_cmpstr (text, ==, "WATCHDOG=1");
  } while (TRUE);
  expect (fd, NULL);
  end (fd, path);
}

/* A watchdog for another process, such as a parent that handed its environment on, is none of ours. */
static void
test_watchdog_of_another (void)
{
  g_autofree char *path = NULL;
  int fd = listen_at (&path);
  OcsSupervisor *supervisor;

  g_setenv ("NOTIFY_SOCKET", path, TRUE);
  g_setenv ("WATCHDOG_USEC", "20000", TRUE);
  g_setenv ("WATCHDOG_PID", "1", TRUE);
  supervisor = ocs_supervisor_new ();
  ocs_supervisor_ready (supervisor);
  expect (fd, "READY=1");
  run_for (60);
  expect (fd, NULL);
  ocs_supervisor_free (supervisor);
  end (fd, path);
}

static void
test_nobody_asks (void)
{
  static const char *const sockets[] = {"", "/", "relative", "vsock:2:1234"};
  g_autofree char *long_one = g_strnfill (200, '/');

  g_unsetenv ("NOTIFY_SOCKET");
  g_assert_null (ocs_supervisor_new ());
  for (guint i = 0; i < G_N_ELEMENTS (sockets); i++) {
    g_setenv ("NOTIFY_SOCKET", sockets[i], TRUE);
    g_assert_null (ocs_supervisor_new ());
  }
  g_setenv ("NOTIFY_SOCKET", long_one, TRUE);
  g_assert_null (ocs_supervisor_new ());
  ocs_supervisor_ready (NULL);
  ocs_supervisor_free (NULL);
}

/* systemd has gone: that is no reason to end. */
static void
test_nobody_listens (void)
{
  OcsSupervisor *supervisor;

  g_setenv ("NOTIFY_SOCKET", "@ocs-supervisor-nobody", TRUE);
  supervisor = ocs_supervisor_new ();
  g_assert_nonnull (supervisor);
  ocs_supervisor_ready (supervisor);
  ocs_supervisor_free (supervisor);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/supervisor/ready-alive-stopping", test_ready_alive_stopping);
  g_test_add_func ("/supervisor/watchdog-of-another", test_watchdog_of_another);
  g_test_add_func ("/supervisor/nobody-asks", test_nobody_asks);
  g_test_add_func ("/supervisor/nobody-listens", test_nobody_listens);
  return g_test_run ();
}
