/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the machine lives on a battery that is nearly empty, from /sys/class/power_supply (sysfs-class-power of the kernel). */
#pragma once
#include <glib.h>

/* At most so many percent. */
#define OCS_BATTERY_LOW 20

/* root: "/", or a captured machine. Batteries of mice and keyboards (scope Device) do not count, nor does one that is being charged. */
gboolean ocs_battery_is_low (const char *root);
