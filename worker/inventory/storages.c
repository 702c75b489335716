/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STORAGES: disks and optical drives, from /sys/block and from what udev has read off them (/run/udev/data). DISKSIZE is in decimal
 * MB, as disks are sold. What has no device behind it (loop, zram, device mapper) is none. */
#include "worker/inventory/keyvalue.h"
#include "worker/inventory/section.h"
#include <string.h>

#define SECTOR 512
#define MEGABYTE_DECIMAL 1000000

/* One disk while it is described. */
typedef struct {
  const OcsSource *source; /* borrowed: the machine's */
  const char *name;        /* borrowed: the caller's list; "sda" */
  char *udev;              /* owned, nullable; KEY=VALUE lines */
} Disk;

/* The lines "E:KEY=VALUE" of udev's record, without their mark. */
static char *
read_udev (const OcsSource *source, const char *name)
{
  g_autofree char *number = ocs_source_line (source, "/sys/block/%s/dev", name);
  g_autofree char *text = number == NULL ? NULL : ocs_source_read (source, NULL, "/run/udev/data/b%s", number);
  if (text == NULL)
    return NULL;
  GString *out = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "E:"))
      g_string_append_printf (out, "%s\n", lines[i] + 2);
  return g_string_free (out, FALSE);
}

/* udev writes the bytes that it does not like as \x20. */
static char *
unescape (char *text)
{
  char *to = text;
  for (const char *from = text; from != NULL && *from != '\0'; to++) {
    if (from[0] == '\\' && from[1] == 'x' && g_ascii_isxdigit (from[2]) && g_ascii_isxdigit (from[3])) {
      *to = (char)(g_ascii_xdigit_value (from[2]) << 4 | g_ascii_xdigit_value (from[3]));
      from += 4;
    } else {
      *to = *from++;
    }
  }
  if (text != NULL)
    *to = '\0';
  return text == NULL ? NULL : g_strstrip (text);
}

static char *
find_model (const Disk *disk)
{
  char *model = unescape (ocs_keyvalue_get (disk->udev, "ID_MODEL_ENC")); /* sysfs cuts it at 16 characters */
  if (model == NULL)
    model = ocs_source_line (disk->source, "/sys/block/%s/device/model", disk->name);
  if (model == NULL)
    model = ocs_source_line (disk->source, "/sys/block/%s/device/name", disk->name);
  return model;
}

static char *
find_serial (const Disk *disk)
{
  char *serial = ocs_keyvalue_get (disk->udev, "ID_SERIAL_SHORT");
  if (serial == NULL)
    serial = ocs_source_line (disk->source, "/sys/block/%s/device/serial", disk->name);
  if (serial == NULL)
    serial = ocs_source_line (disk->source, "/sys/block/%s/serial", disk->name);
  gsize length = 0;
  g_autofree char *page = serial == NULL ? ocs_source_read (disk->source, &length, "/sys/block/%s/device/vpd_pg80", disk->name) : NULL;
  if (page != NULL && length > 4) /* SCSI page 0x80: four bytes, then the serial number */
    serial = g_strstrip (g_strndup (page + 4, length - 4));
  return serial;
}

static const char *
find_bus (const Disk *disk, const char *udev_bus)
{
  static const struct {
    const char *prefix;
    const char *bus;
  } names[] = {{"nvme", "NVMe"}, {"vd", "virtio"}, {"mmcblk", "MMC"}, {"xvd", "Xen"}, {"sr", "SCSI"}, {"sd", "SCSI"}, {"hd", "IDE"}};
  if (g_strcmp0 (udev_bus, "usb") == 0)
    return "USB";
  if (g_strcmp0 (udev_bus, "ata") == 0)
    return "ATA";
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (disk->name, names[i].prefix))
      return names[i].bus;
  return NULL;
}

