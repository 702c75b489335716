/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MONITORS: one entry per monitor that is plugged in, from the EDID that the kernel has read. DESCRIPTION is week/year of manufacture
 * as the Unix agent writes it, SERIAL what is printed on the monitor (that agent sends the number, and drops the second of two monitors
 * that have the same or none). Sorted: a dock numbers its sockets anew each time. */
#include "worker/inventory/edid.h"
#include "worker/inventory/hwid.h"
#include "worker/inventory/section.h"
#include <string.h>

/* The makers that are met most, as people call them; the others are in the databases. */
static const struct {
  char code[4];
  const char *name;
} makers[] = {
    {"ACI", "Asus"},       {"ACR", "Acer"},         {"AOC", "AOC"},
    {"APP", "Apple"},      {"AUO", "AU Optronics"}, {"AUS", "Asus"},
    {"BNQ", "BenQ"},       {"BOE", "BOE"},          {"CMN", "Innolux"},
    {"CMO", "Chi Mei"},    {"CPT", "Chunghwa"},     {"DEL", "Dell"},
    {"EIZ", "Eizo"},       {"ENC", "Eizo"},         {"EPI", "Envision"},
    {"FUS", "Fujitsu"},    {"GBT", "Gigabyte"},     {"GSM", "LG Electronics"},
    {"HPN", "HP"},         {"HSD", "HannStar"},     {"HWP", "HP"},
    {"IBM", "IBM"},        {"INL", "Innolux"},      {"IVM", "Iiyama"},
    {"IVO", "InfoVision"}, {"LEN", "Lenovo"},       {"LGD", "LG Display"},
    {"LPL", "LG Philips"}, {"MEI", "Panasonic"},    {"MEL", "Mitsubishi"},
    {"MSI", "MSI"},        {"NEC", "NEC"},          {"PHL", "Philips"},
    {"RHT", "Red Hat"},    {"SAM", "Samsung"},      {"SDC", "Samsung"},
    {"SHP", "Sharp"},      {"SNY", "Sony"},         {"TSB", "Toshiba"},
    {"VSC", "ViewSonic"},
};

/* The name in a pnp.ids file: lines of the code, a tab, the name. */
static char *
name_from_pnp_ids (const OcsSource *source, const char *code)
{
  g_autofree char *text = ocs_source_read (source, NULL, "/usr/share/hwdata/pnp.ids");
  g_autofree char *key = g_strdup_printf ("\n%s\t", code);
  const char *found = text == NULL ? NULL : strstr (text, key);
  if (found == NULL)
    return NULL;
  found += strlen (key);
  return g_strndup (found, strcspn (found, "\r\n"));
}

static char *
maker_name (const OcsSource *source, const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (makers); i++)
    if (g_str_equal (makers[i].code, code))
      return g_strdup (makers[i].name);
  g_autofree char *alias = g_strdup_printf ("acpi:%s0000:", code);
  char *name = ocs_hwid_property (source, alias, "ID_VENDOR_FROM_DATABASE");
  if (name == NULL)
    name = name_from_pnp_ids (source, code);
  return name != NULL ? name : g_strdup (code);
}

/* "DisplayPort" for the connector "card0-DP-3"; without its number. */
static const char *
plug_name (const char *connector)
{
  static const struct {
    const char *prefix;
    const char *name;
  } plugs[] = {
      {"DP-", "DisplayPort"}, {"eDP-", "Built-in"}, {"HDMI-", "HDMI"}, {"LVDS-", "Built-in"}, {"DSI-", "Built-in"},
      {"DVI-", "DVI"},        {"VGA-", "VGA"},      {"TV-", "TV"},     {"USB-", "USB"},       {"Virtual-", "Virtual"},
  };
  const char *dash = strchr (connector, '-');
  for (guint i = 0; dash != NULL && i < G_N_ELEMENTS (plugs); i++)
    if (g_str_has_prefix (dash + 1, plugs[i].prefix))
      return plugs[i].name;
  return NULL;
}

static void
add_monitor (const OcsSource *source, const OcsEdid *edid, const char *connector, OcsInventory *inventory)
{
  g_autofree char *maker = maker_name (source, edid->vendor);
  g_autofree char *model = ocs_edid_model (edid);
  g_autofree char *serial = ocs_edid_serial (edid);
  const char *plug = plug_name (connector);
  OcsEntry *entry = ocs_inventory_add (inventory, "MONITORS");
  ocs_entry_set (entry, "MANUFACTURER", maker);
  ocs_entry_set (entry, "CAPTION", model);
  if (edid->week > 0 && edid->year > 0)
    ocs_entry_setf (entry, "DESCRIPTION", "%u/%u", edid->week, edid->year);
  else if (edid->year > 0)
    ocs_entry_set_int (entry, "DESCRIPTION", edid->year);
  ocs_entry_set (entry, "TYPE", plug != NULL ? plug : edid->is_digital ? "Digital" : "Analog");
  ocs_entry_set (entry, "SERIAL", serial);
}

void
ocs_monitors_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autoptr (GPtrArray) names = ocs_source_list (machine->source, "/sys/class/drm");
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    gsize length = 0;
    g_autofree char *bytes = strchr (name, '-') == NULL ? NULL : ocs_source_read (machine->source, &length, "/sys/class/drm/%s/edid", name);
    if (bytes == NULL || length == 0)
      continue;
    g_autoptr (OcsEdid) edid = ocs_edid_parse (bytes, length);
    g_autofree char *why = edid != NULL ? NULL : g_strdup_printf ("what the monitor at %s says of itself (EDID) is damaged", name);
    if (edid != NULL)
      add_monitor (machine->source, edid, name, inventory);
    else
      ocs_inventory_note (inventory, "MONITORS", why);
  }
  ocs_inventory_sort (inventory, "MONITORS");
}
