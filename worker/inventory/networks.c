/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NETWORKS: one entry per address, and one for each real or composed interface without any. A virtual interface without an address
 * (the ends of containers' links) is left out: it comes and goes, and says nothing. */
#include "worker/inventory/dhcp.h"
#include "worker/inventory/keyvalue.h"
#include "worker/inventory/netinfo.h"
#include "worker/inventory/section.h"
#include <ifaddrs.h>
#include <net/if_arp.h>
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

/* The driver "team" says nothing in sysfs, but what it is made of names it as its master; for a VLAN that is not so. */
static gboolean
has_members (const OcsSource *source, const char *interface)
{
  g_autoptr (GPtrArray) names = ocs_source_list (source, CLASS_PATH, interface);
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    if (!g_str_has_prefix (name, "lower_"))
      continue;
    g_autofree char *master = ocs_source_link (source, CLASS_PATH "/master", name + strlen ("lower_"));
    if (g_strcmp0 (master, interface) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_wireless (const OcsSource *source, const char *interface)
{
  return has (source, interface, "wireless") || has (source, interface, "phy80211");
}

static gboolean
is_tunnel (const OcsSource *source, const char *interface, gint64 hardware)
{
  return hardware == ARPHRD_TUNNEL || hardware == ARPHRD_TUNNEL6 || hardware == ARPHRD_SIT || hardware == ARPHRD_IPGRE
         || has (source, interface, "tun_flags");
}

/* Devices that the kernel makes up, by what they call themselves. */
static const char *
find_composed (const OcsSource *source, const char *interface, const char *kind)
{
  static const char *const kinds[][2] = {{"wlan", "Wifi"},     {"bond", "aggregate"}, {"vlan", "vlan"},
                                         {"bridge", "bridge"}, {"wwan", "dialup"},    {"wireguard", "tunnel"}};
  for (guint i = 0; kind != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kind, kinds[i][0]))
      return kinds[i][1];
  if (has (source, interface, "bridge"))
    return "bridge";
  return has (source, interface, "bonding") || has_members (source, interface) ? "aggregate" : NULL;
}

static const char *
find_type (const OcsSource *source, const char *interface)
{
  gint64 hardware = ocs_source_int (source, ARPHRD_ETHER, CLASS_PATH "/type", interface);
  g_autofree char *uevent = ocs_source_read (source, NULL, CLASS_PATH "/uevent", interface);
  g_autofree char *kind = ocs_keyvalue_get (uevent, "DEVTYPE");
  const char *composed = is_wireless (source, interface) ? "Wifi" : find_composed (source, interface, kind);
  if (composed != NULL)
    return composed;
  if (hardware == ARPHRD_INFINIBAND)
    return "infiniband";
  if (hardware == ARPHRD_PPP)
    return "dialup";
  if (is_tunnel (source, interface, hardware))
    return "tunnel";
  return has (source, interface, "device") ? "ethernet" : "virtual";
}

/* The one that is printed on the card. Members of a bond wear the bond's, and Wi-Fi makes up new ones while it looks for networks. */
static char *
find_mac (const OcsSource *source, const char *interface)
{
  static const char *const files[] = {"bonding_slave/perm_hwaddr", "phy80211/macaddress", "address"};
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *mac = ocs_source_line (source, CLASS_PATH "/%s", interface, files[i]);
    if (mac != NULL && strspn (mac, "0:") != strlen (mac))
      return g_steal_pointer (&mac);
  }
  return NULL;
}

static void
set_speed (OcsEntry *entry, const OcsSource *source, const char *interface)
{
  gint64 speed = ocs_source_int (source, 0, CLASS_PATH "/speed", interface); /* Mbit/s; -1: the driver does not say */
  if (speed <= 0 || speed == 65535 || speed >= G_MAXINT32)                   /* older kernels say -1 in 16 bits */
    return;
  if (speed < 1000)
    ocs_entry_setf (entry, "SPEED", "%d Mbps", (int)speed);
  else if (speed % 1000 == 0)
    ocs_entry_setf (entry, "SPEED", "%d Gbps", (int)speed / 1000);
  else
    ocs_entry_setf (entry, "SPEED", "%d.%d Gbps", (int)speed / 1000, (int)speed % 1000 / 100);
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
  const char *type = find_type (source, interface);
  g_autofree char *mac = find_mac (source, interface);
  gboolean is_up = (ocs_source_int (source, 0, CLASS_PATH "/flags", interface) & INTERFACE_UP) != 0
                   && ocs_source_int (source, 0, CLASS_PATH "/carrier", interface) == 1;
  OcsEntry *entry = ocs_inventory_add (inventory, "NETWORKS");
  ocs_entry_set (entry, "DESCRIPTION", label);
  if (address != NULL) {
    g_autofree char *text = ocs_address_to_text (address);
    g_autofree char *mask = ocs_address_mask (address);
    g_autofree char *subnet = ocs_address_subnet (address);
    g_autofree char *dhcp = address->family == AF_INET ? ocs_dhcp_server (source, interface, text) : NULL;
    ocs_entry_set (entry, "IPADDRESS", text);
    ocs_entry_set (entry, "IPMASK", mask);
    ocs_entry_set (entry, "IPSUBNET", subnet);
    ocs_entry_set (entry, "IPGATEWAY", gateway_of (network, interface, address));
    ocs_entry_set (entry, "IPDHCP", dhcp);
  }
  ocs_entry_set (entry, "MACADDR", mac);
  ocs_entry_set (entry, "STATUS", is_up ? "Up" : "Down");
  ocs_entry_set (entry, "TYPE", strchr (label, ':') != NULL ? "alias" : type);
  if (!g_str_equal (type, "tunnel")) /* a tunnel's driver always says 10 Mbit/s */
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

/* Without an address: what is real, and what somebody has composed, if it can be told from others. */
static gboolean
is_worth_listing (const OcsSource *source, const char *interface)
{
  static const char *const composed[] = {"bridge", "aggregate", "vlan", NULL};
  g_autofree char *mac = find_mac (source, interface);
  return mac != NULL && (has (source, interface, "device") || g_strv_contains (composed, find_type (source, interface)));
}

/* The kernel gives one to whatever is up, of an interface whose name and number change with each container. */
static gboolean
is_link_local (const OcsAddress *address)
{
  return address->family == AF_INET6 && address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80;
}

static void
add_interface (const Network *network, const char *interface, OcsInventory *inventory)
{
  gboolean worth = is_worth_listing (network->source, interface);
  gboolean any = FALSE;
  for (guint i = 0; i < network->addresses->len; i++) {
    const OcsAddress *address = g_ptr_array_index (network->addresses, i);
    if (!is_alias_of (address->label, interface) || (!worth && is_link_local (address)))
      continue;
    add_entry (network, interface, address, inventory);
    any = TRUE;
  }
  if (!any && worth)
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
