/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See collect.h. A new section is a file of its own and a row here. Each section is made beside the inventory, within its time, and
 * then taken in: one that hangs is left out. */
#include "worker/inventory/collect.h"
#include "worker/core/extension.h"
#include "worker/inventory/lane.h"
#include "worker/inventory/section.h"

/* Milliseconds for one section; for all that hang together; and for each after that. */
#define SECTION_MAX 30000
#define WAIT_MAX 90000
#define SECTION_LEAST 2000

typedef struct {
  const char *section; /* that it is said of */
  OcsCollector collect;
  gboolean is_software;
} Row;

static const char summed_up[] = "HARDWARE";
/* HARDWARE sums up what these have found. */
static const char *const parts[] = {"CPUS", "NETWORKS", NULL};

static const Row rows[] = {
    {"BIOS", ocs_bios_collect, FALSE},
    {"CPUS", ocs_cpus_collect, FALSE},
    {"MEMORIES", ocs_memories_collect, FALSE},
    {"CONTROLLERS", ocs_controllers_collect, FALSE},
    {"SLOTS", ocs_slots_collect, FALSE},
    {"PORTS", ocs_ports_collect, FALSE},
    {"SOUNDS", ocs_sounds_collect, FALSE},
    {"MODEMS", ocs_modems_collect, FALSE},
    {"INPUTS", ocs_inputs_collect, FALSE},
    {"USBDEVICES", ocs_usbdevices_collect, FALSE},
    {"MONITORS", ocs_monitors_collect, FALSE},
    {"BATTERIES", ocs_batteries_collect, FALSE},
    {"PRINTERS", ocs_printers_collect, FALSE},
    {"VIDEOS", ocs_videos_collect, FALSE},
    {"STORAGES", ocs_storages_collect, FALSE},
    {"DRIVES", ocs_drives_collect, FALSE},
    {"NETWORKS", ocs_networks_collect, FALSE},
    {summed_up, ocs_hardware_collect, FALSE},
    {"LOCAL_USERS", ocs_accounts_collect, FALSE},
    {"REPOSITORY", ocs_repository_collect, FALSE},
    {"JAVAINFO", ocs_javainfo_collect, TRUE},
    {"VIRTUALMACHINES", ocs_virtualmachines_collect, FALSE},
    {"SOFTWARES", ocs_softwares_collect, TRUE},
    {OCS_EXTENSION_SECTION, ocs_extensions_collect, FALSE},
};

/* One section while it is made. */
typedef struct {
  OcsMachine *machine;     /* owned reference */
  OcsInventory *inventory; /* owned; this section's own */
  OcsCollector collect;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;
  ocs_machine_unref (work->machine);
  ocs_inventory_free (work->inventory);
  g_free (work);
}

static void
run (gpointer data)
{
  Work *work = data;
  work->collect (work->machine, work->inventory);
}

static void
take (OcsInventory *inventory, Work *work, gboolean sums_up)
{
  for (guint i = 0; sums_up && parts[i] != NULL; i++)
    ocs_inventory_drop (work->inventory, parts[i]);
  ocs_inventory_absorb (inventory, g_steal_pointer (&work->inventory));
  work_free (work);
}

/* patience: milliseconds that may still be waited in all. */
static void
collect_row (const Row *row, OcsLanes *lanes, OcsMachine *machine, OcsInventory *inventory, gint64 *patience)
{
  guint lane = (guint)(row - rows);
  gboolean sums_up = row->section == summed_up;
  guint limit = (guint)CLAMP (*patience, SECTION_LEAST, SECTION_MAX);
  if (ocs_lanes_is_full (lanes, lane)) {
    ocs_inventory_note (inventory, row->section, "left out: what hung in it before still hangs, see the machine's kernel log");
    return;
  }
  Work *work = g_new0 (Work, 1);
  work->machine = ocs_machine_ref (machine);
  work->inventory = sums_up ? ocs_inventory_copy (inventory, parts) : ocs_inventory_new ();
  work->collect = row->collect;
  if (ocs_lane_run (lanes, lane, row->section, run, work, work_free, limit)) {
    take (inventory, work, sums_up);
    return;
  }
  *patience -= limit;
  g_autofree char *why =
      g_strdup_printf ("left out: it took more than %u s; a disk, a driver or a server that this machine uses hangs", limit / 1000);
  ocs_inventory_note (inventory, row->section, why);
}

OcsLanes *
ocs_collect_lanes (void)
{
  return ocs_lanes_new (G_N_ELEMENTS (rows));
}

OcsInventory *
ocs_collect (const OcsCollectOptions *options, GCancellable *cancellable)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  g_autoptr (OcsMachine) machine = ocs_machine_new (options->root, options->user_domain);
  gint64 patience = WAIT_MAX;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (g_cancellable_is_cancelled (cancellable))
      return NULL;
    gboolean wanted = rows[i].is_software ? !options->no_software : options->extensions || rows[i].collect != ocs_extensions_collect;
    if (wanted)
      collect_row (&rows[i], options->lanes, machine, inventory, &patience);
  }
  if (options->extensions) {
    if (options->no_software)
      ocs_inventory_drop (inventory, "SOFTWARES");
    ocs_inventory_sort (inventory, "SOFTWARES");
  }
  /* The server wants one, whatever happens. */
  if (ocs_inventory_count (inventory, summed_up) == 0)
    ocs_entry_set (ocs_inventory_add (inventory, summed_up), "NAME", g_get_host_name ());
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
