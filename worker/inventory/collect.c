/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See collect.h. A new section is a file of its own and a row here. */
#include "worker/inventory/collect.h"
#include "worker/inventory/section.h"

typedef struct {
  OcsCollector collect;
  gboolean is_software;
} Row;

/* HARDWARE sums up what CPUS and NETWORKS have found. */
static const Row rows[] = {
    {ocs_bios_collect, FALSE},     {ocs_cpus_collect, FALSE},       {ocs_memories_collect, FALSE}, {ocs_controllers_collect, FALSE},
    {ocs_slots_collect, FALSE},    {ocs_ports_collect, FALSE},      {ocs_sounds_collect, FALSE},   {ocs_modems_collect, FALSE},
    {ocs_inputs_collect, FALSE},   {ocs_usbdevices_collect, FALSE}, {ocs_monitors_collect, FALSE}, {ocs_batteries_collect, FALSE},
    {ocs_printers_collect, FALSE}, {ocs_videos_collect, FALSE},     {ocs_storages_collect, FALSE}, {ocs_drives_collect, FALSE},
    {ocs_networks_collect, FALSE}, {ocs_hardware_collect, FALSE},   {ocs_accounts_collect, FALSE}, {ocs_repository_collect, FALSE},
    {ocs_softwares_collect, TRUE},
};

OcsInventory *
ocs_collect (const OcsCollectOptions *options, GCancellable *cancellable)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  g_autoptr (OcsMachine) machine = ocs_machine_new (options->root, options->user_domain);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (g_cancellable_is_cancelled (cancellable))
      return NULL;
    if (!rows[i].is_software || !options->no_software)
      rows[i].collect (machine, inventory);
  }
  return g_steal_pointer (&inventory);
}

OcsInventory *
ocs_collect_networks (const OcsCollectOptions *options)
{
  g_autoptr (OcsMachine) machine = ocs_machine_new (options->root, options->user_domain);
  OcsInventory *inventory = ocs_inventory_new ();

  ocs_networks_collect (machine, inventory);
  return inventory;
}
