/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/battery.h"

/* The first line of a file of that supply; NULL where it cannot be read. transfer full */
static char *
read_line (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_strstrip (text) : NULL;
}

static gboolean
is_drained (const char *folder)
{
  g_autofree char *type = read_line (folder, "type");
  g_autofree char *scope = read_line (folder, "scope");
  g_autofree char *status = read_line (folder, "status");
  g_autofree char *capacity = read_line (folder, "capacity");
  gint64 percent = 0;

  return g_strcmp0 (type, "Battery") == 0 && g_strcmp0 (scope, "Device") != 0 && g_strcmp0 (status, "Discharging") == 0 && capacity != NULL
         && g_ascii_string_to_signed (capacity, 10, 0, 100, &percent, NULL) && percent <= OCS_BATTERY_LOW;
}

/* Of two batteries the other may have enough. */
static gboolean
has_plenty (const char *folder)
{
  g_autofree char *type = read_line (folder, "type");
  g_autofree char *scope = read_line (folder, "scope");
  g_autofree char *online = read_line (folder, "online");
  g_autofree char *capacity = read_line (folder, "capacity");
  gint64 percent = 0;

  if (g_strcmp0 (scope, "Device") == 0)
    return FALSE;
  if (g_strcmp0 (type, "Mains") == 0 || g_strcmp0 (type, "USB") == 0)
    return g_strcmp0 (online, "1") == 0;
  return g_strcmp0 (type, "Battery") == 0 && capacity != NULL && g_ascii_string_to_signed (capacity, 10, 0, 100, &percent, NULL)
         && percent > OCS_BATTERY_LOW;
}

gboolean
ocs_battery_is_low (const char *root)
{
  g_autofree char *folder = g_build_filename (root, "sys/class/power_supply", NULL);
  g_autoptr (GDir) supplies = g_dir_open (folder, 0, NULL);
  gboolean low = FALSE;
  const char *name;

  while (supplies != NULL && (name = g_dir_read_name (supplies)) != NULL) {
    g_autofree char *supply = g_build_filename (folder, name, NULL);

    if (has_plenty (supply))
      return FALSE;
    low = low || is_drained (supply);
  }
  return low;
}
