/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys about the ways to the server, checked when the ini file is read: what is wrong in them is said once, there. Pure. */
#pragma once
#include "worker/core/settings.h"

/* key: of [OCS Companion]. text: one line. */
typedef void (*OcsWaycheckFunc) (const char *key, const char *text, gpointer user_data);

/* Fills in proxied and direct, makes a path of ProxyPac= absolute, and reports what cannot be used. folder: of the ini file. */
void ocs_waycheck_resolve (OcsSettings *settings, const char *folder, OcsWaycheckFunc report, gpointer user_data);
