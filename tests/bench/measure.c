/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure OUT COMMAND [ARGUMENT…]: runs a command and writes what it and all that it started have used into OUT, as one line of JSON.
 *
 * A small program of its own, because a process begins with the peak memory of the one that forked it: measured from Python, nothing
 * would ever be below Python's own 10 MB. A subreaper, because some agents leave a child behind that works on after them.
 * Ends with the command's status, 128 + the signal, 127 where it cannot be started. */
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  double wall; /* seconds until the command itself has ended */
  double all;  /* seconds until its last descendant has */
  double user; /* CPU seconds of all of them */
  double sys;
  long rss; /* KiB, of the largest single one */
  int status;
} Usage;

static double
seconds_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double
seconds_from (struct timeval value)
{
  return (double)value.tv_sec + (double)value.tv_usec / 1e6;
}

static int
exit_status (int status)
{
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

static void
reap (Usage *usage, pid_t main_pid, double began)
{
  struct rusage used;
  int status;
  pid_t pid;

  while ((pid = wait4 (-1, &status, 0, &used)) > 0 || errno == EINTR) {
    if (pid <= 0)
      continue;
    usage->user += seconds_from (used.ru_utime);
    usage->sys += seconds_from (used.ru_stime);
    if (used.ru_maxrss > usage->rss)
      usage->rss = used.ru_maxrss;
    if (pid != main_pid)
      continue;
    usage->wall = seconds_now () - began;
    usage->status = exit_status (status);
  }
  usage->all = seconds_now () - began;
}

static int
write_usage (const char *path, const Usage *usage)
{
  FILE *file = fopen (path, "we");

  if (file == NULL)
    return -1;
  fprintf (file, "{\"wall\": %.6f, \"all\": %.6f, \"user\": %.6f, \"sys\": %.6f, \"rss\": %ld, \"status\": %d}\n", usage->wall, usage->all,
           usage->user, usage->sys, usage->rss, usage->status);
  return fclose (file);
}

int
main (int argc, char **argv)
{
  Usage usage = {0};
  double began;
  pid_t pid;

  if (argc < 3) {
    fputs ("usage: measure OUT COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  began = seconds_now ();
  pid = fork ();
  if (pid == 0) {
    execvp (argv[2], argv + 2);
    perror (argv[2]);
    _exit (127);
  }
  if (pid < 0) {
    perror ("fork");
    return 2;
  }
  reap (&usage, pid, began);
  if (write_usage (argv[1], &usage) != 0) {
    perror (argv[1]);
    return 2;
  }
  return usage.status;
}
