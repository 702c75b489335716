/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MEMORIES: one entry per slot, from SMBIOS type 17; an empty slot has no CAPACITY. */
#include "worker/inventory/section.h"

#define MEMORY_ARRAY 16
#define MEMORY_DEVICE 17

static const char *
type_name (guint8 type)
{
  static const char *const names[] = {
      NULL,    "Other", "Unknown", "DRAM",   "EDRAM",        "VRAM",   "SRAM",   "RAM",
      "ROM",   "Flash", "EEPROM",  "FEPROM", "EPROM",        "CDRAM",  "3DRAM",  "SDRAM",
      "SGRAM", "RDRAM", "DDR",     "DDR2",   "DDR2 FB-DIMM", NULL,     NULL,     NULL,
      "DDR3",  "FBD2",  "DDR4",    "LPDDR",  "LPDDR2",       "LPDDR3", "LPDDR4", "Logical non-volatile device",
      "HBM",   "HBM2",  "DDR5",    "LPDDR5", "HBM3"};
  return type < G_N_ELEMENTS (names) ? names[type] : NULL;
}

static char *
type_detail (guint16 bits)
{
  static const char *const names[] = {NULL,
                                      "Other",
                                      "Unknown",
                                      "Fast-paged",
                                      "Static Column",
                                      "Pseudo-static",
                                      "RAMBus",
                                      "Synchronous",
                                      "CMOS",
                                      "EDO",
                                      "Window DRAM",
                                      "Cache DRAM",
                                      "Non-Volatile",
                                      "Registered (Buffered)",
                                      "Unbuffered (Unregistered)",
                                      "LRDIMM"};
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    if (bits >> i & 1)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", names[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const char *
array_use (guint8 use)
{
  static const char *const names[] = {NULL,           "Other",        "Unknown",          "System Memory",
                                      "Video Memory", "Flash Memory", "Non-volatile RAM", "Cache Memory"};
  return use < G_N_ELEMENTS (names) ? names[use] : NULL;
}

/* In MB; 0: empty or not known. */
static guint32
capacity (const OcsSmbiosEntry *device)
{
  guint16 size = ocs_smbios_u16 (device, 0x0C);
  if (size == 0xFFFF)
    return 0;
  if (size == 0x7FFF)
    return ocs_smbios_u32 (device, 0x1C) & 0x7FFFFFFF;
  return size & 0x8000 ? (size & 0x7FFFu) / 1024 : size;
}

/* In MT/s; 0: not known. */
static guint32
speed (const OcsSmbiosEntry *device)
{
  guint16 value = ocs_smbios_u16 (device, 0x15);
  return value == 0xFFFF ? ocs_smbios_u32 (device, 0x54) & 0x7FFFFFFF : value;
}

static void
add_device (const OcsSmbios *smbios, const OcsSmbiosEntry *device, guint number, OcsInventory *inventory)
{
  OcsEntry *entry = ocs_inventory_add (inventory, "MEMORIES");
  const OcsSmbiosEntry *array = ocs_smbios_by_handle (smbios, ocs_smbios_u16 (device, 0x04));
  g_autofree char *detail = type_detail (ocs_smbios_u16 (device, 0x13));
  guint32 size = capacity (device);
  ocs_entry_set (entry, "CAPTION", ocs_smbios_string (device, 0x10));
  ocs_entry_set (entry, "DESCRIPTION", detail);
  if (size > 0)
    ocs_entry_set_int (entry, "CAPACITY", size);
  if (array != NULL && array->type == MEMORY_ARRAY)
    ocs_entry_set (entry, "PURPOSE", array_use (ocs_smbios_u8 (array, 0x05)));
  ocs_entry_set (entry, "TYPE", type_name (ocs_smbios_u8 (device, 0x12)));
  if (size > 0 && speed (device) > 0)
    ocs_entry_set_int (entry, "SPEED", speed (device));
  ocs_entry_set_int (entry, "NUMSLOTS", number);
  if (size > 0)
    ocs_entry_set (entry, "SERIALNUMBER", ocs_smbios_string (device, 0x18));
}

void
ocs_memories_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  const OcsSmbiosEntry *device = NULL;
  for (guint i = 0; (device = ocs_smbios_find (machine->smbios, MEMORY_DEVICE, i)) != NULL; i++)
    add_device (machine->smbios, device, i + 1, inventory);
  if (ocs_inventory_count (inventory, "MEMORIES") == 0)
    ocs_inventory_note (inventory, "MEMORIES",
                        machine->smbios_problem != NULL ? machine->smbios_problem
                                                        : "the firmware table (SMBIOS) tells of no memory modules");
}
