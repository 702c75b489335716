/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Behind the fence, in a process of its own each time. */
#include "worker/courier/fence.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Exit status of what is tried; 0 where it was kept from it. */
typedef int (*Attempt) (void);

static int
try_to_run (void)
{
  execl ("/bin/true", "true", NULL);
  return errno == EPERM ? 0 : 1;
}

static int
try_to_fork (void)
{
  return fork () < 0 ? 0 : 1;
}

static int
try_to_write (void)
{
  int fd = open ("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  signal (SIGXFSZ, SIG_IGN);
  if (fd >= 0 && write (fd, "x", 1) == 1)
    return 1;
  return 0;
}

static int
try_to_remove (void)
{
  return unlink ("/tmp/ocs-test-fence-nothing") < 0 && errno == EPERM ? 0 : 1;
}

static int
try_to_kill (void)
{
  return kill (getppid (), 0) < 0 && errno == EPERM ? 0 : 1;
}

static int
try_to_listen (void)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  return bind (fd, (struct sockaddr *)&address, sizeof address) < 0 && errno == EPERM ? 0 : 1;
}

static int
try_to_open_many (void)
{
  for (guint i = 0; i < 100; i++)
    if (open ("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
      return 0;
  return 1;
}

static int
try_to_raise_limits (void)
{
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};

  return setrlimit (RLIMIT_CPU, &limit) < 0 || getuid () == 0 ? 0 : 1;
}

/* What it is for must go on. */
static int
look_a_name_up (void)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  return fd >= 0 ? 0 : 1;
}

static int
run_behind_fence (Attempt attempt)
{
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    _exit (ocs_fence_close (NULL) ? attempt () : 99);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_kept_in (void)
{
  static const struct {
    const char *name;
    Attempt attempt;
  } attempts[] = {
      {"run", try_to_run},        {"fork", try_to_fork},           {"write", try_to_write},
      {"remove", try_to_remove},  {"kill", try_to_kill},           {"listen", try_to_listen},
      {"open", try_to_open_many}, {"limits", try_to_raise_limits}, {"look up", look_a_name_up},
  };

  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++) {
    g_test_message ("%s", attempts[i].name);
    g_assert_cmpint (run_behind_fence (attempts[i].attempt), ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fence/kept-in", test_kept_in);
  return g_test_run ();
}
