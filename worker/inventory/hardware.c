/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HARDWARE: the machine in one entry. The server stores 0 for an integer that is not all digits (OCSInventory-Server
 * Server/Inventory/Update/Hardware.pm). CHECKSUM is put in when the request is written. */
#include "worker/inventory/keyvalue.h"
#include "worker/inventory/netinfo.h"
#include "worker/inventory/people.h"
#include "worker/inventory/section.h"
#include <string.h>
#include <time.h>

static void
set_system (const OcsSource *source, OcsEntry *entry)
{
  g_autofree char *text = ocs_source_read (source, NULL, "/etc/os-release");
  if (text == NULL)
    text = ocs_source_read (source, NULL, "/usr/lib/os-release");
  g_autofree char *name = ocs_keyvalue_get (text, "NAME");
  g_autofree char *version = ocs_keyvalue_get (text, "VERSION_ID");
  g_autofree char *pretty = ocs_keyvalue_get (text, "PRETTY_NAME");
  g_autofree char *id = ocs_keyvalue_get (text, "ID");
  g_autofree char *kernel = ocs_source_line (source, "/proc/sys/kernel/osrelease");
  g_autofree char *build = ocs_source_line (source, "/proc/sys/kernel/version");
  g_autofree char *debian = ocs_source_line (source, "/etc/debian_version");
  ocs_entry_setf (entry, "OSNAME", "%s %s", name != NULL ? name : "Linux", version != NULL ? version : "");
  ocs_entry_set (entry, "OSVERSION", version != NULL ? version : kernel);
  if (debian != NULL && g_strcmp0 (id, "debian") == 0)
    ocs_entry_set (entry, "OSVERSION", debian); /* with the point release */
  ocs_entry_set (entry, "OSCOMMENTS", pretty != NULL ? pretty : build);
}

/* Of /proc/meminfo, in MB. */
static gint64
memory_mb (const char *meminfo, const char *key)
{
  const char *line = meminfo == NULL ? NULL : strstr (meminfo, key);
  return line == NULL ? 0 : g_ascii_strtoll (line + strlen (key), NULL, 10) / 1024;
}

static void
set_memory (const OcsSource *source, OcsEntry *entry)
{
  g_autofree char *meminfo = ocs_source_read (source, NULL, "/proc/meminfo");
  ocs_entry_set_int (entry, "MEMORY", memory_mb (meminfo, "MemTotal:"));
  ocs_entry_set_int (entry, "SWAP", memory_mb (meminfo, "SwapTotal:"));
}

static void
set_processors (const OcsInventory *inventory, OcsEntry *entry)
{
  ocs_entry_set (entry, "PROCESSORT", ocs_inventory_get (inventory, "CPUS", 0, "TYPE"));
  ocs_entry_set (entry, "PROCESSORS", ocs_inventory_get (inventory, "CPUS", 0, "SPEED"));
  ocs_entry_set_int (entry, "PROCESSORN", (gint64)ocs_inventory_count (inventory, "CPUS"));
}

/* The second and later words of the lines that begin with key, joined. */
static char *
join_words (const char *text, const char *key)
{
  g_autoptr (GString) joined = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text == NULL ? "" : text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit_set (g_strstrip (lines[i]), " \t", -1);
    if (words[0] == NULL || !g_str_equal (words[0], key))
      continue;
    for (guint j = 1; words[j] != NULL; j++)
      if (*words[j] != '\0' && *words[j] != '#' && *words[j] != '.')
        g_string_append_printf (joined, "%s%s", joined->len > 0 ? "/" : "", words[j]);
  }
  return joined->len > 0 ? g_string_free (g_steal_pointer (&joined), FALSE) : NULL;
}

/* The domain of the first name that /etc/hosts has for this machine. */
static char *
domain_from_hosts (const char *hosts, const char *name)
{
  g_autofree char *prefix = g_strconcat (name, ".", NULL);
  g_auto (GStrv) words = g_strsplit_set (hosts == NULL ? "" : hosts, " \t\n", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_has_prefix (words[i], prefix) && words[i][strlen (prefix)] != '\0')
      return g_strdup (words[i] + strlen (prefix));
  return NULL;
}

static void
set_names (const OcsMachine *machine, OcsEntry *entry)
{
  g_autofree char *host = ocs_source_line (machine->source, "/proc/sys/kernel/hostname");
  g_autofree char *hosts = ocs_source_read (machine->source, NULL, "/etc/hosts");
  g_autofree char *resolv = ocs_source_read (machine->source, NULL, "/etc/resolv.conf");
  g_autofree char *name = g_strdup (host == NULL ? "localhost" : host);
  name[strcspn (name, ".")] = '\0';
  g_autofree char *domain = host != NULL && strchr (host, '.') != NULL ? g_strdup (strchr (host, '.') + 1) : NULL;
  if (domain == NULL)
    domain = domain_from_hosts (hosts, name);
  if (domain == NULL)
    domain = join_words (resolv, "domain");
  if (domain == NULL)
    domain = join_words (resolv, "search");
  ocs_entry_set (entry, "NAME", name);
  ocs_entry_set (entry, "WORKGROUP", domain != NULL ? domain : "WORKGROUP");
  ocs_entry_set (entry, "USERDOMAIN", machine->user_domain);
}

