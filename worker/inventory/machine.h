/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the collectors of the sections share while one inventory is made: the files, and what several of them need parsed. */
#pragma once
#include "worker/inventory/pci.h"
#include "worker/inventory/smbios.h"
#include "worker/inventory/source.h"
#include "worker/inventory/usb.h"

typedef struct {
  OcsSource *source;          /* owned */
  OcsSmbios *smbios;          /* owned, nullable: no firmware table, or not ours to read */
  const char *smbios_problem; /* borrowed: static; what is wrong with it, NULL where nothing is */
  GPtrArray *pci;             /* owned; of OcsPciDevice, ordered by address */
  GPtrArray *usb;             /* owned; of OcsUsbDevice, ordered by port */
  char *user_domain;          /* owned, nullable */
  gint references;            /* a section that hangs keeps its own */
} OcsMachine;

OcsMachine *ocs_machine_new (const char *root, const char *user_domain);
OcsMachine *ocs_machine_ref (OcsMachine *machine);
void ocs_machine_unref (OcsMachine *machine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsMachine, ocs_machine_unref)

/* As `uname -m` says ("x86_64"); NULL where it is not known. transfer full. */
char *ocs_machine_architecture (const OcsMachine *machine);
