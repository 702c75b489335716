/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STORAGES: disks and optical drives, from /sys/block and from what udev has read off them (/run/udev/data). DISKSIZE is in decimal
 * MB, as disks are sold. What has no device behind it (loop, zram, LVM, LUKS) is none, but for software RAID and multipath. */
#include "worker/inventory/keyvalue.h"
#include "worker/inventory/makers.h"
#include "worker/inventory/section.h"
#include <string.h>

#define SECTOR 512
#define MEGABYTE_DECIMAL 1000000

/* One disk while it is described. */
typedef struct {
  const OcsSource *source; /* borrowed: the machine's */
  const char *name;        /* borrowed: the caller's list; "sda" */
  char *udev;              /* owned, nullable; KEY=VALUE lines */
  char *bus;               /* owned, nullable; udev's name for it: "ata", "scsi", "usb" */
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

/* SCSI page 0x80: four bytes, of which the last two are the length, then the serial number. */
static char *
read_page (const Disk *disk)
{
  gsize length = 0;
  g_autofree char *page = ocs_source_read (disk->source, &length, "/sys/block/%s/device/vpd_pg80", disk->name);
  if (page == NULL || length <= 4)
    return NULL;
  gsize said = (gsize)(guint8)page[2] << 8 | (guint8)page[3];
  return g_strstrip (g_strndup (page + 4, MIN (said, length - 4)));
}

/* For a SCSI disk udev's ID_SERIAL_SHORT is the world wide name; the number on its label is elsewhere. */
static char *
find_serial (const Disk *disk)
{
  static const char *const keys[] = {"ID_SCSI_SERIAL", "SCSI_IDENT_SERIAL", NULL};
  static const char *const files[] = {"device/serial", "serial", NULL};
  char *serial = NULL;
  gboolean is_scsi = g_strcmp0 (disk->bus, "scsi") == 0;
  for (guint i = 0; is_scsi && serial == NULL && keys[i] != NULL; i++)
    serial = ocs_keyvalue_get (disk->udev, keys[i]);
  if (serial == NULL && is_scsi)
    serial = read_page (disk);
  if (serial == NULL)
    serial = ocs_keyvalue_get (disk->udev, "ID_SERIAL_SHORT");
  for (guint i = 0; serial == NULL && files[i] != NULL; i++)
    serial = ocs_source_line (disk->source, "/sys/block/%s/%s", disk->name, files[i]);
  return serial != NULL ? serial : read_page (disk);
}

static gboolean
is_sd_card (const Disk *disk)
{
  g_autofree char *type = ocs_source_line (disk->source, "/sys/block/%s/device/type", disk->name);
  return g_strcmp0 (type, "SD") == 0;
}

/* udev knows the bus of most; else the way through the device tree tells, and at last the name. */
static const char *
find_bus (const Disk *disk)
{
  static const struct {
    const char *part;
    const char *bus;
  } ways[] = {{"/usb", "USB"},       {"/end_device-", "SAS"}, {"/rport-", "Fibre Channel"},
              {"/session", "iSCSI"}, {"/virtio", "virtio"},   {"/ata", "ATA"}},
    names[] = {{"nvme", "NVMe"}, {"vd", "virtio"}, {"mmcblk", "MMC"}, {"xvd", "Xen"}, {"sr", "SCSI"}, {"sd", "SCSI"}, {"hd", "IDE"}};
  if (g_strcmp0 (disk->bus, "usb") == 0)
    return "USB";
  if (g_strcmp0 (disk->bus, "ata") == 0)
    return "ATA";
  g_autofree char *way = ocs_source_target (disk->source, "/sys/block/%s", disk->name);
  for (guint i = 0; way != NULL && i < G_N_ELEMENTS (ways); i++)
    if (strstr (way, ways[i].part) != NULL)
      return g_str_has_prefix (disk->name, "nvme") ? "NVMe" : ways[i].bus;
  if (g_str_has_prefix (disk->name, "mmcblk") && is_sd_card (disk))
    return "SD";
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (disk->name, names[i].part))
      return names[i].bus;
  return NULL;
}

static void
set_maker (OcsEntry *entry, const Disk *disk, const char *model)
{
  g_autofree char *vendor = ocs_source_line (disk->source, "/sys/block/%s/device/vendor", disk->name);
  gboolean is_name = vendor != NULL && g_ascii_strcasecmp (vendor, "ATA") != 0 && !g_str_has_prefix (vendor, "0x");
  const char *maker = is_name ? vendor : ocs_maker_of_model (model);
  if (maker == NULL)
    maker = ocs_maker_of_card (ocs_source_int (disk->source, 0, "/sys/block/%s/device/manfid", disk->name), is_sd_card (disk));
  ocs_entry_set (entry, "MANUFACTURER", maker);
}

static void
set_firmware (OcsEntry *entry, const Disk *disk)
{
  static const char *const files[] = {"firmware_rev", "rev", "fwrev", NULL};
  g_autofree char *revision = ocs_keyvalue_get (disk->udev, "ID_REVISION");
  for (guint i = 0; revision == NULL && files[i] != NULL; i++)
    revision = ocs_source_line (disk->source, "/sys/block/%s/device/%s", disk->name, files[i]);
  if (revision != NULL && strspn (revision, "0x") != strlen (revision)) /* a memory card without one says 0x0 */
    ocs_entry_set (entry, "FIRMWARE", revision);
}

