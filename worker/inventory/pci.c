/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See pci.h. */
#include "worker/inventory/pci.h"

void
ocs_pci_device_free (OcsPciDevice *device)
{
  if (device == NULL)
    return;
  ocs_hwid_clear (&device->id);
  g_free (device->address);
  g_free (device);
}

static OcsPciDevice *
read_device (const OcsSource *source, const char *name)
{
  gint64 vendor = ocs_source_int (source, -1, "/sys/bus/pci/devices/%s/vendor", name);
  gint64 number = ocs_source_int (source, -1, "/sys/bus/pci/devices/%s/device", name);
  gint64 class = ocs_source_int (source, -1, "/sys/bus/pci/devices/%s/class", name);
  if (vendor < 0 || number < 0 || class < 0)
    return NULL;
  OcsPciDevice *device = g_new0 (OcsPciDevice, 1);
  guint subsystem_vendor = (guint)ocs_source_int (source, 0, "/sys/bus/pci/devices/%s/subsystem_vendor", name) & 0xFFFF;
  guint subsystem_device = (guint)ocs_source_int (source, 0, "/sys/bus/pci/devices/%s/subsystem_device", name) & 0xFFFF;
  device->address = g_strdup (name);
  device->id.vendor = (guint)vendor & 0xFFFF;
  device->id.device = (guint)number & 0xFFFF;
  device->id.class = (guint) class & 0xFFFFFF;
  device->id.alias = g_strdup_printf ("pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", device->id.vendor, device->id.device, subsystem_vendor,
                                      subsystem_device, device->id.class >> 16, device->id.class >> 8 & 0xFF, device->id.class & 0xFF);
  device->revision = (guint)ocs_source_int (source, 0, "/sys/bus/pci/devices/%s/revision", name) & 0xFF;
  return device;
}

GPtrArray *
ocs_pci_read (const OcsSource *source)
{
  static const char *const files[] = {"/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids", NULL};
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_pci_device_free);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GPtrArray) names = ocs_source_list (source, "/sys/bus/pci/devices");
  for (guint i = 0; i < names->len; i++) {
    OcsPciDevice *device = read_device (source, g_ptr_array_index (names, i));
    if (device == NULL)
      continue;
    g_ptr_array_add (devices, device);
    g_ptr_array_add (ids, &device->id);
  }
  ocs_hwid_name_all (source, ids, files);
  return devices;
}
