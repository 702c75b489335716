/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PCI devices of the machine, with their names. */
#pragma once
#include "worker/inventory/source.h"

typedef struct {
  char *address; /* owned; "0000:00:02.0" */
  guint vendor;  /* 0 … 0xFFFF, as the next three */
  guint device;
  guint subsystem_vendor;
  guint subsystem_device;
  guint class; /* 24 bits: class, subclass, programming interface */
  guint revision;
  char *vendor_name; /* owned; nullable, as the next two: in no database */
  char *device_name;
  char *class_name; /* of the subclass where it has a name: "VGA compatible controller" */
} OcsPciDevice;

/* Ordered by address. Names: udev's hardware database on this machine, else the pci.ids file under the root. transfer full. */
GPtrArray *ocs_pci_read (const OcsSource *source);
OcsPciDevice *ocs_pci_device_new (const char *address, guint vendor, guint device, guint class);
void ocs_pci_device_free (OcsPciDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPciDevice, ocs_pci_device_free)

/* "Intel Corporation 440FX"; the numbers for what has no name. transfer full. */
char *ocs_pci_device_label (const OcsPciDevice *device);

/* Fills in the names that the text of a pci.ids file knows and that are not set yet. Pure. devices: of OcsPciDevice. */
void ocs_pci_name_from_ids (GPtrArray *devices, const char *text, gsize length);