static void
set_size (OcsEntry *entry, const OcsSource *source, const char *name)
{
  gint64 sectors = ocs_source_int (source, 0, "/sys/block/%s/size", name);
  if (sectors > 0)
    ocs_entry_set_int (entry, "DISKSIZE", sectors / MEGABYTE_DECIMAL * SECTOR + sectors % MEGABYTE_DECIMAL * SECTOR / MEGABYTE_DECIMAL);
}

/* What tells a disk from others of its kind, into an entry that has a NAME. */
static void
describe (OcsEntry *entry, const Disk *disk, const char *description)
{
  g_autofree char *model = find_model (disk);
  g_autofree char *serial = find_serial (disk);
  gboolean is_optical = g_str_has_prefix (disk->name, "sr");
  gboolean is_removable = ocs_source_int (disk->source, 0, "/sys/block/%s/removable", disk->name) == 1;
  set_maker (entry, disk, model);
  ocs_entry_set (entry, "MODEL", model);
  ocs_entry_set (entry, "DESCRIPTION", description);
  ocs_entry_set (entry, "TYPE", is_optical ? "cdrom" : is_removable ? "removable" : "disk");
  if (!is_optical) /* what lies in an optical drive is not the drive's size */
    set_size (entry, disk->source, disk->name);
  ocs_entry_set (entry, "SERIALNUMBER", ocs_smbios_meaningful (serial));
  set_firmware (entry, disk);
}

static void
disk_init (Disk *disk, const OcsSource *source, const char *name)
{
  *disk = (Disk) {source, name, read_udev (source, name), NULL};
  disk->bus = ocs_keyvalue_get (disk->udev, "ID_BUS");
}

static void
disk_clear (Disk *disk)
{
  g_free (disk->udev);
  g_free (disk->bus);
}

static void
add_disk (const OcsSource *source, const char *name, OcsInventory *inventory)
{
  Disk disk;
  disk_init (&disk, source, name);
  OcsEntry *entry = ocs_inventory_add (inventory, "STORAGES");
  ocs_entry_set (entry, "NAME", name);
  describe (entry, &disk, find_bus (&disk));
  disk_clear (&disk);
}

/* "sda1, sdb1", sorted: the kernel's order changes with a rebuild. */
static char *
join_members (const OcsSource *source, const char *name)
{
  g_autoptr (GPtrArray) members = ocs_source_list (source, "/sys/block/%s/slaves", name);
  g_ptr_array_add (members, NULL);
  return g_strjoinv (", ", (char **)members->pdata);
}

/* A software array; its members are listed as the disks they are. As the Unix agent does, MODEL is the level. */
static void
add_array (const OcsSource *source, const char *name, OcsInventory *inventory)
{
  g_autofree char *level = ocs_source_line (source, "/sys/block/%s/md/level", name);
  g_autofree char *members = join_members (source, name);
  if (level == NULL || g_str_equal (level, "container") || ocs_source_int (source, 0, "/sys/block/%s/size", name) <= 0)
    return;
  OcsEntry *entry = ocs_inventory_add (inventory, "STORAGES");
  ocs_entry_set (entry, "NAME", name);
  ocs_entry_set (entry, "MODEL", level);
  ocs_entry_setf (entry, "DESCRIPTION", "software RAID: %s", members);
  ocs_entry_set (entry, "TYPE", "raid");
  set_size (entry, source, name);
}

/* The paths of a multipath device are one disk, which is described by its first path under the name that people gave it. */
static void
add_multipath (const OcsSource *source, const char *name, OcsInventory *inventory)
{
  g_autofree char *label = ocs_source_line (source, "/sys/block/%s/dm/name", name);
  g_autofree char *members = join_members (source, name);
  g_autofree char *description = g_strdup_printf ("multipath: %s", members);
  g_autoptr (GPtrArray) paths = ocs_source_list (source, "/sys/block/%s/slaves", name);
  OcsEntry *entry = ocs_inventory_add (inventory, "STORAGES");
  ocs_entry_set (entry, "NAME", label == NULL ? name : label);
  if (paths->len > 0) {
    Disk disk;
    disk_init (&disk, source, g_ptr_array_index (paths, 0));
    describe (entry, &disk, description);
    disk_clear (&disk);
  } else {
    ocs_entry_set (entry, "DESCRIPTION", "multipath");
    set_size (entry, source, name);
  }
}

static gboolean
is_multipath (const OcsSource *source, const char *name)
{
  g_autofree char *uuid = ocs_source_line (source, "/sys/block/%s/dm/uuid", name);
  return uuid != NULL && g_str_has_prefix (uuid, "mpath-");
}

static gboolean
is_path (const OcsSource *source, const char *name)
{
  g_autoptr (GPtrArray) holders = ocs_source_list (source, "/sys/block/%s/holders", name);
  for (guint i = 0; i < holders->len; i++)
    if (is_multipath (source, g_ptr_array_index (holders, i)))
      return TRUE;
  return FALSE;
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
  const OcsSource *source = machine->source;
  g_autoptr (GPtrArray) names = ocs_source_list (source, "/sys/block");
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    if (g_str_has_prefix (name, "md"))
      add_array (source, name, inventory);
    else if (g_str_has_prefix (name, "dm-") && is_multipath (source, name))
      add_multipath (source, name, inventory);
    else if (is_disk (source, name) && !is_path (source, name))
      add_disk (source, name, inventory);
  }
}
