/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See pci.h. The hardware database of udev answers from a trie that is mapped, not read; pci.ids is read once, line by line, for all
 * devices together. */
#include "worker/inventory/pci.h"
#include <libudev.h>
#include <string.h>

OcsPciDevice *
ocs_pci_device_new (const char *address, guint vendor, guint device, guint class)
{
  OcsPciDevice *fresh = g_new0 (OcsPciDevice, 1);
  fresh->address = g_strdup (address);
  fresh->vendor = vendor;
  fresh->device = device;
  fresh->class = class;
  return fresh;
}

void
ocs_pci_device_free (OcsPciDevice *device)
{
  if (device == NULL)
    return;
  g_free (device->address);
  g_free (device->vendor_name);
  g_free (device->device_name);
  g_free (device->class_name);
  g_free (device);
}

char *
ocs_pci_device_label (const OcsPciDevice *device)
{
  g_autofree char *vendor = device->vendor_name != NULL ? g_strdup (device->vendor_name) : g_strdup_printf ("%04x", device->vendor);
  if (device->device_name != NULL)
    return g_strdup_printf ("%s %s", vendor, device->device_name);
  return g_strdup_printf ("%s [%04x:%04x]", vendor, device->vendor, device->device);
}

static void
set_once (char **name, const char *value, gsize length)
{
  if (*name == NULL && length > 0)
    *name = g_strndup (value, length);
}

static void
name_from_hwdb (struct udev_hwdb *hwdb, OcsPciDevice *device)
{
  const char *class_name = NULL;
  g_autofree char *alias =
      g_strdup_printf ("pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", device->vendor, device->device, device->subsystem_vendor,
                       device->subsystem_device, device->class >> 16, device->class >> 8 & 0xFF, device->class & 0xFF);
  struct udev_list_entry *entry = NULL;
  udev_list_entry_foreach (entry, udev_hwdb_get_properties_list_entry (hwdb, alias, 0))
  {
    const char *name = udev_list_entry_get_name (entry);
    const char *value = udev_list_entry_get_value (entry);
    if (value == NULL)
      continue;
    if (g_str_equal (name, "ID_VENDOR_FROM_DATABASE"))
      set_once (&device->vendor_name, value, strlen (value));
    else if (g_str_equal (name, "ID_MODEL_FROM_DATABASE"))
      set_once (&device->device_name, value, strlen (value));
    else if (g_str_equal (name, "ID_PCI_SUBCLASS_FROM_DATABASE"))
      set_once (&device->class_name, value, strlen (value));
    else if (g_str_equal (name, "ID_PCI_CLASS_FROM_DATABASE") && class_name == NULL)
      class_name = value;
  }
  if (class_name != NULL)
    set_once (&device->class_name, class_name, strlen (class_name));
}

static void
name_all_from_hwdb (GPtrArray *devices)
{
  struct udev *udev = udev_new ();
  struct udev_hwdb *hwdb = udev == NULL ? NULL : udev_hwdb_new (udev);
  for (guint i = 0; hwdb != NULL && i < devices->len; i++)
    name_from_hwdb (hwdb, g_ptr_array_index (devices, i));
  if (hwdb != NULL)
    udev_hwdb_unref (hwdb);
  if (udev != NULL)
    udev_unref (udev);
}

/* Where in pci.ids we are: the vendor or class that the indented lines belong to. */
typedef struct {
  GPtrArray *devices; /* borrowed: the caller's */
  gboolean in_classes;
  guint outer;     /* vendor or class */
  gboolean wanted; /* some device has it */
} Scan;

/* Hexadecimal digits, then two spaces, then the name; FALSE for another line. */
static gboolean
split_line (const char *line, const char *end, guint digits, guint *number, const char **name)
{
  guint value = 0;
  if (end - line < (gssize)digits + 3 || line[digits] != ' ' || line[digits + 1] != ' ')
    return FALSE;
  for (guint i = 0; i < digits; i++) {
    int digit = g_ascii_xdigit_value (line[i]);
    if (digit < 0)
      return FALSE;
    value = value << 4 | (guint)digit;
  }
  *number = value;
  *name = line + digits + 2;
  return TRUE;
}

