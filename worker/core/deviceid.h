/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name that the server knows a machine by: NAME-YYYY-MM-DD-hh-mm-ss. Pure. */
#pragma once
#include <glib.h>

/* hostname up to its first dot and the local time of the first run, as the Unix agent makes it. The result is always valid. */
char *ocs_deviceid_build (const char *hostname, GDateTime *local);
/* What OCSInventory-Server Server/System.pm accepts (^.+-\d{4}(?:-\d{2}){5}$) and its column of 255 characters holds. */
gboolean ocs_deviceid_is_valid (const char *deviceid);
