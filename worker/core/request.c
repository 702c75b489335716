/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/request.h"
#include "worker/core/xml.h"
#include <string.h>

char *
ocs_request_prolog (const char *deviceid)
{
  GString *out = g_string_new (OCS_XML_DECLARATION);

  ocs_xml_open (out, 0, "REQUEST");
  ocs_xml_append_element (out, 1, "DEVICEID", deviceid);
  ocs_xml_append_element (out, 1, "QUERY", "PROLOG");
  ocs_xml_close (out, 0, "REQUEST");
  return g_string_free (out, FALSE);
}

static void
append_attribute (GString *out, const char *name, const char *value)
{
  g_string_append_printf (out, " %s=\"", name);
  ocs_xml_append_text (out, value);
  g_string_append_c (out, '"');
}

char *
ocs_request_result (const char *deviceid, const char *package_id, const char *code)
{
  GString *out = g_string_new (OCS_XML_DECLARATION "<REQUEST");

  append_attribute (out, "DEVICEID", deviceid);
  append_attribute (out, "ERR", code);
  append_attribute (out, "ID", package_id);
  append_attribute (out, "QUERY", "DOWNLOAD");
  g_string_append (out, " />\n");
  return g_string_free (out, FALSE);
}

static void
append_field (GString *out, const OcsInventory *networks, gsize index, const char *field, const char *name)
{
  const char *value = ocs_inventory_get (networks, "NETWORKS", index, field);

  if (value != NULL)
    ocs_xml_append_element (out, 2, name, value);
}

static void
append_interface (GString *out, const OcsInventory *networks, gsize index)
{
  append_field (out, networks, index, "IPADDRESS", "IP");
  append_field (out, networks, index, "IPMASK", "MASK");
  append_field (out, networks, index, "MACADDR", "MAC");
  append_field (out, networks, index, "IPGATEWAY", "GW");
  append_field (out, networks, index, "IPDHCP", "DHCP");
  append_field (out, networks, index, "IPSUBNET", "SUBNET");
}

/* Of each card the first IPv4 address. */
static gboolean
is_told (const OcsInventory *networks, gsize index, GHashTable *seen)
{
  const char *address = ocs_inventory_get (networks, "NETWORKS", index, "IPADDRESS");
  const char *mac = ocs_inventory_get (networks, "NETWORKS", index, "MACADDR");

  return address != NULL && mac != NULL && strchr (address, ':') == NULL && g_hash_table_add (seen, (gpointer)mac);
}

char *
ocs_request_notify (const char *deviceid, const OcsInventory *networks)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) out = g_string_new (OCS_XML_DECLARATION);
  const char *first = NULL;

  ocs_xml_open (out, 0, "REQUEST");
  ocs_xml_append_element (out, 1, "DEVICEID", deviceid);
  ocs_xml_append_element (out, 1, "QUERY", "NOTIFY");
  ocs_xml_append_element (out, 1, "TYPE", "IP");
  for (gsize i = 0; i < ocs_inventory_count (networks, "NETWORKS"); i++) {
    if (!is_told (networks, i, seen))
      continue;
    if (first == NULL)
      first = ocs_inventory_get (networks, "NETWORKS", i, "IPADDRESS");
    ocs_xml_open (out, 1, "IFACE");
    append_interface (out, networks, i);
    ocs_xml_close (out, 1, "IFACE");
  }
  if (first == NULL)
    return NULL;
  ocs_xml_open (out, 1, "HARDWARE");
  ocs_xml_append_element (out, 2, "IPADDR", first);
  ocs_xml_close (out, 1, "HARDWARE");
  ocs_xml_close (out, 0, "REQUEST");
  return g_string_free (g_steal_pointer (&out), FALSE);
}
