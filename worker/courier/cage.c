/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-cage"
#include "worker/courier/cage.h"
#include "ipc/error.h"
#include "worker/courier/landlock.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* For each role. Numbers of one architecture are none of another: what libseccomp does not know here is left out. */
static const char *const forbidden[] = {
    /* other processes */
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "kcmp",
    "pidfd_getfd",
    "perf_event_open",
    /* the kernel's larger surfaces */
    "bpf",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "keyctl",
    "add_key",
    "request_key",
    "fanotify_init",
    "open_by_handle_at",
    "name_to_handle_at",
    "vmsplice",
    "memfd_create",
    "memfd_secret",
    "remap_file_pages",
    "move_pages",
    "migrate_pages",
    "shmget",
    "shmat",
    "shmctl",
    "shmdt",
    "semget",
    "semop",
    "semctl",
    "semtimedop",
    "msgget",
    "msgsnd",
    "msgrcv",
    "msgctl",
    "mq_open",
    "mq_unlink",
    "uselib",
    "vm86",
    "vm86old",
    "modify_ldt",
    "personality",
    /* the machine */
    "mount",
    "umount",
    "umount2",
    "mount_setattr",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsmount",
    "fsconfig",
    "fspick",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "swapon",
    "swapoff",
    "sethostname",
    "setdomainname",
    "settimeofday",
    "clock_settime",
    "clock_settime64",
    "clock_adjtime",
    "clock_adjtime64",
    "adjtimex",
    "stime",
    "acct",
    "quotactl",
    "quotactl_fd",
    "syslog",
    "ioperm",
    "iopl",
    "vhangup",
    /* rights */
    "setuid",
    "setuid32",
    "setgid",
    "setgid32",
    "setreuid",
    "setreuid32",
    "setregid",
    "setregid32",
    "setresuid",
    "setresuid32",
    "setresgid",
    "setresgid32",
    "setfsuid",
    "setfsuid32",
    "setfsgid",
    "setfsgid32",
    "setgroups",
    "setgroups32",
    "capset",
    /* files */
    "mknod",
    "mknodat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "chmod",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "chown",
    "chown32",
    "fchown",
    "fchown32",
    "lchown",
    "lchown32",
    "fchownat",
    "truncate",
    "truncate64",
    "creat",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "removexattr",
    "lremovexattr",
    "fremovexattr",
    "utime",
    "utimes",
    "futimesat",
    "utimensat",
    "utimensat_time64",
    "fallocate",
};

/* Where nothing at all is to be started. */
static const char *const starting[] = {"execve", "execveat", "fork", "vfork"};

/* AF_UNIX for name services, AF_NETLINK since the C library looks which addresses are there. */
static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

gboolean
ocs_cage_check (GError **error)
{
  if (geteuid () == 0 || getuid () == 0) {
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_DENIED,
                         "it does not run as root: start it by its unit, by ocs-worker --spawn-courier, or as another user");
    return FALSE;
  }
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
    return TRUE;
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_DENIED,
                       "it does not run where programs can get more rights than who starts them: this kernel has no no_new_privs");
  return FALSE;
}

static void
forbid (scmp_filter_ctx filter, const char *const *names, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    int number = seccomp_syscall_resolve_name (names[i]);

    if (number != __NR_SCMP_ERROR)
      seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), number, 0);
  }
}

/* Threads go on; clone3 hides its flags from filters, and the C library knows clone too. */
static gboolean
forbid_starting (scmp_filter_ctx filter)
{
  forbid (filter, starting, G_N_ELEMENTS (starting));
  return seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0) == 0
         && seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (clone), 1, SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0;
}

static gboolean
forbid_families (scmp_filter_ctx filter)
{
  gboolean added = TRUE;
  int next = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++) {
    for (; next < families[i]; next++)
      added =
          added
          && seccomp_rule_add (filter, SCMP_ACT_ERRNO (EAFNOSUPPORT), SCMP_SYS (socket), 1, SCMP_A0 (SCMP_CMP_EQ, (scmp_datum_t)next)) == 0;
    next++;
  }
  return added
         && seccomp_rule_add (filter, SCMP_ACT_ERRNO (EAFNOSUPPORT), SCMP_SYS (socket), 1, SCMP_A0 (SCMP_CMP_GE, (scmp_datum_t)next)) == 0;
}

/* A sanitizer starts a process of its own and traces with it. */
#ifdef OCS_SANITIZED
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

static gboolean
filter_calls (gboolean may_start)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  gboolean loaded = filter != NULL;

  if (filter == NULL)
    return FALSE;
  forbid (filter, forbidden, G_N_ELEMENTS (forbidden));
  loaded = forbid_families (filter) && (may_start || forbid_starting (filter)) && seccomp_load (filter) == 0;
  seccomp_release (filter);
  return loaded;
}

GStrv
ocs_cage_close (const char *helper)
{
  g_autoptr (GPtrArray) lacking = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  if (!ocs_landlock_close (helper, &error))
    g_ptr_array_add (lacking, g_strdup (error->message));
  if (SANITIZED)
    g_ptr_array_add (lacking, g_strdup ("system calls are not filtered in a build with sanitizers"));
  else if (!filter_calls (helper != NULL))
    g_ptr_array_add (lacking, g_strdup ("system calls cannot be filtered (seccomp)"));
  g_ptr_array_add (lacking, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&lacking), FALSE);
}
