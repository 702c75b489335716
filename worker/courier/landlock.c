/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-landlock"
#include "worker/courier/landlock.h"
#include "ipc/error.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's own numbers (include/uapi/linux/landlock.h); the headers of Debian 12 know the first two versions only. */
#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446
#define ASK_VERSION 1
#define RULE_PATH_BENEATH 1
#define EXECUTE (1ULL << 0)
#define WRITE_FILE (1ULL << 1)
/* WRITE_FILE, REMOVE_DIR … MAKE_SYM; without READ_FILE and READ_DIR. */
#define CHANGES_1 ((1ULL << 1) | (((1ULL << 13) - 1) & ~((1ULL << 4) - 1)))
#define REFER (1ULL << 13)
#define TRUNCATE (1ULL << 14)
#define IOCTL_DEV (1ULL << 15)
#define BIND_TCP (1ULL << 0)

/* Zeros behind what a kernel knows are allowed. */
typedef struct {
  guint64 handled_fs;
  guint64 handled_net;
} Ruleset;

typedef struct {
  guint64 allowed;
  gint32 parent;
} __attribute__ ((packed)) PathRule;

static gboolean
lack (GError **error, const char *what)
{
  g_set_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED, "files cannot be closed off (landlock): %s", what);
  return FALSE;
}

static gboolean
allow (int rules, const char *path, guint64 rights)
{
  PathRule rule = {.allowed = rights, .parent = path != NULL ? open (path, O_PATH | O_CLOEXEC) : -1};
  gboolean added = rule.parent >= 0 && syscall (ADD_RULE, rules, RULE_PATH_BENEATH, &rule, 0) == 0;

  if (rule.parent >= 0)
    close (rule.parent);
  return added;
}

/* The program that loads programs of our kind: the kernel opens it as if it were started. NULL where we were linked without. */
static const char *
find_loader (void)
{
  const ElfW (Phdr) *headers = (const ElfW (Phdr) *)getauxval (AT_PHDR);
  gsize n = headers != NULL ? getauxval (AT_PHNUM) : 0;
  gsize base = 0;

  for (gsize i = 0; i < n; i++)
    if (headers[i].p_type == PT_PHDR)
      base = (gsize)headers - headers[i].p_vaddr;
  for (gsize i = 0; i < n; i++)
    if (headers[i].p_type == PT_INTERP)
      return (const char *)(base + headers[i].p_vaddr);
  return NULL;
}

static Ruleset
rules_for (long version)
{
  Ruleset rules = {.handled_fs = EXECUTE | CHANGES_1};

  if (version >= 2)
    rules.handled_fs |= REFER;
  if (version >= 3)
    rules.handled_fs |= TRUNCATE;
  if (version >= 4)
    rules.handled_net = BIND_TCP;
  if (version >= 5)
    rules.handled_fs |= IOCTL_DEV;
  return rules;
}

gboolean
ocs_landlock_close (const char *helper, GError **error)
{
  long version = syscall (CREATE_RULESET, NULL, 0, ASK_VERSION);
  Ruleset set = rules_for (version);
  int rules;
  gboolean closed;

  if (version < 1)
    return lack (error, errno == ENOSYS       ? "this kernel is older than 5.13 or built without"
                        : errno == EOPNOTSUPP ? "it is switched off in this kernel, add it to lsm="
                                              : g_strerror (errno));
  rules = (int)syscall (CREATE_RULESET, &set, version >= 4 ? sizeof set : sizeof set.handled_fs, 0);
  if (rules < 0)
    return lack (error, g_strerror (errno));
  allow (rules, "/dev/null", WRITE_FILE);
  if (helper != NULL && (!allow (rules, helper, EXECUTE) || !allow (rules, find_loader (), EXECUTE)))
    g_message ("%s cannot be started from here", helper);
  closed = syscall (RESTRICT_SELF, rules, 0) == 0 || lack (error, g_strerror (errno));
  close (rules);
  return closed;
}
