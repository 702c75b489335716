/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See smbios.h. */
#include "worker/inventory/smbios.h"
#include <string.h>

#define HEADER 4
#define TYPE_SYSTEM 1
#define TYPE_END 127

static guint16
read_version (const guint8 *bytes, gsize length)
{
  if (bytes != NULL && length >= 9 && memcmp (bytes, "_SM3_", 5) == 0)
    return (guint16)(bytes[7] << 8 | bytes[8]);
  if (bytes != NULL && length >= 8 && memcmp (bytes, "_SM_", 4) == 0)
    return (guint16)(bytes[6] << 8 | bytes[7]);
  return 0x0206;
}

/* The two NUL bytes that end an entry; NULL where they are missing. */
static const guint8 *
find_end (const guint8 *at, const guint8 *end)
{
  for (; at + 1 < end; at++)
    if (at[0] == 0 && at[1] == 0)
      return at;
  return NULL;
}

OcsSmbios *
ocs_smbios_parse (const void *table, gsize length, const void *entry_point, gsize entry_point_length)
{
  OcsSmbios *smbios = g_new0 (OcsSmbios, 1);
  smbios->entries = g_array_new (FALSE, FALSE, sizeof (OcsSmbiosEntry));
  smbios->version = read_version (entry_point, entry_point_length);
  if (table == NULL || length == 0)
    return smbios;
  smbios->table = g_memdup2 (table, length);
  const guint8 *at = smbios->table;
  const guint8 *end = at + length;
  while (end - at >= HEADER && at[1] >= HEADER && end - at >= at[1]) {
    const guint8 *strings = at + at[1];
    const guint8 *strings_end = find_end (strings, end);
    if (strings_end == NULL || at[0] == TYPE_END)
      break;
    OcsSmbiosEntry entry = {at[0], (guint16)(at[2] | at[3] << 8), at, at[1], (const char *)strings, (const char *)strings_end};
    g_array_append_val (smbios->entries, entry);
    at = strings_end + 2;
  }
  smbios->is_damaged = at < end && at[0] != TYPE_END;
  return smbios;
}

gboolean
ocs_smbios_is_damaged (const OcsSmbios *smbios)
{
  return smbios->is_damaged || smbios->entries->len == 0;
}

void
ocs_smbios_free (OcsSmbios *smbios)
{
  if (smbios == NULL)
    return;
  g_array_unref (smbios->entries);
  g_free (smbios->table);
  g_free (smbios);
}

const OcsSmbiosEntry *
ocs_smbios_find (const OcsSmbios *smbios, guint8 type, guint index)
{
  for (guint i = 0; smbios != NULL && i < smbios->entries->len; i++) {
    const OcsSmbiosEntry *entry = &g_array_index (smbios->entries, OcsSmbiosEntry, i);
    if (entry->type == type && index-- == 0)
      return entry;
  }
  return NULL;
}

const OcsSmbiosEntry *
ocs_smbios_by_handle (const OcsSmbios *smbios, guint16 handle)
{
  for (guint i = 0; smbios != NULL && i < smbios->entries->len; i++) {
    const OcsSmbiosEntry *entry = &g_array_index (smbios->entries, OcsSmbiosEntry, i);
    if (entry->handle == handle)
      return entry;
  }
  return NULL;
}

guint8
ocs_smbios_u8 (const OcsSmbiosEntry *entry, gsize offset)
{
  return entry != NULL && offset < entry->length ? entry->bytes[offset] : 0;
}

guint16
ocs_smbios_u16 (const OcsSmbiosEntry *entry, gsize offset)
{
  if (entry == NULL || offset + 2 > entry->length)
    return 0;
  return (guint16)(entry->bytes[offset] | entry->bytes[offset + 1] << 8);
}

guint32
ocs_smbios_u32 (const OcsSmbiosEntry *entry, gsize offset)
{
  if (entry == NULL || offset + 4 > entry->length)
    return 0;
  return ocs_smbios_u16 (entry, offset) | (guint32)ocs_smbios_u16 (entry, offset + 2) << 16;
}

const char *
ocs_smbios_meaningful (const char *text)
{
  static const char *const fillers[] = {
      "to be filled by",
      "not specified",
      "not available",
      "not provided",
      "not present",
      "not applicable",
      "no asset",
      "default string",
      "system serial number",
      "chassis serial number",
      "base board serial number",
      "system product name",
      "system manufacturer",
      "asset tag",
      "asset-",
      "unknown",
      "none",
      "n/a",
      "empty",
      "o.e.m.",
      "invalid",
      "serial number",
      "system version",
      "00000000",
      "12345678",
      "0123456789",
      "xxxxxxx",
      "no dimm",
      "[empty]",
      "<out of spec>",
      "ffffffff",
  };
  if (text == NULL)
    return NULL;
  while (g_ascii_isspace (*text))
    text++;
  if (strspn (text, "0. -_*") == strlen (text))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (fillers); i++)
    if (g_ascii_strncasecmp (text, fillers[i], strlen (fillers[i])) == 0)
      return NULL;
  return text;
}

const char *
ocs_smbios_string (const OcsSmbiosEntry *entry, gsize offset)
{
  guint8 number = ocs_smbios_u8 (entry, offset);
  if (number == 0)
    return NULL;
  const char *at = entry->strings;
  while (--number > 0 && at < entry->strings_end)
    at += strlen (at) + 1;
  return at < entry->strings_end ? ocs_smbios_meaningful (at) : NULL;
}

char *
ocs_smbios_uuid (const OcsSmbios *smbios)
{
  const OcsSmbiosEntry *system = ocs_smbios_find (smbios, TYPE_SYSTEM, 0);
  if (system == NULL || system->length < 0x18)
    return NULL;
  const guint8 *u = system->bytes + 8;
  guint zeros = 0;
  guint ones = 0;
  for (guint i = 0; i < 16; i++) {
    zeros += u[i] == 0x00;
    ones += u[i] == 0xFF;
  }
  if (zeros == 16 || ones == 16)
    return NULL;
  /* The first three fields are little-endian since 2.6. */
  gboolean little = smbios->version >= 0x0206;
  guint8 f[8] = {u[little ? 3 : 0], u[little ? 2 : 1], u[little ? 1 : 2], u[little ? 0 : 3],
                 u[little ? 5 : 4], u[little ? 4 : 5], u[little ? 7 : 6], u[little ? 6 : 7]};
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", f[0], f[1], f[2], f[3], f[4], f[5], f[6],
                          f[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
}

const char *
ocs_smbios_chassis_name (guint8 type)
{
  static const char *const names[] = {
      NULL,
      "Other",
      "Unknown",
      "Desktop",
      "Low Profile Desktop",
      "Pizza Box",
      "Mini Tower",
      "Tower",
      "Portable",
      "Laptop",
      "Notebook",
      "Hand Held",
      "Docking Station",
      "All In One",
      "Sub Notebook",
      "Space-saving",
      "Lunch Box",
      "Main Server Chassis",
      "Expansion Chassis",
      "Sub Chassis",
      "Bus Expansion Chassis",
      "Peripheral Chassis",
      "RAID Chassis",
      "Rack Mount Chassis",
      "Sealed-case PC",
      "Multi-system",
      "CompactPCI",
      "AdvancedTCA",
      "Blade",
      "Blade Enclosing",
      "Tablet",
      "Convertible",
      "Detachable",
      "IoT Gateway",
      "Embedded PC",
      "Mini PC",
      "Stick PC",
  };
  type &= 0x7F; /* the top bit says that it has a lock */
  return type < G_N_ELEMENTS (names) ? names[type] : NULL;
}