static void
scan_outer (Scan *scan, const char *line, const char *end)
{
  const char *name = NULL;
  scan->in_classes = line[0] == 'C' && end - line > 2 && line[1] == ' ';
  scan->wanted = FALSE;
  gboolean matches = scan->in_classes ? split_line (line + 2, end, 2, &scan->outer, &name) : split_line (line, end, 4, &scan->outer, &name);
  for (guint i = 0; matches && i < scan->devices->len; i++) {
    OcsPciDevice *device = g_ptr_array_index (scan->devices, i);
    if ((scan->in_classes ? device->class >> 16 : device->vendor) != scan->outer)
      continue;
    scan->wanted = TRUE;
    set_once (scan->in_classes ? &device->class_name : &device->vendor_name, name, (gsize)(end - name));
  }
}

static void
scan_inner (Scan *scan, const char *line, const char *end)
{
  const char *name = NULL;
  guint number = 0;
  if (!split_line (line, end, scan->in_classes ? 2 : 4, &number, &name))
    return;
  for (guint i = 0; i < scan->devices->len; i++) {
    OcsPciDevice *device = g_ptr_array_index (scan->devices, i);
    if (scan->in_classes && device->class >> 8 == (scan->outer << 8 | number)) {
      g_clear_pointer (&device->class_name, g_free); /* the subclass says more */
      set_once (&device->class_name, name, (gsize)(end - name));
    } else if (!scan->in_classes && device->vendor == scan->outer && device->device == number) {
      set_once (&device->device_name, name, (gsize)(end - name));
    }
  }
}

void
ocs_pci_name_from_ids (GPtrArray *devices, const char *text, gsize length)
{
  Scan scan = {.devices = devices};
  const char *stop = text + length;
  while (text < stop) {
    const char *end = memchr (text, '\n', (gsize)(stop - text));
    if (end == NULL)
      end = stop;
    if (end - text > 2 && text[0] == '\t') {
      if (scan.wanted && text[1] != '\t')
        scan_inner (&scan, text + 1, end);
    } else if (end > text && text[0] != '#') {
      scan_outer (&scan, text, end);
    }
    text = end + 1;
  }
}

static gboolean
all_named (const GPtrArray *devices)
{
  for (guint i = 0; i < devices->len; i++) {
    const OcsPciDevice *device = g_ptr_array_index (devices, i);
    if (device->vendor_name == NULL || device->class_name == NULL)
      return FALSE;
  }
  return TRUE;
}

static void
name_all (const OcsSource *source, GPtrArray *devices)
{
  static const char *const files[] = {"/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids"};
  if (devices->len > 0 && ocs_source_is_live (source))
    name_all_from_hwdb (devices);
  for (guint i = 0; i < G_N_ELEMENTS (files) && !all_named (devices); i++) {
    g_autoptr (GMappedFile) file = ocs_source_map (source, "%s", files[i]);
    if (file == NULL)
      continue;
    ocs_pci_name_from_ids (devices, g_mapped_file_get_contents (file), g_mapped_file_get_length (file));
    return;
  }
}

GPtrArray *
ocs_pci_read (const OcsSource *source)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_pci_device_free);
  g_autoptr (GPtrArray) names = ocs_source_list (source, "/sys/bus/pci/devices");
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    gint64 vendor = ocs_source_int (source, -1, "/sys/bus/pci/devices/%s/vendor", name);
    gint64 number = ocs_source_int (source, -1, "/sys/bus/pci/devices/%s/device", name);
    gint64 class = ocs_source_int (source, -1, "/sys/bus/pci/devices/%s/class", name);
    if (vendor < 0 || number < 0 || class < 0)
      continue;
    OcsPciDevice *device = ocs_pci_device_new (name, (guint)vendor & 0xFFFF, (guint)number & 0xFFFF, (guint) class & 0xFFFFFF);
    device->subsystem_vendor = (guint)ocs_source_int (source, 0, "/sys/bus/pci/devices/%s/subsystem_vendor", name) & 0xFFFF;
    device->subsystem_device = (guint)ocs_source_int (source, 0, "/sys/bus/pci/devices/%s/subsystem_device", name) & 0xFFFF;
    device->revision = (guint)ocs_source_int (source, 0, "/sys/bus/pci/devices/%s/revision", name) & 0xFF;
    g_ptr_array_add (devices, device);
  }
  name_all (source, devices);
  return devices;
}
