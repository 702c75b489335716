/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each case in a child of its own: the cage is for good. What this kernel lacks is skipped, in the words of the cage itself. */
#include "ipc/error.h"
#include "worker/courier/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define HELPER "/bin/true"

/* TRUE where it is as it should be. */
typedef gboolean (*Trial) (void);

typedef struct {
  const char *name;
  Trial trial;
  const char *needs; /* a word of what must not be lacking; NULL for nothing */
  const char *helper;
} Case;

static gboolean
is_refused (long result)
{
  return result < 0 && (errno == EPERM || errno == EACCES || errno == ENOSYS || errno == EAFNOSUPPORT);
}

static gboolean
try_write (void)
{
  char path[] = "/tmp/ocs-cage-XXXXXX";

  return is_refused (open ("/tmp/ocs-cage-new", O_WRONLY | O_CREAT, 0600)) && is_refused (mkostemp (path, O_CLOEXEC))
         && is_refused (mkdir ("/tmp/ocs-cage-new", 0700)) && is_refused (open ("/tmp", O_RDWR | O_TMPFILE, 0600));
}

static gboolean
try_change (void)
{
  return is_refused (unlink ("/tmp/ocs-cage-none")) && is_refused (rename ("/tmp/ocs-cage-none", "/tmp/x"))
         && is_refused (chmod ("/tmp", 0700)) && is_refused (symlink ("/etc/passwd", "/tmp/ocs-cage-link"))
         && is_refused (truncate ("/etc/passwd", 0));
}

static gboolean
try_read (void)
{
  int passwd = open ("/etc/passwd", O_RDONLY | O_CLOEXEC);
  int null = open ("/dev/null", O_WRONLY | O_CLOEXEC);

  return passwd >= 0 && null >= 0 && write (null, "x", 1) == 1;
}

static gboolean
try_start (void)
{
  char *const argv[] = {(char *)HELPER, NULL};

  return is_refused (fork ()) && is_refused (execv (HELPER, argv)) && is_refused (syscall (SYS_clone3, NULL, 0));
}

static gboolean
start_and_wait (const char *program)
{
  char *const argv[] = {(char *)program, NULL};
  int status = -1;
  pid_t pid = fork ();

  if (pid == 0) {
    execv (program, argv);
    _exit (99);
  }
  return pid > 0 && waitpid (pid, &status, 0) == pid && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static gboolean
try_helper (void)
{
  return start_and_wait (HELPER);
}

static gboolean
try_other_program (void)
{
  return start_and_wait (HELPER) && !start_and_wait ("/bin/ls");
}

static gpointer
run_thread (gpointer data)
{
  return data;
}

static gboolean
try_thread (void)
{
  GThread *thread = g_thread_new ("x", run_thread, GINT_TO_POINTER (7));

  return GPOINTER_TO_INT (g_thread_join (thread)) == 7;
}

static gboolean
try_families (void)
{
  static const int allowed[] = {AF_UNIX, AF_INET, AF_INET6};
  static const int others[] = {AF_PACKET, AF_VSOCK, AF_ALG, AF_BLUETOOTH, AF_CAN, AF_APPLETALK, 60};

  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    if (socket (allowed[i], SOCK_STREAM | SOCK_CLOEXEC, 0) < 0 && errno != EAFNOSUPPORT)
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (!is_refused (socket (others[i], SOCK_DGRAM, 0)))
      return FALSE;
  return TRUE;
}

static gboolean
try_kernel (void)
{
  return is_refused (ptrace (PTRACE_ATTACH, getppid (), NULL, NULL)) && is_refused (syscall (SYS_bpf, 0, NULL, 0))
         && is_refused (syscall (SYS_unshare, 0)) && is_refused (syscall (SYS_keyctl, 0, 0, 0))
         && is_refused (syscall (SYS_memfd_create, "x", 0)) && is_refused (setuid (getuid ()));
}

static gboolean
try_names (void)
{
  struct addrinfo *found = NULL;
  gboolean good = getaddrinfo ("localhost", "80", NULL, &found) == 0;

  if (found != NULL)
    freeaddrinfo (found);
  return good;
}

static const Case cases[] = {
    {"write", try_write, "files", NULL}, {"change", try_change, "calls", NULL},     {"read", try_read, NULL, NULL},
    {"start", try_start, "calls", NULL}, {"helper", try_helper, NULL, HELPER},      {"other-program", try_other_program, "files", HELPER},
    {"thread", try_thread, NULL, NULL},  {"families", try_families, "calls", NULL}, {"kernel", try_kernel, "calls", NULL},
    {"names", try_names, NULL, NULL},
};

static gboolean
lacks (GStrv lacking, const char *word)
{
  for (guint i = 0; word != NULL && lacking[i] != NULL; i++)
    if (strstr (lacking[i], word) != NULL)
      return TRUE;
  return FALSE;
}

/* 0 good, 1 not as it should be, 2 the cage does not stand, 77 lacking here. */
static int
run_child (const Case *c)
{
  GStrv lacking;

  if (geteuid () == 0 && (setgid (NOBODY) != 0 || setuid (NOBODY) != 0))
    return 2;
  if (!ocs_cage_check (NULL))
    return 2;
  lacking = ocs_cage_close (c->helper);
  if (lacks (lacking, c->needs))
    return 77;
  return c->trial () ? 0 : 1;
}

static void
test_case (gconstpointer data)
{
  int status = -1;
  pid_t pid = fork ();

  if (pid == 0)
    _exit (run_child (data));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("this kernel does not hold it");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
test_root (void)
{
  g_autoptr (GError) error = NULL;

  if (geteuid () != 0) {
    g_test_skip ("needs root");
    return;
  }
  g_assert_false (ocs_cage_check (&error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_DENIED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/cage/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/cage/root", test_root);
  return g_test_run ();
}
