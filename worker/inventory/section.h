/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The collectors, one file each (bios.c, …). Each adds its section, notes what it had to leave out, and never fails: a machine of which
 * little can be learnt still has an inventory. Field names and meanings: OCSInventory-Server Apache/Ocsinventory/Map.pm and what the
 * Unix agent's backend modules send, except where that jitters or is wrong. */
#pragma once
#include "worker/core/inventory.h"
#include "worker/inventory/machine.h"

typedef void (*OcsCollector) (const OcsMachine *machine, OcsInventory *inventory);

void ocs_accounts_collect (const OcsMachine *machine, OcsInventory *inventory); /* LOCAL_USERS and LOCAL_GROUPS */
void ocs_batteries_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_bios_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_controllers_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_cpus_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_drives_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_extensions_collect (const OcsMachine *machine, OcsInventory *inventory); /* of an administrator's programs */
void ocs_hardware_collect (const OcsMachine *machine, OcsInventory *inventory);   /* after CPUS and NETWORKS, which it sums up */
void ocs_inputs_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_javainfo_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_memories_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_modems_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_monitors_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_networks_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_ports_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_printers_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_repository_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_slots_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_softwares_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_sounds_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_storages_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_usbdevices_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_videos_collect (const OcsMachine *machine, OcsInventory *inventory);
void ocs_virtualmachines_collect (const OcsMachine *machine, OcsInventory *inventory);
