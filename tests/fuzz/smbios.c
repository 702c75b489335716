/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a firmware table, and what the sections make of it. The first byte cuts off the entry point. */
#include "worker/inventory/section.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const OcsCollector collectors[] = {ocs_bios_collect,  ocs_cpus_collect,  ocs_memories_collect,
                                            ocs_slots_collect, ocs_ports_collect, ocs_hardware_collect};
  g_autoptr (OcsMachine) machine = ocs_machine_new ("/nowhere", NULL);
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  size_t cut = size > 0 ? MIN (data[0] % 33, size - 1) : 0;

  if (size == 0)
    return 0;
  machine->smbios = ocs_smbios_parse (data + 1 + cut, size - 1 - cut, data + 1, cut);
  for (guint i = 0; i < G_N_ELEMENTS (collectors); i++)
    collectors[i](machine, inventory);
  if (ocs_inventory_count (inventory, "MEMORIES") > size || ocs_inventory_count (inventory, "SLOTS") > size)
    __builtin_trap ();

  OcsEnvelope envelope = {.deviceid = "machine-2026-01-01-00-00-00"};
  g_autofree char *xml = ocs_inventory_to_xml (inventory, &envelope, NULL);
  if (!g_utf8_validate (xml, -1, NULL))
    __builtin_trap ();
  return 0;
}
