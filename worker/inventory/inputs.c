/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INPUTS: keyboards, mice and what else people point with, from /proc/bus/input/devices. Buttons, switches, jacks, remote controls and
 * the devices that programs make up are none. The Unix agent never says Keyboard or Pointing, since it compares where it should search,
 * and misses touchpads on I2C and everything on Bluetooth. */
#include "worker/inventory/inputlist.h"
#include "worker/inventory/section.h"
#include <linux/input.h>
#include <string.h>

static const char *
bus_name (guint bus)
{
  switch (bus) {
  case BUS_PCI:
    return "PCI";
  case BUS_USB:
    return "USB";
  case BUS_BLUETOOTH:
    return "Bluetooth";
  case BUS_VIRTUAL:
    return "Virtual";
  case BUS_I8042:
    return "PS/2";
  case BUS_I2C:
    return "I2C";
  case BUS_HOST:
    return "Board";
  case BUS_RMI:
    return "RMI";
  default:
    return NULL;
  }
}

static const char *
point_name (OcsInputKind kind)
{
  switch (kind) {
  case OCS_INPUT_MOUSE:
    return "Mouse";
  case OCS_INPUT_TOUCHPAD:
    return "Touchpad";
  case OCS_INPUT_TOUCHSCREEN:
    return "Touchscreen";
  case OCS_INPUT_TABLET:
    return "Tablet";
  case OCS_INPUT_JOYSTICK:
    return "Joystick";
  case OCS_INPUT_OTHER:
  case OCS_INPUT_KEYBOARD:
    break;
  }
  return NULL;
}

/* Devices of programs are below /devices/virtual too, as are those of Bluetooth, which have hardware behind them. */
static gboolean
is_made_up (const OcsInput *input)
{
  return input->sysfs != NULL && g_str_has_prefix (input->sysfs, "/devices/virtual/") && strstr (input->sysfs, "/uhid/") == NULL;
}

/* The maker of a USB device; others do not say theirs. */
static char *
maker_of (const OcsMachine *machine, const OcsInput *input)
{
  for (guint i = 0; input->bus == BUS_USB && i < machine->usb->len; i++) {
    const OcsUsbDevice *device = g_ptr_array_index (machine->usb, i);
    if (device->id.vendor == input->vendor && device->id.device == input->product)
      return ocs_usb_device_maker (device);
  }
  return NULL;
}

static void
add_input (const OcsMachine *machine, const OcsInput *input, OcsInventory *inventory)
{
  const char *points = point_name (input->kind);
  g_autofree char *maker = maker_of (machine, input);
  OcsEntry *entry = ocs_inventory_add (inventory, "INPUTS");
  ocs_entry_set (entry, "TYPE", points != NULL ? "Pointing" : "Keyboard");
  ocs_entry_set (entry, "CAPTION", input->name);
  ocs_entry_set (entry, "DESCRIPTION", input->name);
  ocs_entry_set (entry, "MANUFACTURER", maker);
  ocs_entry_set (entry, "INTERFACE", bus_name (input->bus));
  ocs_entry_set (entry, "POINTTYPE", points);
}

static guint
word_bits (const OcsMachine *machine)
{
  if (ocs_source_is_live (machine->source))
    return sizeof (long) * 8;
  g_autofree char *architecture = ocs_machine_architecture (machine);
  return architecture != NULL && strstr (architecture, "64") == NULL && !g_str_equal (architecture, "s390x") ? 32 : 64;
}

void
ocs_inputs_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autofree char *text = ocs_source_read (machine->source, NULL, "/proc/bus/input/devices");
  g_autoptr (GPtrArray) inputs = ocs_inputlist_parse (text, word_bits (machine));
  for (guint i = 0; i < inputs->len; i++) {
    const OcsInput *input = g_ptr_array_index (inputs, i);
    if (input->kind != OCS_INPUT_OTHER && !is_made_up (input))
      add_input (machine, input, inventory);
  }
  ocs_inventory_sort (inventory, "INPUTS");
}
