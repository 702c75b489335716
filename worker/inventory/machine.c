/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See machine.h. */
#include "worker/inventory/machine.h"
#include <sys/utsname.h>

static OcsSmbios *
read_smbios (const OcsSource *source, const char **problem)
{
  gsize length = 0;
  gsize entry_point_length = 0;
  g_autofree char *table = ocs_source_read (source, &length, "/sys/firmware/dmi/tables/DMI");
  g_autofree char *entry_point = ocs_source_read (source, &entry_point_length, "/sys/firmware/dmi/tables/smbios_entry_point");
  OcsSmbios *smbios = table == NULL ? NULL : ocs_smbios_parse (table, length, entry_point, entry_point_length);
  if (smbios == NULL)
    *problem = ocs_source_exists (source, "/sys/firmware/dmi/tables/DMI") ? "only root may read the firmware table (SMBIOS)"
                                                                          : "this machine has no firmware table (SMBIOS)";
  else if (ocs_smbios_is_damaged (smbios))
    *problem = "the firmware table (SMBIOS) is damaged: what stands behind the damage is left out";
  return smbios;
}

OcsMachine *
ocs_machine_new (const char *root, const char *user_domain)
{
  OcsMachine *machine = g_new0 (OcsMachine, 1);
  machine->source = ocs_source_new (root);
  machine->smbios = read_smbios (machine->source, &machine->smbios_problem);
  machine->pci = ocs_pci_read (machine->source);
  machine->usb = ocs_usb_read (machine->source);
  machine->user_domain = g_strdup (user_domain);
  machine->references = 1;
  return machine;
}

OcsMachine *
ocs_machine_ref (OcsMachine *machine)
{
  g_atomic_int_inc (&machine->references);
  return machine;
}

void
ocs_machine_unref (OcsMachine *machine)
{
  if (machine == NULL || !g_atomic_int_dec_and_test (&machine->references))
    return;
  g_free (machine->user_domain);
  g_ptr_array_unref (machine->pci);
  g_ptr_array_unref (machine->usb);
  ocs_smbios_free (machine->smbios);
  ocs_source_free (machine->source);
  g_free (machine);
}

char *
ocs_machine_architecture (const OcsMachine *machine)
{
  struct utsname names;
  char *architecture = ocs_source_line (machine->source, "/proc/sys/kernel/arch"); /* since Linux 6.1 */
  if (architecture == NULL && ocs_source_is_live (machine->source) && uname (&names) == 0)
    architecture = g_strdup (names.machine);
  return architecture;
}
