/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Virtual machines that somebody has started by himself: qemu and VirtualBox say on their command line what they run (qemu(1)). */
#include "worker/inventory/guest.h"
#include <string.h>

#define PROCESSES_MAX 65536
#define QEMU_MEMORY_MB 128 /* where it is not said */

/* The value of key in "a=1,key=2", or what stands first without a key. transfer full, nullable. */
static char *
option (const char *text, const char *key)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  g_autofree char *prefix = g_strconcat (key, "=", NULL);
  for (guint i = 0; parts[i] != NULL; i++)
    if (g_str_has_prefix (parts[i], prefix))
      return g_strdup (parts[i] + strlen (prefix));
  return parts[0] == NULL || strchr (parts[0], '=') != NULL ? NULL : g_strdup (parts[0]);
}

static void
take_qemu (OcsGuest *guest, const char *argument, const char *value)
{
  if (g_str_equal (argument, "-enable-kvm") || (value != NULL && strstr (value, "accel=kvm") != NULL)
      || (g_str_equal (argument, "-accel") && value != NULL && g_str_has_prefix (value, "kvm"))) {
    g_free (guest->type);
    guest->type = g_strdup ("kvm");
  }
  if (value == NULL)
    return;
  if (g_str_equal (argument, "-name") && guest->name == NULL) {
    guest->name = option (value, "guest");
  } else if (g_str_equal (argument, "-uuid") && guest->uuid == NULL) {
    guest->uuid = g_strdup (value);
  } else if (g_str_equal (argument, "-m")) {
    g_autofree char *size = option (value, "size");
    guest->memory_mb = ocs_guest_megabytes (size, 1024 * 1024);
  } else if (g_str_equal (argument, "-smp")) {
    g_autofree char *cpus = option (value, "cpus");
    guest->vcpu = cpus == NULL ? 0 : CLAMP (g_ascii_strtoll (cpus, NULL, 10), 0, G_MAXINT32);
  }
}

static void
take_virtualbox (OcsGuest *guest, const char *argument, const char *value)
{
  if (value == NULL)
    return;
  if (g_str_equal (argument, "--comment") && guest->name == NULL)
    guest->name = g_strdup (value);
  else if (g_str_equal (argument, "--startvm") && guest->uuid == NULL)
    guest->uuid = g_strdup (value);
}

OcsGuest *
ocs_processes_parse (const char *arguments, gsize length)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  for (gsize at = 0; at < length; at += strnlen (arguments + at, length - at) + 1)
    g_ptr_array_add (list, g_strndup (arguments + at, length - at));
  if (list->len == 0)
    return NULL;
  g_autofree char *program = g_path_get_basename (list->pdata[0]);
  gboolean is_qemu = g_str_has_prefix (program, "qemu-system-") || g_str_equal (program, "qemu-kvm") || g_str_equal (program, "kvm");
  gboolean is_virtualbox = g_str_equal (program, "VBoxHeadless") || g_str_equal (program, "VirtualBoxVM");
  if (!is_qemu && !is_virtualbox)
    return NULL;
  g_autoptr (OcsGuest) guest = ocs_guest_new (is_qemu ? "Qemu" : "VirtualBox", is_qemu ? "qemu" : "virtualbox", "running");
  for (guint i = 1; i < list->len; i++) {
    const char *value = i + 1 < list->len ? list->pdata[i + 1] : NULL;
    const char *argument = list->pdata[i];
    if (is_qemu && g_str_has_prefix (argument, "--"))
      argument++;
    (is_qemu ? take_qemu : take_virtualbox) (guest, argument, value);
  }
  if (is_qemu && guest->memory_mb == 0)
    guest->memory_mb = QEMU_MEMORY_MB;
  if (is_qemu && guest->vcpu == 0)
    guest->vcpu = 1;
  if (guest->name == NULL && guest->uuid == NULL)
    return NULL; /* nothing that names it: a helper, or one of a moment */
  if (guest->name == NULL)
    guest->name = g_strdup (guest->uuid);
  return g_steal_pointer (&guest);
}

static gboolean
is_known (const GPtrArray *guests, const OcsGuest *guest)
{
  for (guint i = 0; i < guests->len; i++) {
    const OcsGuest *other = guests->pdata[i];
    if ((guest->uuid != NULL && g_strcmp0 (other->uuid, guest->uuid) == 0) || g_strcmp0 (other->name, guest->name) == 0)
      return TRUE;
  }
  return FALSE;
}

void
ocs_processes_collect (const OcsSource *source, GPtrArray *guests)
{
  g_autoptr (GPtrArray) names = ocs_source_list (source, "/proc");
  for (guint i = 0; i < MIN (names->len, PROCESSES_MAX); i++) {
    const char *pid = names->pdata[i];
    if (!g_ascii_isdigit (*pid))
      continue;
    g_autofree char *comm = ocs_source_line (source, "/proc/%s/comm", pid); /* at most 15 characters */
    if (comm == NULL || (strstr (comm, "qemu") == NULL && strstr (comm, "kvm") == NULL && !g_str_has_prefix (comm, "V")))
      continue;
    gsize length = 0;
    g_autofree char *arguments = ocs_source_read (source, &length, "/proc/%s/cmdline", pid);
    g_autoptr (OcsGuest) guest = arguments == NULL ? NULL : ocs_processes_parse (arguments, length);
    if (guest != NULL && !is_known (guests, guest))
      g_ptr_array_add (guests, g_steal_pointer (&guest));
  }
}
