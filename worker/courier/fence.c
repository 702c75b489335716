/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/fence.h"
#include "ipc/error.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SECONDS_OF_CPU 3
#define MEMORY_MAX (128UL * 1024 * 1024)
#define STACK_MAX (8UL * 1024 * 1024)
#define FILES_MAX 32

#if defined __x86_64__
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "the fence for PAC files cannot be closed (%s): %s", what, g_strerror (errno));
  return FALSE;
}

static gboolean
set_limits (GError **error)
{
  static const struct {
    __rlimit_resource_t resource;
    rlim_t limit;
  } limits[] = {
      {RLIMIT_CPU, SECONDS_OF_CPU}, {RLIMIT_FSIZE, 0}, {RLIMIT_CORE, 0},
      {RLIMIT_NOFILE, FILES_MAX},   {RLIMIT_NPROC, 0}, {RLIMIT_STACK, STACK_MAX},
#ifndef OCS_SANITIZED /* which needs terabytes of addresses */
      {RLIMIT_AS, MEMORY_MAX},
#endif
  };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++) {
    const struct rlimit limit = {limits[i].limit, limits[i].limit};

    if (setrlimit (limits[i].resource, &limit) != 0)
      return fail (error, "limits");
  }
  return TRUE;
}

#ifdef OWN_ARCHITECTURE
/* What a script engine has no business to do; each is answered with EPERM. A list of what is forbidden rather than of what is allowed:
 * looking names up takes whatever the C library and its modules happen to need. */
static const guint forbidden[] = {
    __NR_execve,
    __NR_execveat,
    __NR_clone,
    __NR_clone3,
    __NR_ptrace,
    __NR_process_vm_readv,
    __NR_process_vm_writev,
    __NR_kill,
    __NR_tkill,
    __NR_bind,
    __NR_listen,
    __NR_accept4,
    __NR_unlinkat,
    __NR_renameat2,
    __NR_mkdirat,
    __NR_mknodat,
    __NR_linkat,
    __NR_symlinkat,
    __NR_fchmodat,
    __NR_fchownat,
    __NR_truncate,
    __NR_mount,
    __NR_umount2,
    __NR_unshare,
    __NR_setns,
    __NR_chroot,
    __NR_pivot_root,
    __NR_bpf,
    __NR_perf_event_open,
    __NR_keyctl,
    __NR_add_key,
    __NR_request_key,
    __NR_init_module,
    __NR_finit_module,
    __NR_io_uring_setup,
    __NR_userfaultfd,
    __NR_memfd_create,
    __NR_setuid,
    __NR_setgid,
    __NR_setresuid,
    __NR_setresgid,
    __NR_personality,
    __NR_shmget,
#ifdef __x86_64__
    __NR_fork,
    __NR_vfork,
    __NR_unlink,
    __NR_rename,
    __NR_renameat,
    __NR_mkdir,
    __NR_rmdir,
    __NR_link,
    __NR_symlink,
    __NR_chmod,
    __NR_chown,
    __NR_creat,
    __NR_accept,
#endif
};

static gboolean
forbid_calls (GError **error)
{
  struct sock_filter program[2 * G_N_ELEMENTS (forbidden) + 8];
  struct sock_fprog filter = {.filter = program};
  unsigned short n = 0;

  program[n++] = (struct sock_filter)BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, arch));
  program[n++] = (struct sock_filter)BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0);
  program[n++] = (struct sock_filter)BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  program[n++] = (struct sock_filter)BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr));
#ifdef __x86_64__ /* the same calls again under other numbers (x32) */
  program[n++] = (struct sock_filter)BPF_JUMP (BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
  program[n++] = (struct sock_filter)BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
#endif
  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++) {
    program[n++] = (struct sock_filter)BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, forbidden[i], 0, 1);
    program[n++] = (struct sock_filter)BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  }
  program[n++] = (struct sock_filter)BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  filter.len = n;
  if (prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0)
    return TRUE;
  /* A kernel without it has the limits at least. */
  return errno == EINVAL ? TRUE : fail (error, "calls");
}
#else
static gboolean
forbid_calls (GError **error)
{
  return TRUE;
}
#endif

/* Where memory runs out all the same, this process is the one to go, not who started it. */
static void
offer_itself (void)
{
  int fd = open ("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

  if (fd >= 0 && write (fd, "1000", 4) != 4)
    g_debug ("oom_score_adj: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
}

gboolean
ocs_fence_close (GError **error)
{
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
    return fail (error, "rights");
#ifndef OCS_SANITIZED
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  offer_itself ();
  return set_limits (error) && forbid_calls (error);
}
