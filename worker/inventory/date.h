/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as the server takes them. */
#pragma once
#include <glib.h>

/* "2026/01/24 08:15:01", local time: the one form that the server understands (OCSInventory-Server Interface/Software.pm, INSTALLDATE;
 * it puts today in the place of any other). seconds: since the epoch; NULL for 0 and less. transfer full. */
char *ocs_date_to_text (gint64 seconds);
