/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-command"
#include "worker/run/command.h"
#include "ipc/error.h"
#include "worker/run/family.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_DEADLINE G_MAXINT64

typedef struct {
  const OcsCommand *command; /* borrowed: the caller's */
  OcsCapture *output;        /* borrowed: the caller's */
  int child;
  int children;    /* owned; a signalfd for SIGCHLD */
  int pipe;        /* owned; the output; -1 at its end */
  int wait_status; /* of child */
  gboolean ended;  /* child has */
  gint64 deadline; /* monotonic µs */
  sigset_t mask;   /* of signals before we came */
} Run;

static char **
build_environment (const OcsCommand *command)
{
  char **environment = g_new0 (char *, 5);

  environment[0] = g_strdup ("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  environment[1] = g_strdup_printf ("HOME=%s", geteuid () == 0 ? "/root" : g_get_home_dir ());
  environment[2] = g_strdup ("LANG=C.UTF-8");
  environment[3] = g_strdup_printf ("OCS_PACKAGE_ID=%s", command->package);
  return environment;
}

/* In the child: says errno to the parent and ends. */
static void
die (int report)
{
  int number = errno;

  (void)!write (report, &number, sizeof number);
  _exit (127);
}

/* In the child, between fork and exec: system calls only. */
static void
become (const OcsCommand *command, char **environment, int output, int report)
{
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigset_t none;
  int null = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  for (int i = 1; i < NSIG; i++)
    sigaction (i, &standard, NULL); /* fails for SIGKILL and SIGSTOP */
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  setsid ();
  umask (022);
  if (null < 0 || dup2 (null, 0) < 0 || dup2 (output, 1) < 0 || dup2 (output, 2) < 0 || fchdir (command->folder) != 0)
    die (report);
  execvpe (command->argv[0], (char *const *)command->argv, environment);
  die (report);
}

/* Reads what die() has said; nothing where the exec closed the pipe. */
static gboolean
check_started (int report, const char *what, GError **error)
{
  int number = 0;
  ssize_t got;

  do
    got = read (report, &number, sizeof number);
  while (got < 0 && errno == EINTR);
  if (got == 0)
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "cannot start %s: %s", what, g_strerror (number));
  return FALSE;
}

static void
close_open (int fd)
{
  if (fd >= 0)
    close (fd);
}

static gboolean
spawn (Run *run, GError **error)
{
  g_auto (GStrv) environment = build_environment (run->command);
  int output[2] = {-1, -1};
  int report[2] = {-1, -1};
  gboolean started = FALSE;

  if (pipe2 (output, O_CLOEXEC) != 0 || pipe2 (report, O_CLOEXEC) != 0 || (run->child = fork ()) < 0) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "cannot start %s: %s", run->command->argv[0], g_strerror (errno));
  } else {
    if (run->child == 0)
      become (run->command, environment, output[1], report[1]);
    close (report[1]);
    report[1] = -1;
    started = check_started (report[0], run->command->argv[0], error);
    if (!started)
      waitpid (run->child, NULL, 0);
  }
  run->pipe = output[0];
  close_open (output[1]);
  close_open (report[0]);
  close_open (report[1]);
  return started;
}

static void
read_output (Run *run)
{
  guint8 bytes[16 * 1024];
  ssize_t got = read (run->pipe, bytes, sizeof bytes);

  if (got > 0) {
    ocs_capture_push (run->output, bytes, (gsize)got);
  } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
    close (run->pipe);
    run->pipe = -1;
  }
}

static int
milliseconds_until (gint64 deadline)
{
  gint64 left = deadline == NO_DEADLINE ? G_MAXINT : (deadline - g_get_monotonic_time () + 999) / 1000;

  return deadline == NO_DEADLINE ? -1 : (int)CLAMP (left, 0, G_MAXINT);
}

/* Waits for output or a child's end. FALSE once the deadline is over. */
static gboolean
step (Run *run)
{
  struct pollfd watched[2] = {{.fd = run->children, .events = POLLIN}, {.fd = run->pipe, .events = POLLIN}};
  struct signalfd_siginfo information;

  if (poll (watched, 2, milliseconds_until (run->deadline)) < 0 && errno != EINTR)
    g_usleep (10000);
  if (watched[0].revents != 0)
    (void)!read (run->children, &information, sizeof information);
  if (run->pipe >= 0 && watched[1].revents != 0)
    read_output (run);
  if (ocs_family_reap (run->child, &run->wait_status)) {
    run->ended = TRUE;
    run->deadline = g_get_monotonic_time () + (gint64)run->command->linger * 1000;
  }
  return g_get_monotonic_time () < run->deadline;
}

static gboolean
open_run (Run *run, GError **error)
{
  sigset_t child;

  sigemptyset (&child);
  sigaddset (&child, SIGCHLD);
  sigprocmask (SIG_BLOCK, &child, &run->mask);
  run->children = signalfd (-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  ocs_family_adopt ();
  if (run->command->timeout > 0)
    run->deadline = g_get_monotonic_time () + (gint64)run->command->timeout * 1000;
  if (run->children < 0) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "cannot watch child processes: %s", g_strerror (errno));
    return FALSE;
  }
  return spawn (run, error);
}

static void
close_run (Run *run)
{
  close_open (run->pipe);
  close_open (run->children);
  sigprocmask (SIG_SETMASK, &run->mask, NULL);
}

gboolean
ocs_command_run (const OcsCommand *command, OcsCapture *output, int *wait_status, gboolean *timed_out, GError **error)
{
  Run run = {.command = command, .output = output, .children = -1, .pipe = -1, .deadline = NO_DEADLINE};
  gboolean in_time = TRUE;

  if (!open_run (&run, error)) {
    close_run (&run);
    return FALSE;
  }
  /* While the command runs, the deadline is its time-out; afterwards it is the end of the linger time for what still holds the pipe. */
  while (!run.ended && in_time)
    in_time = step (&run) || run.ended;
  *timed_out = !run.ended;
  if (*timed_out) {
    if (!ocs_family_end (run.child, &run.wait_status, command->grace))
      g_warning ("processes of package %s do not end, even killed", command->package);
    run.deadline = g_get_monotonic_time () + (gint64)command->linger * 1000;
  }
  while (run.pipe >= 0 && step (&run))
    ;
  *wait_status = run.wait_status;
  close_run (&run);
  return TRUE;
}
