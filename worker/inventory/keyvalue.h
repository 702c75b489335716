/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of KEY=VALUE lines, values perhaps quoted as a shell does: os-release, logind's and networkd's state. Pure. */
#pragma once
#include <glib.h>

/* The value of the first line of that key, unquoted where it begins with a quote; NULL where there is none or it is empty. text: nullable.
 * transfer full. */
char *ocs_keyvalue_get (const char *text, const char *key);
