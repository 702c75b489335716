/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BIOS: maker, model and serial numbers of the machine, from the firmware table, else from what the kernel has parsed of it, else from
 * the device tree. */
#include "worker/inventory/section.h"
#include <string.h>
#include <unistd.h>

/* Lenovo writes its part number as the product and the name that people know as the version. */
static gboolean
is_lenovo (const char *manufacturer)
{
  return manufacturer != NULL && g_ascii_strncasecmp (manufacturer, "lenovo", 6) == 0;
}

static void
from_smbios (const OcsSmbios *smbios, OcsEntry *entry)
{
  const OcsSmbiosEntry *bios = ocs_smbios_find (smbios, 0, 0);
  const OcsSmbiosEntry *system = ocs_smbios_find (smbios, 1, 0);
  const OcsSmbiosEntry *board = ocs_smbios_find (smbios, 2, 0);
  const OcsSmbiosEntry *chassis = ocs_smbios_find (smbios, 3, 0);
  const char *manufacturer = ocs_smbios_string (system, 0x04);
  const char *version = ocs_smbios_string (system, 0x06);
  const char *serial = ocs_smbios_string (system, 0x07);
  ocs_entry_set (entry, "SMANUFACTURER", manufacturer);
  ocs_entry_set (entry, "SMODEL", is_lenovo (manufacturer) && version != NULL ? version : ocs_smbios_string (system, 0x05));
  ocs_entry_set (entry, "SSN", serial != NULL ? serial : ocs_smbios_string (board, 0x07));
  ocs_entry_set (entry, "TYPE", ocs_smbios_chassis_name (ocs_smbios_u8 (chassis, 0x05)));
  ocs_entry_set (entry, "ASSETTAG", ocs_smbios_string (chassis, 0x08));
  ocs_entry_set (entry, "BMANUFACTURER", ocs_smbios_string (bios, 0x04));
  ocs_entry_set (entry, "BVERSION", ocs_smbios_string (bios, 0x05));
  ocs_entry_set (entry, "BDATE", ocs_smbios_string (bios, 0x08));
  ocs_entry_set (entry, "MMANUFACTURER", ocs_smbios_string (board, 0x04));
  ocs_entry_set (entry, "MMODEL", ocs_smbios_string (board, 0x05));
  ocs_entry_set (entry, "MSN", ocs_smbios_string (board, 0x07));
}

static void
set_from_file (const OcsSource *source, OcsEntry *entry, const char *field, const char *name)
{
  g_autofree char *line = ocs_source_line (source, "/sys/class/dmi/id/%s", name);
  ocs_entry_set (entry, field, ocs_smbios_meaningful (line));
}

static void
from_sysfs (const OcsSource *source, OcsEntry *entry)
{
  g_autofree char *manufacturer = ocs_source_line (source, "/sys/class/dmi/id/sys_vendor");
  set_from_file (source, entry, "SMANUFACTURER", "sys_vendor");
  set_from_file (source, entry, "SMODEL", "product_name");
  if (is_lenovo (manufacturer))
    set_from_file (source, entry, "SMODEL", "product_version");
  set_from_file (source, entry, "SSN", "board_serial");
  set_from_file (source, entry, "SSN", "product_serial"); /* the better one, where there is one */
  gint64 chassis = ocs_source_int (source, 0, "/sys/class/dmi/id/chassis_type");
  ocs_entry_set (entry, "TYPE", chassis > 0 && chassis < 128 ? ocs_smbios_chassis_name ((guint8)chassis) : NULL);
  set_from_file (source, entry, "ASSETTAG", "chassis_asset_tag");
  set_from_file (source, entry, "BMANUFACTURER", "bios_vendor");
  set_from_file (source, entry, "BVERSION", "bios_version");
  set_from_file (source, entry, "BDATE", "bios_date");
  set_from_file (source, entry, "MMANUFACTURER", "board_vendor");
  set_from_file (source, entry, "MMODEL", "board_name");
  set_from_file (source, entry, "MSN", "board_serial");
}

/* The value of a line "Serial\t\t: 1000…" of /proc/cpuinfo, which has it where the device tree has not. transfer full. */
static char *
from_cpuinfo (const char *cpuinfo, const char *key)
{
  g_autofree char *start = g_strdup_printf ("\n%s\t", key);
  const char *line = cpuinfo == NULL ? NULL : strstr (cpuinfo, start);
  const char *colon = line == NULL ? NULL : strchr (line, ':');
  return colon == NULL ? NULL : g_strstrip (g_strndup (colon + 1, strcspn (colon + 1, "\n")));
}

/* The firmware of a board says little of itself. */
static void
set_boot_loader (const OcsSource *source, OcsEntry *entry)
{
  g_autofree char *version = ocs_source_line (source, "/proc/device-tree/chosen/u-boot,version");
  if (version == NULL)
    return;
  ocs_entry_set (entry, "BMANUFACTURER", "U-Boot");
  ocs_entry_set (entry, "BVERSION", version);
}

static void
from_device_tree (const OcsSource *source, OcsEntry *entry)
{
  g_autofree char *cpuinfo = ocs_source_read (source, NULL, "/proc/cpuinfo");
  g_autofree char *model = ocs_source_line (source, "/proc/device-tree/model");
  g_autofree char *serial = ocs_source_line (source, "/proc/device-tree/serial-number");
  g_autofree char *compatible = ocs_source_line (source, "/proc/device-tree/compatible"); /* the first: "raspberrypi,4-model-b" */
  g_autofree char *chassis = ocs_source_line (source, "/proc/device-tree/chassis-type");
  if (model == NULL)
    model = from_cpuinfo (cpuinfo, "Model");
  if (model == NULL)
    model = from_cpuinfo (cpuinfo, "Hardware");
  if (serial == NULL)
    serial = from_cpuinfo (cpuinfo, "Serial");
  if (compatible != NULL && strchr (compatible, ',') != NULL)
    ocs_entry_set_n (entry, "SMANUFACTURER", compatible, strcspn (compatible, ","));
  ocs_entry_set (entry, "SMODEL", model);
  ocs_entry_set (entry, "SSN", ocs_smbios_meaningful (serial));
  if (chassis != NULL)
    *chassis = g_ascii_toupper (*chassis);
  ocs_entry_set (entry, "TYPE", chassis); /* "Laptop", "Embedded": the device tree's words */
  set_boot_loader (source, entry);
}

void
ocs_bios_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  OcsEntry *entry = ocs_inventory_add (inventory, "BIOS");
  if (machine->smbios != NULL) {
    from_smbios (machine->smbios, entry);
  } else if (ocs_source_exists (machine->source, "/sys/class/dmi/id/bios_vendor")) {
    from_sysfs (machine->source, entry);
    if (!ocs_source_exists (machine->source, "/sys/firmware/dmi/tables/DMI") || geteuid () != 0)
      ocs_inventory_note (inventory, "BIOS", "the firmware table is not readable: run as root to get the serial numbers");
  } else {
    from_device_tree (machine->source, entry);
  }
  /* The server drops a section without any field, and with it the row. */
  if (ocs_inventory_get (inventory, "BIOS", 0, "TYPE") == NULL)
    ocs_entry_set (entry, "TYPE", ocs_smbios_chassis_name (2));
  if (machine->smbios != NULL && machine->smbios_problem != NULL)
    ocs_inventory_note (inventory, "BIOS", machine->smbios_problem);
  if (ocs_inventory_get (inventory, "BIOS", 0, "SMODEL") == NULL)
    ocs_inventory_note (inventory, "BIOS", "the firmware names no model");
}
