/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NETWORKS: one entry per address, and one for each real or composed interface without any. A virtual interface without an address
 * (the ends of containers' links) is left out: it comes and goes, and says nothing. */
#include "worker/inventory/keyvalue.h"
#include "worker/inventory/netinfo.h"
#include "worker/inventory/section.h"
#include <ifaddrs.h>
#include <string.h>

#define CLASS_PATH "/sys/class/net/%s"
#define INTERFACE_UP 0x1 /* IFF_UP */

/* What all entries share. */
typedef struct {
  const OcsSource *source; /* borrowed: the machine's */
  GPtrArray *addresses;    /* borrowed: the caller's */
  GPtrArray *routes;       /* borrowed: the caller's */
} Network;

/* glibc asks by netlink: no socket of another family is needed. */
static void
add_live (GPtrArray *addresses)
{
  struct ifaddrs *all = NULL;
  if (getifaddrs (&all) != 0)
    return;
  for (struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
    if (at->ifa_addr == NULL || at->ifa_netmask == NULL || at->ifa_addr->sa_family != AF_INET || g_str_equal (at->ifa_name, "lo"))
      continue;
    struct sockaddr_in address;
    struct sockaddr_in mask;
    memcpy (&address, at->ifa_addr, sizeof address);
    memcpy (&mask, at->ifa_netmask, sizeof mask);
    guint prefix = (guint)__builtin_popcount (mask.sin_addr.s_addr);
    g_ptr_array_add (addresses, ocs_address_new (at->ifa_name, AF_INET, &address.sin_addr, prefix));
  }
  freeifaddrs (all);
}

static GPtrArray *
read_addresses (const OcsSource *source)
{
  GPtrArray *addresses = ocs_addresses_new ();
  g_autofree char *inet6 = ocs_source_read (source, NULL, "/proc/net/if_inet6");
  if (ocs_source_is_live (source)) {
    add_live (addresses);
  } else {
    g_autofree char *captured = ocs_source_read (source, NULL, "/captured/addresses");
    ocs_addresses_add_captured (addresses, captured);
  }
  ocs_addresses_add_inet6 (addresses, inet6);
  return addresses;
}

static gboolean
has (const OcsSource *source, const char *interface, const char *name)
{
  return ocs_source_exists (source, CLASS_PATH "/%s", interface, name);
}

static const char *
find_type (const OcsSource *source, const char *interface, const char *label)
{
  gint64 hardware = ocs_source_int (source, 0, CLASS_PATH "/type", interface); /* ARPHRD_* */
  g_autofree char *uevent = ocs_source_read (source, NULL, CLASS_PATH "/uevent", interface);
  g_autofree char *kind = ocs_keyvalue_get (uevent, "DEVTYPE");
  if (strchr (label, ':') != NULL)
    return "alias";
  if (has (source, interface, "wireless") || has (source, interface, "phy80211") || g_strcmp0 (kind, "wlan") == 0)
    return "Wifi";
  if (has (source, interface, "bridge"))
    return "bridge";
  if (has (source, interface, "bonding") || g_strcmp0 (kind, "bond") == 0)
    return "aggregate";
  if (g_strcmp0 (kind, "vlan") == 0)
    return "vlan";
  if (hardware == 32)
    return "infiniband";
  if (hardware == 512 || g_strcmp0 (kind, "wwan") == 0)
    return "dialup";
  if (g_strcmp0 (kind, "wireguard") == 0 || has (source, interface, "tun_flags"))
    return "tunnel";
  return "ethernet";
}

static void
set_speed (OcsEntry *entry, const OcsSource *source, const char *interface)
{
  gint64 speed = ocs_source_int (source, 0, CLASS_PATH "/speed", interface); /* Mbit/s; -1: the driver does not say */
  if (speed <= 0 || speed >= G_MAXINT32)
    return;
  if (speed < 1000)
    ocs_entry_setf (entry, "SPEED", "%d Mbps", (int)speed);
  else if (speed % 1000 == 0)
    ocs_entry_setf (entry, "SPEED", "%d Gbps", (int)speed / 1000);
  else
    ocs_entry_setf (entry, "SPEED", "%d.%d Gbps", (int)speed / 1000, (int)speed % 1000 / 100);
}

/* The server of the lease, from whoever manages the interface. */
static char *
find_dhcp (const OcsSource *source, const char *interface)
{
  gint64 index = ocs_source_int (source, 0, CLASS_PATH "/ifindex", interface);
  g_autofree char *lease = ocs_source_read (source, NULL, "/run/systemd/netif/leases/%d", (int)index);
  char *server = ocs_keyvalue_get (lease, "SERVER_ADDRESS");
  g_autoptr (GPtrArray) names = server == NULL ? ocs_source_list (source, "/var/lib/NetworkManager") : NULL;
  g_autofree char *suffix = g_strdup_printf ("-%s.lease", interface);
  for (guint i = 0; server == NULL && i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    if (!g_str_has_prefix (name, "internal-") || !g_str_has_suffix (name, suffix))
      continue;
    g_autofree char *text = ocs_source_read (source, NULL, "/var/lib/NetworkManager/%s", name);
    server = ocs_keyvalue_get (text, "SERVER_ADDRESS");
  }
  if (server != NULL)
    return server;
  g_autofree char *dhclient = ocs_source_read (source, NULL, "/var/lib/dhcp/dhclient.%s.leases", interface);
  char *mark = dhclient == NULL ? NULL : g_strrstr (dhclient, "option dhcp-server-identifier ");
  if (mark == NULL)
    return NULL;
  mark += strlen ("option dhcp-server-identifier ");
  return g_strndup (mark, strspn (mark, "0123456789."));
}

/* Only where this address can reach it. */
static const char *
gateway_of (const Network *network, const char *interface, const OcsAddress *address)
{
  for (guint i = 0; i < network->routes->len; i++) {
    const OcsRoute *route = g_ptr_array_index (network->routes, i);
    if (route->family == address->family && g_str_equal (route->interface, interface) && ocs_address_reaches (address, route->gateway))
      return route->gateway;
  }
  return NULL;
}

/* address: nullable. */
static void
add_entry (const Network *network, const char *interface, const OcsAddress *address, OcsInventory *inventory)
{
  const OcsSource *source = network->source;
  const char *label = address != NULL ? address->label : interface;
  g_autofree char *mac = ocs_source_line (source, CLASS_PATH "/address", interface);
  gboolean is_up = (ocs_source_int (source, 0, CLASS_PATH "/flags", interface) & INTERFACE_UP) != 0
                   && ocs_source_int (source, 0, CLASS_PATH "/carrier", interface) == 1;
  OcsEntry *entry = ocs_inventory_add (inventory, "NETWORKS");
  ocs_entry_set (entry, "DESCRIPTION", label);
  if (address != NULL) {
    g_autofree char *text = ocs_address_to_text (address);
    g_autofree char *mask = ocs_address_mask (address);
    g_autofree char *subnet = ocs_address_subnet (address);
    gboolean is_leased = address->family == AF_INET && strchr (label, ':') == NULL;
    g_autofree char *dhcp = is_leased ? find_dhcp (source, interface) : NULL;
    ocs_entry_set (entry, "IPADDRESS", text);
    ocs_entry_set (entry, "IPMASK", mask);
    ocs_entry_set (entry, "IPSUBNET", subnet);
    ocs_entry_set (entry, "IPGATEWAY", gateway_of (network, interface, address));
    ocs_entry_set (entry, "IPDHCP", dhcp);
  }
  if (mac != NULL && strspn (mac, "0:") != strlen (mac))
    ocs_entry_set (entry, "MACADDR", mac);
  ocs_entry_set (entry, "STATUS", is_up ? "Up" : "Down");
  ocs_entry_set (entry, "TYPE", find_type (source, interface, label));
  set_speed (entry, source, interface);
  if (ocs_source_int (source, 0, CLASS_PATH "/mtu", interface) > 0)
    ocs_entry_set_int (entry, "MTU", ocs_source_int (source, 0, CLASS_PATH "/mtu", interface));
  ocs_entry_set_int (entry, "VIRTUALDEV", has (source, interface, "device") ? 0 : 1);
}

static gboolean
is_alias_of (const char *label, const char *interface)
{
  gsize size = strlen (interface);
  return strncmp (label, interface, size) == 0 && (label[size] == '\0' || label[size] == ':');
}

static void
add_interface (const Network *network, const char *interface, OcsInventory *inventory)
{
  gboolean any = FALSE;
  for (guint i = 0; i < network->addresses->len; i++) {
    const OcsAddress *address = g_ptr_array_index (network->addresses, i);
    if (!is_alias_of (address->label, interface))
      continue;
    add_entry (network, interface, address, inventory);
    any = TRUE;
  }
  if (!any
      && (has (network->source, interface, "device") || has (network->source, interface, "bridge")
          || has (network->source, interface, "bonding")))
    add_entry (network, interface, NULL, inventory);
}

void
ocs_networks_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  const OcsSource *source = machine->source;
  g_autofree char *route = ocs_source_read (source, NULL, "/proc/net/route");
  g_autofree char *ipv6_route = ocs_source_read (source, NULL, "/proc/net/ipv6_route");
  g_autoptr (GPtrArray) addresses = read_addresses (source);
  g_autoptr (GPtrArray) routes = ocs_routes_parse (route, ipv6_route);
  g_autoptr (GPtrArray) names = ocs_source_list (source, "/sys/class/net");
  Network network = {source, addresses, routes};
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    /* /sys/class/net also holds files of the bonding driver. */
    if (!g_str_equal (name, "lo") && ocs_source_exists (source, CLASS_PATH "/ifindex", name))
      add_interface (&network, name, inventory);
  }
}
