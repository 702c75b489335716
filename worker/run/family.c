/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-family"
#include "worker/run/family.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEP_MS 50
/* A process in an uninterruptible wait may outlive SIGKILL for a while. */
#define KILL_WAIT_MS 5000

typedef struct {
  int pid;
  int parent;
  gboolean zombie;
} Process;

void
ocs_family_adopt (void)
{
  if (prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
    g_warning ("this kernel has no subreaper: children that detach themselves outlive a time-out");
}

static gboolean
read_process (const char *pid, Process *process)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid);
  g_autofree char *text = NULL;
  const char *rest;
  char state = '\0';

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  rest = strrchr (text, ')'); /* the name before it may hold anything */
  if (rest == NULL || sscanf (rest, ") %c %d", &state, &process->parent) != 2)
    return FALSE;
  process->pid = (int)g_ascii_strtoll (pid, NULL, 10);
  process->zombie = state == 'Z' || state == 'X';
  return TRUE;
}

static GArray *
list_processes (void)
{
  GArray *processes = g_array_new (FALSE, FALSE, sizeof (Process));
  g_autoptr (GDir) folder = g_dir_open ("/proc", 0, NULL);
  const char *name;
  Process process;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_ascii_isdigit (*name) && read_process (name, &process))
      g_array_append_val (processes, process);
  return processes;
}

guint
ocs_family_signal (int signal_number)
{
  g_autoptr (GArray) processes = list_processes ();
  g_autoptr (GHashTable) family = g_hash_table_new (NULL, NULL);
  gboolean grown = TRUE;
  guint count = 0;

  g_hash_table_add (family, GINT_TO_POINTER ((int)getpid ()));
  /* Pids need not grow from parent to child, so look again until nobody is added. */
  while (grown) {
    grown = FALSE;
    for (guint i = 0; i < processes->len; i++) {
      const Process *process = &g_array_index (processes, Process, i);

      if (g_hash_table_contains (family, GINT_TO_POINTER (process->parent)) && g_hash_table_add (family, GINT_TO_POINTER (process->pid))) {
        grown = TRUE;
        count += process->zombie ? 0 : 1;
        if (signal_number != 0 && !process->zombie)
          kill (process->pid, signal_number);
      }
    }
  }
  return count;
}

gboolean
ocs_family_reap (int child, int *wait_status)
{
  gboolean ended = FALSE;
  int status;
  pid_t pid;

  while ((pid = waitpid (-1, &status, WNOHANG)) > 0)
    if (pid == child) {
      *wait_status = status;
      ended = TRUE;
    }
  return ended;
}

typedef struct {
  int child;
  int *wait_status;
  gboolean reaped; /* child has ended and its number may belong to somebody else */
} Ending;

/* Where /proc is not mounted, the child's process group is all that can be reached. */
static guint
signal_all (Ending *ending, int signal_number)
{
  if (g_file_test ("/proc/self/stat", G_FILE_TEST_EXISTS))
    return ocs_family_signal (signal_number);
  if (!ending->reaped && signal_number != 0)
    kill (-ending->child, signal_number);
  return ending->reaped ? 0 : 1;
}

static gboolean
wait_for_end (Ending *ending, guint milliseconds, int signal_number)
{
  gint64 deadline = g_get_monotonic_time () + (gint64)milliseconds * 1000;

  do {
    ending->reaped = ocs_family_reap (ending->child, ending->wait_status) || ending->reaped;
    if (signal_all (ending, signal_number) == 0)
      return TRUE;
    g_usleep (STEP_MS * 1000);
  } while (g_get_monotonic_time () < deadline);
  return FALSE;
}

gboolean
ocs_family_end (int child, int *wait_status, guint grace)
{
  Ending ending = {.child = child, .wait_status = wait_status};
  gboolean ended;

  signal_all (&ending, SIGTERM);
  ended = wait_for_end (&ending, grace, 0) || wait_for_end (&ending, KILL_WAIT_MS, SIGKILL);
  ocs_family_reap (child, wait_status);
  return ended;
}
