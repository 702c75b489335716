/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/scanning.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/text.h"
#include "worker/core/xml.h"
#include <string.h>

#define NAME_MAX_LENGTH 255

void
ocs_scan_plan_free (OcsScanPlan *plan)
{
  if (plan == NULL)
    return;
  g_free (plan->network);
  g_free (plan->address);
  g_strfreev (plan->from);
  g_free (plan);
}

/* In host byte order. */
static gboolean
read_address (const char *text, guint32 *address)
{
  g_auto (GStrv) parts = g_strsplit (text == NULL ? "" : text, ".", 5);

  *address = 0;
  for (guint i = 0; parts[i] != NULL; i++) {
    gint64 part = 0;

    if (!g_ascii_isdigit (*parts[i]) || !ocs_text_to_int (parts[i], 0, 255, &part))
      return FALSE;
    *address = *address << 8 | (guint32)part;
  }
  return g_strv_length (parts) == 4;
}

static guint32
mask_of (guint prefix)
{
  return prefix == 0 ? 0 : 0xFFFFFFFFu << (32 - prefix);
}

/* "10.1.0.0/16", or an address alone. */
static gboolean
read_network (const char *text, guint32 *network, guint *prefix)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);
  gint64 bits = 32;

  if (parts[0] == NULL || !read_address (parts[0], network) || (parts[1] != NULL && !ocs_text_to_int (parts[1], 0, 32, &bits)))
    return FALSE;
  *prefix = (guint)bits;
  return TRUE;
}

static GStrv
words_of (const char *text)
{
  return g_strsplit_set (text == NULL ? "" : text, ",; \t", -1);
}

char *
ocs_scanning_odd_networks (const char *site_networks)
{
  g_auto (GStrv) words = words_of (site_networks);
  g_autoptr (GString) odd = g_string_new (NULL);
  guint32 network;
  guint prefix;

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0' && g_ascii_strcasecmp (words[i], "none") != 0 && !read_network (words[i], &network, &prefix))
      g_string_append_printf (odd, "%s%s", odd->len > 0 ? ", " : "", words[i]);
  return odd->len > 0 ? g_strdup (odd->str) : NULL;
}

/* Where nothing is set, every network is the administrator's; "none" is none of them. */
static gboolean
is_site (const char *site_networks, guint32 address, guint prefix)
{
  g_auto (GStrv) words = words_of (site_networks);
  gboolean any = FALSE;

  for (guint i = 0; words[i] != NULL; i++) {
    guint32 network;
    guint bits;

    any = any || *words[i] != '\0';
    if (*words[i] != '\0' && read_network (words[i], &network, &bits) && bits <= prefix && ((address ^ network) & mask_of (bits)) == 0)
      return TRUE;
  }
  return !any;
}

static const char *
get (const OcsInventory *inventory, gsize index, const char *field)
{
  const char *value = ocs_inventory_get (inventory, "NETWORKS", index, field);

  return value != NULL ? value : "";
}

/* Not a tunnel, a dial-up line, or something made up by a program. */
static gboolean
is_real (const OcsInventory *inventory, gsize index)
{
  static const char *const composed[] = {"aggregate", "bridge", "vlan", NULL};
  const char *type = get (inventory, index, "TYPE");

  return g_strv_contains (composed, type)
         || (!g_str_equal (get (inventory, index, "VIRTUALDEV"), "1") && !g_str_equal (type, "tunnel") && !g_str_equal (type, "dialup"));
}

static gboolean
refuse (GError **error, const char *subnet, const char *why)
{
  g_set_error (error, OCS_ERROR, OCS_ERROR_REFUSED, "the network %s is not looked at: %s", subnet, why);
  return FALSE;
}

/* The entry of NETWORKS with an address on the subnet. */
static gboolean
find_entry (const OcsInventory *inventory, const char *subnet, gsize *index, GError **error)
{
  gboolean unreal = FALSE;

  for (*index = 0; *index < ocs_inventory_count (inventory, "NETWORKS"); ++*index) {
    if (!g_str_equal (get (inventory, *index, "IPSUBNET"), subnet))
      continue;
    if (is_real (inventory, *index) && g_ascii_strcasecmp (get (inventory, *index, "STATUS"), "up") == 0)
      return TRUE;
    unreal = TRUE;
  }
  return refuse (error, subnet, unreal ? "it is a tunnel, or down" : "this machine has no address there");
}

