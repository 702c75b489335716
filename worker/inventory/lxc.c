/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Containers of LXC: a folder with a file "config" each (lxc.container.conf(5)); what runs has a control group. */
#include "worker/inventory/guest.h"
#include <string.h>

#define FOLDER "/var/lib/lxc"

gint64
ocs_lxc_count_cpus (const char *list)
{
  g_auto (GStrv) parts = g_strsplit (list == NULL ? "" : list, ",", -1);
  gint64 count = 0;
  for (guint i = 0; parts[i] != NULL; i++) {
    char *end = NULL;
    gint64 first = g_ascii_strtoll (parts[i], &end, 10);
    if (end == parts[i] || first < 0)
      continue;
    gint64 last = *end == '-' ? g_ascii_strtoll (end + 1, NULL, 10) : first;
    count += CLAMP (last, first, first + 65535) - first + 1;
  }
  return MIN (count, G_MAXINT32);
}

/* The value of the last line "key = value". transfer full, nullable. */
static char *
get (const char *text, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  char *value = NULL;
  for (guint i = 0; lines[i] != NULL; i++) {
    char *sign = strchr (lines[i], '=');
    if (sign == NULL)
      continue;
    *sign = '\0';
    if (strcmp (g_strstrip (lines[i]), key) != 0)
      continue;
    g_free (value);
    value = g_strdup (g_strstrip (sign + 1));
  }
  return value;
}

static gboolean
runs (const OcsSource *source, const char *name)
{
  return ocs_source_exists (source, "/sys/fs/cgroup/lxc.payload.%s", name)
         || ocs_source_exists (source, "/sys/fs/cgroup/systemd/lxc.payload.%s", name)
         || ocs_source_exists (source, "/sys/fs/cgroup/systemd/lxc/%s", name);
}

void
ocs_lxc_collect (const OcsSource *source, GPtrArray *guests)
{
  g_autoptr (GPtrArray) names = ocs_source_list (source, FOLDER);
  for (guint i = 0; i < MIN (names->len, OCS_GUESTS_MAX); i++) {
    const char *name = names->pdata[i];
    g_autofree char *config = ocs_source_read (source, NULL, FOLDER "/%s/config", name);
    if (config == NULL)
      continue;
    g_autofree char *memory = get (config, "lxc.cgroup2.memory.max");
    g_autofree char *old_memory = get (config, "lxc.cgroup.memory.limit_in_bytes");
    g_autofree char *cpus = get (config, "lxc.cgroup2.cpuset.cpus");
    g_autofree char *old_cpus = get (config, "lxc.cgroup.cpuset.cpus");
    OcsGuest *guest = ocs_guest_new ("LXC Container", "LXC", runs (source, name) ? "running" : "off");
    guest->name = g_strdup (name);
    guest->memory_mb = ocs_guest_megabytes (memory != NULL ? memory : old_memory, 1);
    guest->vcpu = ocs_lxc_count_cpus (cpus != NULL ? cpus : old_cpus);
    g_ptr_array_add (guests, guest);
  }
}
