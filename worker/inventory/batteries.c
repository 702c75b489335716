/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BATTERIES: each battery that the machine runs on; those of mice and headsets come and go and are left out. Units and words are those
 * that the Unix agent sends (upower's): Wh, V and percent, as numbers. That agent sends the last battery only, the voltage of now as
 * that of the design, and 0 as the serial number where there is none. The model is in NAME, since the server cuts DESCRIPTION at ten
 * characters. */
#include "worker/inventory/section.h"

#define SUPPLY "/sys/class/power_supply/%s"

/* No battery has more of anything, and products of two such numbers fit. */
#define MICRO_MAX G_GINT64_CONSTANT (1000000000000)

/* In millionths (µWh, µV …); 0: not said. */
static gint64
read_micro (const OcsSource *source, const char *name, const char *file)
{
  return CLAMP (ocs_source_int (source, 0, SUPPLY "/%s", name, file), 0, MICRO_MAX);
}

static char *
read_word (const OcsSource *source, const char *name, const char *file)
{
  return ocs_source_line (source, SUPPLY "/%s", name, file);
}

/* "57.02" for 57020000. */
static void
set_unit (OcsEntry *entry, const char *field, gint64 micro)
{
  gint64 hundredths = (micro + 5000) / 10000;
  if (micro > 0)
    ocs_entry_setf (entry, field, "%" G_GINT64_FORMAT ".%02d", hundredths / 100, (int)(hundredths % 100));
}

/* In µWh: batteries count energy, or charge at a voltage. */
static gint64
design_energy (const OcsSource *source, const char *name, gint64 voltage)
{
  gint64 energy = read_micro (source, name, "energy_full_design");
  gint64 charge = energy > 0 ? 0 : read_micro (source, name, "charge_full_design");
  return energy > 0 ? energy : (gint64)((double)charge * (double)voltage / 1e6);
}

static const char *
chemistry_name (const char *technology)
{
  static const struct {
    const char *kernel;
    const char *name;
  } names[] = {
      {"Li-ion", "lithium-ion"},  {"Li-poly", "lithium-polymer"},   {"LiFe", "lithium-iron"},
      {"NiCd", "nickel-cadmium"}, {"NiMH", "nickel-metal-hydride"}, {"LiMn", "lithium-manganese"},
  };
  for (guint i = 0; technology != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].kernel, technology))
      return names[i].name;
  return g_strcmp0 (technology, "Unknown") == 0 ? NULL : technology;
}

static const char *
state_name (const char *status)
{
  static const struct {
    const char *kernel;
    const char *name;
  } names[] = {
      {"Charging", "charging"},
      {"Discharging", "discharging"},
      {"Full", "fully-charged"},
      {"Not charging", "pending-charge"},
  };
  for (guint i = 0; status != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].kernel, status))
      return names[i].name;
  return NULL;
}

static gboolean
is_battery (const OcsSource *source, const char *name)
{
  g_autofree char *type = read_word (source, name, "type");
  g_autofree char *scope = read_word (source, name, "scope");
  return g_strcmp0 (type, "Battery") == 0 && g_strcmp0 (scope, "Device") != 0 && ocs_source_int (source, 1, SUPPLY "/present", name) != 0;
}

static void
add_battery (const OcsSource *source, const char *name, OcsInventory *inventory)
{
  g_autofree char *model = read_word (source, name, "model_name");
  g_autofree char *maker = read_word (source, name, "manufacturer");
  g_autofree char *serial = read_word (source, name, "serial_number");
  g_autofree char *technology = read_word (source, name, "technology");
  g_autofree char *status = read_word (source, name, "status");
  gint64 cycles = ocs_source_int (source, 0, SUPPLY "/cycle_count", name);
  gint64 percent = ocs_source_int (source, -1, SUPPLY "/capacity", name);
  gint64 voltage = read_micro (source, name, "voltage_min_design");
  if (voltage == 0)
    voltage = read_micro (source, name, "voltage_max_design");
  OcsEntry *entry = ocs_inventory_add (inventory, "BATTERIES");
  ocs_entry_set (entry, "NAME", model != NULL ? model : name);
  ocs_entry_set (entry, "DESCRIPTION", name);
  ocs_entry_set (entry, "MANUFACTURER", ocs_smbios_meaningful (maker));
  ocs_entry_set (entry, "SERIALNUMBER", ocs_smbios_meaningful (serial));
  ocs_entry_set (entry, "CHEMISTRY", chemistry_name (technology));
  if (cycles > 0)
    ocs_entry_set_int (entry, "CYCLES", cycles);
  set_unit (entry, "DESIGNCAPACITY", design_energy (source, name, voltage));
  set_unit (entry, "DESIGNVOLTAGE", voltage);
  ocs_entry_set (entry, "STATUS", state_name (status));
  if (percent >= 0 && percent <= 100)
    ocs_entry_set_int (entry, "ESTIMATEDCHARGEREMAINING", percent);
}

void
ocs_batteries_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autoptr (GPtrArray) names = ocs_source_list (machine->source, "/sys/class/power_supply");
  for (guint i = 0; i < names->len; i++)
    if (is_battery (machine->source, g_ptr_array_index (names, i)))
      add_battery (machine->source, g_ptr_array_index (names, i), inventory);
}
