/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See usb.h. The numbers of classes are of USB-IF, "Defined Class Codes". */
#include "worker/inventory/usb.h"
#include "worker/inventory/smbios.h"
#include <string.h>

#define CLASS_PER_INTERFACE 0x00
#define CLASS_HUB 0x09
#define CLASS_MISCELLANEOUS 0xEF
#define ANY 0x100

static void
interface_free (gpointer data)
{
  OcsUsbInterface *interface = data;
  g_free (interface->driver);
  g_free (interface);
}

void
ocs_usb_device_free (OcsUsbDevice *device)
{
  if (device == NULL)
    return;
  ocs_hwid_clear (&device->id);
  g_ptr_array_unref (device->interfaces);
  g_free (device->name);
  g_free (device->manufacturer);
  g_free (device->product);
  g_free (device->serial);
  g_free (device);
}

/* These files are hexadecimal without a prefix. */
static gint64
read_hex (const OcsSource *source, const char *device, const char *file)
{
  g_autofree char *line = ocs_source_line (source, "/sys/bus/usb/devices/%s/%s", device, file);
  char *end = NULL;
  gint64 value = line == NULL ? -1 : (gint64)g_ascii_strtoull (line, &end, 16);
  return line == NULL || end == line || value < 0 || value > 0xFFFF ? -1 : value;
}

static char *
read_text (const OcsSource *source, const char *device, const char *file)
{
  return ocs_source_line (source, "/sys/bus/usb/devices/%s/%s", device, file);
}

static void
read_interfaces (const OcsSource *source, const GPtrArray *names, OcsUsbDevice *device)
{
  g_autofree char *prefix = g_strconcat (device->name, ":", NULL);
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    gint64 class = g_str_has_prefix (name, prefix) ? read_hex (source, name, "bInterfaceClass") : -1;
    if (class < 0)
      continue;
    OcsUsbInterface *interface = g_new0 (OcsUsbInterface, 1);
    interface->class = (guint) class;
    interface->subclass = (guint)MAX (read_hex (source, name, "bInterfaceSubClass"), 0);
    interface->protocol = (guint)MAX (read_hex (source, name, "bInterfaceProtocol"), 0);
    interface->driver = ocs_source_link (source, "/sys/bus/usb/devices/%s/driver", name);
    g_ptr_array_add (device->interfaces, interface);
  }
}

/* NULL for what is no device: an interface, or gone by now. */
static OcsUsbDevice *
read_device (const OcsSource *source, const GPtrArray *names, const char *name)
{
  gint64 vendor = strchr (name, ':') != NULL ? -1 : read_hex (source, name, "idVendor");
  gint64 number = vendor < 0 ? -1 : read_hex (source, name, "idProduct");
  gint64 class = number < 0 ? -1 : MAX (read_hex (source, name, "bDeviceClass"), 0);
  if (class < 0 || class == CLASS_HUB)
    return NULL;
  OcsUsbDevice *device = g_new0 (OcsUsbDevice, 1);
  device->interfaces = g_ptr_array_new_with_free_func (interface_free);
  device->name = g_strdup (name);
  device->id.vendor = (guint)vendor;
  device->id.device = (guint)number;
  device->id.class = OCS_HWID_NO_CLASS;
  device->id.alias = g_strdup_printf ("usb:v%04Xp%04X", device->id.vendor, device->id.device);
  device->class = (guint) class;
  device->subclass = (guint)MAX (read_hex (source, name, "bDeviceSubClass"), 0);
  device->protocol = (guint)MAX (read_hex (source, name, "bDeviceProtocol"), 0);
  device->manufacturer = read_text (source, name, "manufacturer");
  device->product = read_text (source, name, "product");
  g_autofree char *serial = read_text (source, name, "serial");
  device->serial = g_strdup (ocs_smbios_meaningful (serial));
  read_interfaces (source, names, device);
  return device;
}

GPtrArray *
ocs_usb_read (const OcsSource *source)
{
  static const char *const files[] = {"/usr/share/misc/usb.ids", "/usr/share/hwdata/usb.ids", "/var/lib/usbutils/usb.ids", NULL};
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_usb_device_free);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GPtrArray) names = ocs_source_list (source, "/sys/bus/usb/devices");
  for (guint i = 0; i < names->len; i++) {
    OcsUsbDevice *device = read_device (source, names, g_ptr_array_index (names, i));
    if (device == NULL)
      continue;
    g_ptr_array_add (devices, device);
    if (device->manufacturer == NULL || device->product == NULL)
      g_ptr_array_add (ids, &device->id);
  }
  if (ids->len > 0)
    ocs_hwid_name_all (source, ids, files);
  return devices;
}

