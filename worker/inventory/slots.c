/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLOTS: what cards fit into, from SMBIOS type 9 (DMTF DSP0134, 7.10). */
#include "worker/inventory/section.h"

#define SYSTEM_SLOT 9

static const char *
name_of (const char *const *names, gsize count, guint first, guint code)
{
  return code >= first && code - first < count ? names[code - first] : NULL;
}

static const char *
type_name (guint8 type)
{
  static const char *const low[] = {
      "Other",
      "Unknown",
      "ISA",
      "MCA",
      "EISA",
      "PCI",
      "PC Card",
      "VLB",
      "Proprietary",
      "Processor Card",
      "Proprietary Memory Card",
      "I/O Riser Card",
      "NuBus",
      "PCI-66",
      "AGP",
      "AGP 2x",
      "AGP 4x",
      "PCI-X",
      "AGP 8x",
      "M.2 Socket 1-DP",
      "M.2 Socket 1-SD",
      "M.2 Socket 2",
      "M.2 Socket 3",
      "MXM Type I",
      "MXM Type II",
      "MXM Type III",
      "MXM Type III-HE",
      "MXM Type IV",
      "MXM 3.0 Type A",
      "MXM 3.0 Type B",
      "PCI Express 2 SFF-8639 (U.2)",
      "PCI Express 3 SFF-8639 (U.2)",
      "PCI Express Mini 52-pin with bottom-side keep-outs",
      "PCI Express Mini 52-pin without bottom-side keep-outs",
      "PCI Express Mini 76-pin",
      "PCI Express 4 SFF-8639 (U.2)",
      "PCI Express 5 SFF-8639 (U.2)",
      "OCP NIC 3.0 Small Form Factor",
      "OCP NIC 3.0 Large Form Factor",
      "OCP NIC Prior to 3.0",
  };
  static const char *const high[] = {
      "PC-98/C20",        "PC-98/C24",        "PC-98/E",          "PC-98/Local Bus",  "PC-98/Card",        "PCI Express",
      "PCI Express x1",   "PCI Express x2",   "PCI Express x4",   "PCI Express x8",   "PCI Express x16",   "PCI Express 2",
      "PCI Express 2 x1", "PCI Express 2 x2", "PCI Express 2 x4", "PCI Express 2 x8", "PCI Express 2 x16", "PCI Express 3",
      "PCI Express 3 x1", "PCI Express 3 x2", "PCI Express 3 x4", "PCI Express 3 x8", "PCI Express 3 x16", NULL,
      "PCI Express 4",    "PCI Express 4 x1", "PCI Express 4 x2", "PCI Express 4 x4", "PCI Express 4 x8",  "PCI Express 4 x16",
      "PCI Express 5",    "PCI Express 5 x1", "PCI Express 5 x2", "PCI Express 5 x4", "PCI Express 5 x8",  "PCI Express 5 x16",
      "PCI Express 6+",   "EDSFF E1",         "EDSFF E3",
  };
  if (type == 0x30)
    return "CXL Flexbus 1.0";
  return type >= 0xA0 ? name_of (high, G_N_ELEMENTS (high), 0xA0, type) : name_of (low, G_N_ELEMENTS (low), 0x01, type);
}

/* The data width, for types that do not say it themselves. */
static const char *
width_name (guint8 width)
{
  static const char *const names[] = {"8-bit", "16-bit", "32-bit", "64-bit", "128-bit", "x1", "x2", "x4", "x8", "x12", "x16", "x32"};
  return name_of (names, G_N_ELEMENTS (names), 0x03, width);
}

static const char *
usage_name (guint8 usage)
{
  static const char *const names[] = {"Other", "Unknown", "Available", "In Use", "Unavailable"};
  return name_of (names, G_N_ELEMENTS (names), 0x01, usage);
}

static void
add_slot (const OcsSmbiosEntry *slot, OcsInventory *inventory)
{
  guint8 type = ocs_smbios_u8 (slot, 0x05);
  const char *name = type_name (type);
  const char *width = width_name (ocs_smbios_u8 (slot, 0x06));
  gboolean adds_width = width != NULL && name != NULL && !g_str_has_suffix (name, width);
  OcsEntry *entry = ocs_inventory_add (inventory, "SLOTS");
  ocs_entry_set (entry, "NAME", ocs_smbios_string (slot, 0x04));
  if (name != NULL)
    ocs_entry_setf (entry, "DESCRIPTION", "%s%s%s", adds_width ? width : "", adds_width ? " " : "", name);
  ocs_entry_set_int (entry, "DESIGNATION", ocs_smbios_u16 (slot, 0x09));
  ocs_entry_set (entry, "STATUS", usage_name (ocs_smbios_u8 (slot, 0x07)));
}

void
ocs_slots_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  const OcsSmbiosEntry *slot = NULL;
  for (guint i = 0; (slot = ocs_smbios_find (machine->smbios, SYSTEM_SLOT, i)) != NULL; i++)
    add_slot (slot, inventory);
  if (machine->smbios_problem != NULL)
    ocs_inventory_note (inventory, "SLOTS", machine->smbios_problem);
}
