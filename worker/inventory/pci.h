/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PCI devices of the machine, with their names. */
#pragma once
#include "worker/inventory/hwid.h"

typedef struct {
  char *address; /* owned; "0000:00:02.0" */
  OcsHwid id;
  guint revision;
} OcsPciDevice;

/* Ordered by address. transfer full. */
GPtrArray *ocs_pci_read (const OcsSource *source);
void ocs_pci_device_free (OcsPciDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPciDevice, ocs_pci_device_free)