/* USERDOMAIN is the domain of who is logged in (OCS' Windows agent, getUserDomain); here it shows in logins only, which are
 * "adam@corp.example.org" or "CORP\\adam" where the domain is not left out. */
static void
set_user_domain (const char *people, OcsEntry *entry)
{
  g_auto (GStrv) logins = g_strsplit (people == NULL ? "" : people, "/", -1);
  for (guint i = 0; logins[i] != NULL; i++) {
    const char *at = strrchr (logins[i], '@');
    const char *backslash = strchr (logins[i], '\\');
    if (at != NULL && at[1] != '\0') {
      ocs_entry_set (entry, "USERDOMAIN", at + 1);
      return;
    }
    if (backslash != NULL && backslash > logins[i]) {
      ocs_entry_set_n (entry, "USERDOMAIN", logins[i], (gsize)(backslash - logins[i]));
      return;
    }
  }
}

static void
set_network (const OcsMachine *machine, const OcsInventory *inventory, OcsEntry *entry)
{
  const OcsSource *source = machine->source;
  g_autoptr (GString) addresses = g_string_new (NULL);
  for (gsize i = 0; i < ocs_inventory_count (inventory, "NETWORKS"); i++) {
    const char *address = ocs_inventory_get (inventory, "NETWORKS", i, "IPADDRESS");
    if (address != NULL && strchr (address, ':') == NULL && !g_str_has_prefix (address, "127."))
      g_string_append_printf (addresses, "%s%s", addresses->len > 0 ? "/" : "", address);
  }
  g_autofree char *route = ocs_source_read (source, NULL, "/proc/net/route");
  g_autofree char *ipv6_route = ocs_source_read (source, NULL, "/proc/net/ipv6_route");
  g_autoptr (GPtrArray) routes = ocs_routes_parse (route, ipv6_route);
  const OcsRoute *best = routes->len > 0 ? g_ptr_array_index (routes, 0) : NULL;
  g_autofree char *resolv = ocs_source_read (source, NULL, "/etc/resolv.conf");
  g_autofree char *servers = join_words (resolv, "nameserver");
  if (g_strcmp0 (servers, "127.0.0.53") == 0) { /* systemd-resolved: ask where it asks */
    g_autofree char *upstream = ocs_source_read (source, NULL, "/run/systemd/resolve/resolv.conf");
    char *better = join_words (upstream, "nameserver");
    if (better != NULL) {
      g_free (servers);
      servers = better;
    }
  }
  ocs_entry_set (entry, "IPADDR", addresses->str);
  ocs_entry_set (entry, "DEFAULTGATEWAY", best == NULL ? NULL : best->gateway);
  ocs_entry_set (entry, "DNS", servers);
}

/* "x86_64/24-01-2026 08:15:00": when it was started, as the kernel keeps it. The Unix agent subtracts the uptime from the clock, so its
 * text jumps by a second between two runs. */
static void
set_description (const OcsSource *source, const char *architecture, OcsEntry *entry)
{
  g_autofree char *stat = ocs_source_read (source, NULL, "/proc/stat");
  const char *line = stat == NULL ? NULL : strstr (stat, "\nbtime ");
  time_t started = line == NULL ? 0 : (time_t)g_ascii_strtoll (line + strlen ("\nbtime "), NULL, 10);
  struct tm local;
  char text[32];
  if (started <= 0 || localtime_r (&started, &local) == NULL || strftime (text, sizeof text, "%d-%m-%Y %H:%M:%S", &local) == 0)
    text[0] = '\0';
  ocs_entry_setf (entry, "DESCRIPTION", "%s%s%s", architecture != NULL ? architecture : "", *text != '\0' ? "/" : "", text);
}

static void
set_uuid (const OcsMachine *machine, OcsEntry *entry)
{
  g_autofree char *table = ocs_smbios_uuid (machine->smbios);
  g_autofree char *kernel = table != NULL ? NULL : ocs_source_line (machine->source, "/sys/class/dmi/id/product_uuid");
  g_autofree char *hypervisor = table != NULL || kernel != NULL ? NULL : ocs_source_line (machine->source, "/sys/hypervisor/uuid");
  ocs_entry_set (entry, "UUID", table != NULL ? table : ocs_smbios_meaningful (kernel != NULL ? kernel : hypervisor));
}

void
ocs_hardware_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  OcsEntry *entry = ocs_inventory_add (inventory, "HARDWARE");
  g_autofree char *architecture = ocs_machine_architecture (machine);
  g_autofree char *people = ocs_people_logged_in (machine->source);
  set_names (machine, entry);
  set_system (machine->source, entry);
  ocs_entry_set (entry, "ARCH", architecture);
  set_description (machine->source, architecture, entry);
  set_processors (inventory, entry);
  set_memory (machine->source, entry);
  set_network (machine, inventory, entry);
  ocs_entry_set (entry, "USERID", people);
  ocs_entry_set (entry, "TYPE", "0"); /* as OCS' Windows agent says of every machine: a computer */
  if (machine->user_domain == NULL)
    set_user_domain (people, entry);
  set_uuid (machine, entry);
}
