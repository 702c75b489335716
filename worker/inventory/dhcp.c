/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See dhcp.h. */
#include "worker/inventory/dhcp.h"
#include "worker/inventory/lease.h"

#define FOLDER_CAP 256 /* files that are looked at in one folder */

typedef struct {
  const char *interface; /* borrowed: the caller's */
  const char *address;   /* borrowed: the caller's */
  char *server;          /* owned, nullable; found so far */
  gint64 written;        /* when the file it is from was written */
} Search;

/* Whether a file's name speaks of interface: "dhclient.eth0.leases", "internal-UUID-eth0.lease"; or of none: "dhclient.leases". */
static gboolean
may_hold (const char *name, const char *interface)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", 8);
  g_autofree char *end = g_strconcat ("-", interface, NULL);
  if (g_str_has_prefix (name, "dhclient.lease") || g_str_has_prefix (name, interface)) /* also "wlan0-Name.lease" */
    return TRUE;
  for (guint i = 0; parts[i] != NULL; i++)
    if (g_str_equal (parts[i], interface) || g_str_has_suffix (parts[i], end))
      return TRUE;
  return FALSE;
}

static char *
read_lease (const Search *search, const char *name, const char *bytes, gsize length)
{
  if (g_str_has_prefix (name, "internal-"))
    return ocs_lease_from_pairs (bytes, search->address);
  char *server = ocs_lease_from_dhcpcd (bytes, length, search->address);
  return server != NULL ? server : ocs_lease_from_dhclient (bytes, search->interface, search->address);
}

/* The newest lease about the address wins: a notebook has one of each network that it was in. */
static void
search_folder (const OcsSource *source, const char *folder, Search *search)
{
  g_autoptr (GPtrArray) names = ocs_source_list (source, "%s", folder);
  for (guint i = 0; i < MIN (names->len, FOLDER_CAP); i++) {
    const char *name = g_ptr_array_index (names, i);
    if (!may_hold (name, search->interface))
      continue;
    gint64 written = ocs_source_mtime (source, "%s/%s", folder, name);
    gsize length = 0;
    g_autofree char *bytes =
        search->server == NULL || written > search->written ? ocs_source_read (source, &length, "%s/%s", folder, name) : NULL;
    char *server = bytes == NULL ? NULL : read_lease (search, name, bytes, length);
    if (server == NULL)
      continue;
    g_free (search->server);
    search->server = server;
    search->written = written;
  }
}

char *
ocs_dhcp_server (const OcsSource *source, const char *interface, const char *address)
{
  static const char *const folders[] = {"/var/lib/NetworkManager", "/var/lib/dhcp",   "/var/lib/dhclient",
                                        "/var/lib/dhcp3",          "/var/lib/dhcpcd", "/var/lib/dhcpcd5"};
  gint64 index = ocs_source_int (source, 0, "/sys/class/net/%s/ifindex", interface);
  g_autofree char *networkd = ocs_source_read (source, NULL, "/run/systemd/netif/leases/%d", (int)index);
  Search search = {interface, address, ocs_lease_from_pairs (networkd, address), 0};
  for (guint i = 0; search.server == NULL && i < G_N_ELEMENTS (folders); i++)
    search_folder (source, folders[i], &search);
  return search.server;
}
