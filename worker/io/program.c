/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-program"
#include "worker/io/program.h"
#include "ipc/error.h"
#include "ipc/names.h"
#include "ipc/server.h"
#include "worker/core/result.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define INHERITED_FD 3
#define PROGRAM_FD 4
#define PACKAGE_UNIT "ocs-package@"
/* See sd_booted(3). */
#define SYSTEMD_RUNS "/run/systemd/system"
#define RESTART_AFTER_MS 1000
/* How long the couriers of a worker that was killed may take to end. */
#define BIND_TRIES 100
#define BIND_PAUSE_US 20000

struct _OcsProgram {
  char *role; /* owned */
  int listener;
  pid_t worker; /* this process */
  uid_t uid;
  gid_t gid;
  gboolean drop;
  GSubprocess *process; /* owned, nullable */
  GCancellable *ended;  /* owned */
  guint restart;
};

char *
ocs_program_path (const char *name)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self != NULL ? self : ".");

  return g_build_filename (folder, name, NULL);
}

/* Between fork and exec: nothing but system calls. A change of user takes the death signal back, so that comes last. */
static void
on_child_setup (gpointer user_data)
{
  const OcsProgram *program = user_data;

  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (program->drop && (setgroups (0, NULL) != 0 || setgid (program->gid) != 0 || setuid (program->uid) != 0))
    _exit (126);
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  /* The worker died before that: nobody would ever tell this courier to end, and the next worker could not have its socket. */
  if (getppid () != program->worker)
    _exit (126);
}

static gboolean start (gpointer user_data);

static void
on_process_exit (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsProgram *program = user_data;
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_warning ("ocs-courier --role=%s has ended; starting it again", program->role);
  program->restart = g_timeout_add (RESTART_AFTER_MS, start, program);
}

static gboolean
start (gpointer user_data)
{
  OcsProgram *program = user_data;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *path = ocs_program_path ("ocs-courier");
  g_autofree char *role = g_strconcat ("--role=", program->role, NULL);
  g_autofree char *image = g_strdup_printf ("/proc/self/fd/%d", PROGRAM_FD);
  g_autoptr (GError) error = NULL;

  program->restart = 0;
  program->worker = getpid ();
  /* By descriptor: the courier's user may not be allowed into the folder where the program lies (a build folder below /root). */
  g_subprocess_launcher_take_fd (launcher, open (path, O_PATH | O_CLOEXEC), PROGRAM_FD);
  g_subprocess_launcher_take_fd (launcher, fcntl (program->listener, F_DUPFD_CLOEXEC, INHERITED_FD + 1), INHERITED_FD);
  g_subprocess_launcher_setenv (launcher, "LISTEN_FDS", "1", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "LISTEN_PID");
  g_subprocess_launcher_set_child_setup (launcher, on_child_setup, program, NULL);
  g_clear_object (&program->process);
  program->process = g_subprocess_launcher_spawn (launcher, &error, image, role, NULL);
  if (program->process != NULL) {
    g_subprocess_wait_async (program->process, program->ended, on_process_exit, program);
  } else {
    g_warning ("cannot start %s: %s", path, error->message);
    program->restart = g_timeout_add (RESTART_AFTER_MS * 30, start, program);
  }
  return G_SOURCE_REMOVE;
}

/* Root never speaks to the network: without a name there is still somebody who may do less. */
static gboolean
read_user (OcsProgram *program, const char *user, GError **error)
{
  const char *const names[] = {user != NULL ? user : OCS_COURIER_USER, user != NULL ? NULL : "nobody", NULL};
  struct passwd *entry = NULL;

  if (geteuid () != 0)
    return TRUE;
  for (guint i = 0; entry == NULL && names[i] != NULL; i++)
    entry = getpwnam (names[i]);
  if (entry == NULL || entry->pw_uid == 0) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the couriers cannot run as %s: name another user with --courier-user",
                 names[0]);
    return FALSE;
  }
  program->uid = entry->pw_uid;
  program->gid = entry->pw_gid;
  program->drop = TRUE;
  return TRUE;
}

static int
bind_socket (const char *path, GError **error)
{
  int fd = -1;

  for (guint i = 0; fd < 0 && i < BIND_TRIES; i++) {
    g_autoptr (GError) local = NULL;

    fd = ocs_server_bind (path, 0600, &local);
    if (fd >= 0)
      break;
    if (!g_error_matches (local, OCS_ERROR, OCS_ERROR_BUSY) || i + 1 == BIND_TRIES) {
      g_propagate_error (error, g_steal_pointer (&local));
      break;
    }
    g_usleep (BIND_PAUSE_US);
  }
  return fd;
}

OcsProgram *
ocs_program_spawn_courier (const char *role, const char *socket_path, const char *user, GError **error)
{
  g_autoptr (OcsProgram) program = g_new0 (OcsProgram, 1);

  program->role = g_strdup (role);
  program->listener = -1;
  program->ended = g_cancellable_new ();
  if (!read_user (program, user, error))
    return NULL;
  program->listener = bind_socket (socket_path, error);
  if (program->listener < 0)
    return NULL;
  start (program);
  return g_steal_pointer (&program);
}

