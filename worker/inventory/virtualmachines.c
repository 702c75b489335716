/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VIRTUALMACHINES: what runs in this machine, and what could. How much memory and how many processors a guest may use, not how much it
 * uses now: that would change the section each time. */
#include "worker/inventory/guest.h"
#include "worker/inventory/keyvalue.h"
#include "worker/inventory/section.h"
#include <string.h>

/* Containers of systemd-nspawn, by systemd's own list (systemd, machined-dbus: the others there are known otherwise). */
static void
collect_nspawn (const OcsSource *source, GPtrArray *guests)
{
  g_autoptr (GPtrArray) names = ocs_source_list (source, "/run/systemd/machines");
  for (guint i = 0; i < MIN (names->len, OCS_GUESTS_MAX); i++) {
    const char *name = names->pdata[i];
    g_autofree char *text = strchr (name, ':') != NULL ? NULL : ocs_source_read (source, NULL, "/run/systemd/machines/%s", name);
    g_autofree char *service = ocs_keyvalue_get (text, "SERVICE");
    if (g_strcmp0 (service, "systemd-nspawn") != 0)
      continue;
    OcsGuest *guest = ocs_guest_new ("systemd-nspawn", "container", "running");
    guest->name = g_strdup (name);
    guest->uuid = ocs_keyvalue_get (text, "ID");
    g_ptr_array_add (guests, guest);
  }
}

static void
add_guest (const OcsGuest *guest, OcsInventory *inventory)
{
  OcsEntry *entry = ocs_inventory_add (inventory, "VIRTUALMACHINES");
  ocs_entry_set (entry, "NAME", guest->name);
  ocs_entry_set (entry, "STATUS", guest->status);
  ocs_entry_set (entry, "SUBSYSTEM", guest->subsystem);
  ocs_entry_set (entry, "VMTYPE", guest->type);
  ocs_entry_set (entry, "UUID", guest->uuid);
  if (guest->vcpu > 0)
    ocs_entry_set_int (entry, "VCPU", guest->vcpu);
  if (guest->memory_mb > 0)
    ocs_entry_set_int (entry, "MEMORY", guest->memory_mb);
}

void
ocs_virtualmachines_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autoptr (GPtrArray) guests = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_guest_free);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  ocs_libvirt_collect (machine->source, guests, notes);
  ocs_processes_collect (machine->source, guests);
  ocs_docker_collect (machine->source, guests);
  ocs_podman_collect (machine->source, guests);
  ocs_lxc_collect (machine->source, guests);
  collect_nspawn (machine->source, guests);
  for (guint i = 0; i < guests->len; i++)
    add_guest (guests->pdata[i], inventory);
  for (guint i = 0; i < notes->len; i++)
    ocs_inventory_note (inventory, "VIRTUALMACHINES", notes->pdata[i]);
  ocs_inventory_sort (inventory, "VIRTUALMACHINES");
}
