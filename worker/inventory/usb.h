/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The USB devices of the machine, as the kernel has read their descriptors, with their names. Hubs, those on the board included, are
 * left out. */
#pragma once
#include "worker/inventory/hwid.h"

typedef struct {
  guint class; /* USB-IF's numbers */
  guint subclass;
  guint protocol;
  char *driver; /* owned, nullable */
} OcsUsbInterface;

typedef struct {
  char *name; /* owned; the port that it is plugged into, "1-2.3" */
  OcsHwid id; /* without a class */
  guint class;
  guint subclass;
  guint protocol;
  char *manufacturer; /* owned; nullable, as the next two: what the device says of itself */
  char *product;
  char *serial;
  GPtrArray *interfaces; /* owned; of OcsUsbInterface */
} OcsUsbDevice;

/* Ordered by port. transfer full, of OcsUsbDevice. */
GPtrArray *ocs_usb_read (const OcsSource *source);
void ocs_usb_device_free (OcsUsbDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsUsbDevice, ocs_usb_device_free)

/* What it says, else what the databases say, else its number. transfer full. */
char *ocs_usb_device_maker (const OcsUsbDevice *device);
char *ocs_usb_device_product (const OcsUsbDevice *device);

/* What it is for: of the device, else (as most leave it to them) of its first interface. borrowed. */
const char *ocs_usb_device_class_name (const OcsUsbDevice *device);
/* More exactly ("Keyboard"); NULL where there is no name. borrowed. */
const char *ocs_usb_device_subclass_name (const OcsUsbDevice *device);