char *
ocs_usb_device_maker (const OcsUsbDevice *device)
{
  const char *name = ocs_smbios_meaningful (device->manufacturer);
  if (name == NULL)
    name = device->id.vendor_name;
  return name != NULL ? g_strdup (name) : g_strdup_printf ("%04x", device->id.vendor);
}

char *
ocs_usb_device_product (const OcsUsbDevice *device)
{
  const char *name = ocs_smbios_meaningful (device->product);
  if (name == NULL)
    name = device->id.device_name;
  return name != NULL ? g_strdup (name) : g_strdup_printf ("%04x:%04x", device->id.vendor, device->id.device);
}

/* What to name it by. */
static OcsUsbInterface
purpose (const OcsUsbDevice *device)
{
  const OcsUsbInterface *first = device->interfaces->len > 0 ? g_ptr_array_index (device->interfaces, 0) : NULL;
  if (first != NULL && (device->class == CLASS_PER_INTERFACE || device->class == CLASS_MISCELLANEOUS || device->class == first->class))
    return *first;
  return (OcsUsbInterface) {device->class, device->subclass, device->protocol, NULL};
}

const char *
ocs_usb_device_class_name (const OcsUsbDevice *device)
{
  static const struct {
    guint class;
    const char *name;
  } classes[] = {
      {0x01, "Audio"},
      {0x02, "Communications"},
      {0x03, "Human Interface Device"},
      {0x05, "Physical Interface Device"},
      {0x06, "Imaging"},
      {0x07, "Printer"},
      {0x08, "Mass Storage"},
      {0x0A, "CDC Data"},
      {0x0B, "Chip/SmartCard"},
      {0x0D, "Content Security"},
      {0x0E, "Video"},
      {0x0F, "Personal Healthcare"},
      {0x10, "Audio/Video"},
      {0x11, "Billboard"},
      {0x12, "USB Type-C Bridge"},
      {0xDC, "Diagnostic"},
      {0xE0, "Wireless"},
      {0xEF, "Miscellaneous Device"},
      {0xFE, "Application Specific Interface"},
      {0xFF, "Vendor Specific Class"},
  };
  guint class = purpose (device).class;
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (classes[i].class == class)
      return classes[i].name;
  return NULL;
}

const char *
ocs_usb_device_subclass_name (const OcsUsbDevice *device)
{
  static const struct {
    guint class;
    guint subclass;
    guint protocol;
    const char *name;
  } subclasses[] = {
      {0x01, 0x01, ANY, "Control Device"},
      {0x01, 0x02, ANY, "Streaming"},
      {0x01, 0x03, ANY, "MIDI Streaming"},
      {0x02, 0x02, ANY, "Abstract (modem)"},
      {0x02, 0x06, ANY, "Ethernet Networking"},
      {0x02, 0x0D, ANY, "Network Control Model"},
      {0x02, 0x0E, ANY, "Mobile Broadband Interface Model"},
      {0x03, ANY, 0x01, "Keyboard"},
      {0x03, ANY, 0x02, "Mouse"},
      {0x06, 0x01, ANY, "Still Image Capture"},
      {0x07, 0x01, ANY, "Printer"},
      {0x08, 0x01, ANY, "RBC"},
      {0x08, 0x02, ANY, "CD-ROM"},
      {0x08, 0x04, ANY, "Floppy (UFI)"},
      {0x08, 0x06, ANY, "SCSI"},
      {0x0E, 0x01, ANY, "Video Control"},
      {0x0E, 0x02, ANY, "Video Streaming"},
      {0xE0, 0x01, 0x01, "Bluetooth"},
      {0xE0, 0x01, 0x03, "RNDIS"},
      {0xFE, 0x01, ANY, "Device Firmware Update"},
      {0xFE, 0x02, ANY, "IRDA Bridge"},
      {0xFE, 0x03, ANY, "Test and Measurement"},
      {0xFF, ANY, ANY, "Vendor Specific Subclass"},
  };
  OcsUsbInterface of = purpose (device);
  for (guint i = 0; i < G_N_ELEMENTS (subclasses); i++)
    if (subclasses[i].class == of.class && (subclasses[i].subclass == ANY || subclasses[i].subclass == of.subclass)
        && (subclasses[i].protocol == ANY || subclasses[i].protocol == of.protocol))
      return subclasses[i].name;
  return NULL;
}