void
ocs_program_end (OcsProgram *program)
{
  if (program == NULL)
    return;
  g_cancellable_cancel (program->ended);
  g_clear_object (&program->ended);
  g_clear_handle_id (&program->restart, g_source_remove);
  if (program->process != NULL)
    g_subprocess_send_signal (program->process, SIGTERM);
  g_clear_object (&program->process);
  if (program->listener >= 0)
    close (program->listener);
  g_free (program->role);
  g_free (program);
}

/* Waits until nobody holds the lock that ocs-run takes. */
static void
wait_for_lock (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return;
  while (flock (fd, LOCK_SH) != 0 && errno == EINTR)
    ;
  close (fd);
}

static int
spawn_detached (char *const *arguments, pid_t *pid)
{
  char *environment[] = {(char *)"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", (char *)"LANG=C.UTF-8", NULL};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  int failed;

  sigemptyset (&none);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen (&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_init (&attributes);
  posix_spawnattr_setsigmask (&attributes, &none);
  posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  failed = posix_spawnp (pid, arguments[0], &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy (&attributes);
  posix_spawn_file_actions_destroy (&actions);
  return failed;
}

/* Whether packages have a unit to run in. It knows one state folder. */
static gboolean
has_package_unit (const char *state_dir)
{
  static const char *const folders[] = {"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
                                        "/usr/lib/systemd/system", "/lib/systemd/system"};

  if (geteuid () != 0 || !g_str_equal (state_dir, OCS_DEFAULT_STATE_DIR) || !g_file_test (SYSTEMD_RUNS, G_FILE_TEST_IS_DIR))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *path = g_build_filename (folders[i], PACKAGE_UNIT ".service", NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return TRUE;
  }
  return FALSE;
}

/* The unit is no part of the worker's, whose sandbox would hold the package and whose end would be the package's. systemctl waits for the
 * end of the unit, so there is no gap between the start and the lock; if it goes early (with the worker, or as a package makes systemd
 * start itself anew), the unit does not. */
static int
spawn_package (const char *state_dir, const char *id, pid_t *pid)
{
  g_autofree char *program = ocs_program_path ("ocs-run");
  g_autofree char *state = g_strconcat ("--state-dir=", state_dir, NULL);
  g_autofree char *unit = g_strdup_printf (PACKAGE_UNIT "%s.service", id);
  char *by_systemd[] = {(char *)"systemctl", (char *)"--quiet", (char *)"--no-ask-password", (char *)"start", unit, NULL};
  char *by_ourselves[] = {program, state, (char *)id, NULL};

  return spawn_detached (has_package_unit (state_dir) ? by_systemd : by_ourselves, pid);
}

typedef struct {
  char *state_dir; /* owned */
  char *id;        /* owned */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->state_dir);
  g_free (order->id);
  g_free (order);
}

static void
run_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Order *order = data;
  g_autofree char *lock = g_build_filename (order->state_dir, "packages", order->id, "lock", NULL);
  g_autofree char *result = g_build_filename (order->state_dir, "packages", order->id, OCS_RESULT_FILE, NULL);
  pid_t pid = 0;
  int failed = spawn_package (order->state_dir, order->id, &pid);
  int status = 0;

  if (failed != 0) {
    g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_FAILED, "cannot start package %s: %s", order->id, g_strerror (failed));
    return;
  }
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  wait_for_lock (lock);
  if ((WIFEXITED (status) && WEXITSTATUS (status) == 0) || g_file_test (result, G_FILE_TEST_EXISTS))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_INTERRUPTED, "ocs-run %s did not leave a result: see the log", order->id);
}

void
ocs_program_run_package_async (const char *state_dir, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Order *order = g_new0 (Order, 1);

  order->state_dir = g_strdup (state_dir);
  order->id = g_strdup (id);
  g_task_set_task_data (task, order, order_free);
  g_task_run_in_thread (task, run_thread);
}

gboolean
ocs_program_run_package_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
start_quietly (const char *const *arguments, GError **error)
{
  return g_spawn_async (NULL, (char **)arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                        NULL, NULL, error);
}

void
ocs_program_wall (const char *text)
{
  /* In a unit of its own: from the worker's no console can be seen (PrivateDevices=). */
  const char *const outside[] = {"systemd-run", "--quiet", "--no-block", "--collect", "--", "wall", text, NULL};
  const char *const here[] = {"wall", text, NULL};
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0 && g_file_test (SYSTEMD_RUNS, G_FILE_TEST_IS_DIR) && start_quietly (outside, NULL))
    return;
  if (!start_quietly (here, &error))
    g_message ("the terminals were not told: %s", error->message);
}

gboolean
ocs_program_power (OcsPostKind kind, GError **error)
{
  gboolean systemd = g_file_test (SYSTEMD_RUNS, G_FILE_TEST_IS_DIR);
  /* What holds a shutdown back has been waited for, as long as it may be. */
  const char *const by_systemd[] = {"systemctl", "-i", kind == OCS_POST_RESTART ? "reboot" : "poweroff", NULL};
  const char *const by_shutdown[] = {"shutdown", kind == OCS_POST_RESTART ? "-r" : "-P", "now", NULL};
  g_autoptr (GError) local = NULL;

  if (start_quietly (systemd ? by_systemd : by_shutdown, &local))
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "the machine cannot be restarted: %s", local->message);
  return FALSE;
}