/* An ATA disk names no maker apart from its model. */
static const char *
maker_of_model (const char *model)
{
  static const struct {
    const char *prefix;
    const char *maker;
  } makers[] = {
      {"Samsung", "Samsung"}, {"WDC", "Western Digital"}, {"WD ", "Western Digital"}, {"WD_", "Western Digital"}, {"ST", "Seagate"},
      {"TOSHIBA", "Toshiba"}, {"KIOXIA", "Kioxia"},       {"HGST", "HGST"},           {"Hitachi", "Hitachi"},     {"INTEL", "Intel"},
      {"Micron", "Micron"},   {"CT", "Crucial"},          {"KINGSTON", "Kingston"},   {"SanDisk", "SanDisk"},     {"SK hynix", "SK hynix"},
      {"QEMU", "QEMU"},       {"VBOX", "VirtualBox"},     {"PLEXTOR", "Plextor"},     {"MAXTOR", "Maxtor"},       {"LITEON", "Lite-On"},
  };
  for (guint i = 0; model != NULL && i < G_N_ELEMENTS (makers); i++)
    if (g_ascii_strncasecmp (model, makers[i].prefix, strlen (makers[i].prefix)) == 0)
      return makers[i].maker;
  return NULL;
}

static void
set_maker (OcsEntry *entry, const Disk *disk, const char *model)
{
  g_autofree char *vendor = ocs_source_line (disk->source, "/sys/block/%s/device/vendor", disk->name);
  gboolean is_name = vendor != NULL && g_ascii_strcasecmp (vendor, "ATA") != 0 && !g_str_has_prefix (vendor, "0x");
  ocs_entry_set (entry, "MANUFACTURER", is_name ? vendor : maker_of_model (model));
}

static void
set_firmware (OcsEntry *entry, const Disk *disk)
{
  g_autofree char *revision = ocs_keyvalue_get (disk->udev, "ID_REVISION");
  if (revision == NULL)
    revision = ocs_source_line (disk->source, "/sys/block/%s/device/firmware_rev", disk->name);
  if (revision == NULL)
    revision = ocs_source_line (disk->source, "/sys/block/%s/device/rev", disk->name);
  ocs_entry_set (entry, "FIRMWARE", revision);
}

static void
add_disk (const Disk *disk, OcsInventory *inventory)
{
  g_autofree char *model = find_model (disk);
  g_autofree char *serial = find_serial (disk);
  g_autofree char *bus = ocs_keyvalue_get (disk->udev, "ID_BUS");
  gboolean is_optical = g_str_has_prefix (disk->name, "sr");
  gboolean is_removable = ocs_source_int (disk->source, 0, "/sys/block/%s/removable", disk->name) == 1;
  gint64 sectors = ocs_source_int (disk->source, 0, "/sys/block/%s/size", disk->name);
  OcsEntry *entry = ocs_inventory_add (inventory, "STORAGES");
  ocs_entry_set (entry, "NAME", disk->name);
  set_maker (entry, disk, model);
  ocs_entry_set (entry, "MODEL", model);
  ocs_entry_set (entry, "DESCRIPTION", find_bus (disk, bus));
  ocs_entry_set (entry, "TYPE", is_optical ? "cdrom" : is_removable ? "removable" : "disk");
  if (!is_optical && sectors > 0) /* what lies in an optical drive is not the drive's size */
    ocs_entry_set_int (entry, "DISKSIZE", sectors * SECTOR / MEGABYTE_DECIMAL);
  ocs_entry_set (entry, "SERIALNUMBER", ocs_smbios_meaningful (serial));
  set_firmware (entry, disk);
}

static gboolean
is_disk (const OcsSource *source, const char *name)
{
  if (g_str_has_prefix (name, "fd") || g_str_has_prefix (name, "nbd") || !ocs_source_exists (source, "/sys/block/%s/device", name))
    return FALSE;
  /* The boot areas of a memory card are parts of it. */
  if (g_str_has_prefix (name, "mmcblk") && (strstr (name, "boot") != NULL || strstr (name, "rpmb") != NULL))
    return FALSE;
  /* A hidden one is one path of an NVMe disk that is listed anyway. */
  return ocs_source_int (source, 0, "/sys/block/%s/hidden", name) != 1;
}

void
ocs_storages_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autoptr (GPtrArray) names = ocs_source_list (machine->source, "/sys/block");
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    if (!is_disk (machine->source, name))
      continue;
    Disk disk = {machine->source, name, read_udev (machine->source, name)};
    add_disk (&disk, inventory);
    g_free (disk.udev);
  }
}