OcsScanPlan *
ocs_scanning_plan (const OcsInventory *inventory, const char *subnet, gint64 latency, const char *site_networks, GError **error)
{
  g_autoptr (GStrvBuilder) from = g_strv_builder_new ();
  OcsScanPlan *plan;
  gsize index = 0;
  guint32 network, mask;
  guint prefix, hosts;

  if (!find_entry (inventory, subnet, &index, error))
    return NULL;
  if (!read_address (subnet, &network) || !read_address (get (inventory, index, "IPMASK"), &mask)) {
    refuse (error, subnet, "it is no IPv4 network");
    return NULL;
  }
  prefix = (guint)__builtin_popcount (mask);
  hosts = prefix >= 31 ? 0 : (1u << (32 - MAX (prefix, 8))) - 2;
  if (hosts == 0 || hosts > OCS_SCANNING_HOSTS_MAX || mask != mask_of (prefix)) {
    refuse (error, subnet, hosts == 0 ? "nobody else can be there" : "it is larger than 4096 addresses");
    return NULL;
  }
  if (!is_site (site_networks, network, prefix)) {
    refuse (error, subnet, "it is not one of SiteNetworks=");
    return NULL;
  }
  for (gsize i = 0; i < ocs_inventory_count (inventory, "NETWORKS"); i++)
    if (is_real (inventory, i) && *get (inventory, i, "IPADDRESS") != '\0')
      g_strv_builder_add (from, get (inventory, i, "IPADDRESS"));
  plan = g_new0 (OcsScanPlan, 1);
  plan->network = g_strdup (subnet);
  plan->prefix = prefix;
  plan->address = g_strdup (get (inventory, index, "IPADDRESS"));
  plan->from = g_strv_builder_end (from);
  plan->gap = (guint)CLAMP (latency, OCS_SCANNING_GAP_MIN, OCS_SCANNING_SECONDS_MAX * 1000 / hosts);
  return plan;
}

static void
neighbour_free (gpointer data)
{
  OcsNeighbour *neighbour = data;

  g_free (neighbour->ip);
  g_free (neighbour->mac);
  g_free (neighbour->name);
  g_free (neighbour);
}

static gboolean
is_mac (const char *text)
{
  gsize length = text == NULL ? 0 : strlen (text);

  if (length != 17 || g_str_equal (text, "00:00:00:00:00:00"))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit (text[i]))
      return FALSE;
  return TRUE;
}

GPtrArray *
ocs_scanning_read (const OcsScanPlan *plan, JsonArray *hosts)
{
  GPtrArray *neighbours = g_ptr_array_new_with_free_func (neighbour_free);
  guint32 network = 0;

  if (!read_address (plan->network, &network))
    return neighbours;
  for (guint i = 0; hosts != NULL && i < MIN (json_array_get_length (hosts), OCS_SCANNING_HOSTS_MAX); i++) {
    JsonNode *node = json_array_get_element (hosts, i);
    JsonObject *host = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    const char *ip = host == NULL ? NULL : ocs_json_string (host, "ip");
    const char *mac = host == NULL ? NULL : ocs_json_string (host, "mac");
    const char *name = host == NULL ? NULL : ocs_json_string (host, "name");
    guint32 address;
    OcsNeighbour *neighbour;

    if (!read_address (ip, &address) || ((address ^ network) & mask_of (plan->prefix)) != 0 || !is_mac (mac))
      continue;
    neighbour = g_new0 (OcsNeighbour, 1);
    neighbour->ip = g_strdup (ip);
    neighbour->mac = g_ascii_strdown (mac, -1);
    neighbour->name = g_strdup (name == NULL || *name == '\0' || strlen (name) > NAME_MAX_LENGTH ? "-" : name);
    g_ptr_array_add (neighbours, neighbour);
  }
  return neighbours;
}

void
ocs_scanning_append (GString *xml, const GPtrArray *neighbours)
{
  if (neighbours == NULL || neighbours->len == 0)
    return;
  ocs_xml_open (xml, 2, "IPDISCOVER");
  for (guint i = 0; i < neighbours->len; i++) {
    const OcsNeighbour *neighbour = neighbours->pdata[i];

    ocs_xml_open (xml, 3, "H");
    ocs_xml_append_element (xml, 4, "I", neighbour->ip);
    ocs_xml_append_element (xml, 4, "M", neighbour->mac);
    ocs_xml_append_element (xml, 4, "N", neighbour->name);
    ocs_xml_close (xml, 3, "H");
  }
  ocs_xml_close (xml, 2, "IPDISCOVER");
}
