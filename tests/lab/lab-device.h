/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the test server keeps of one device: the rows that the real server has in hardware, accountinfo, devices, download_history. */
#pragma once
#include "tests/lab/lab-ocs.h"

#include <libxml/tree.h>

OcsLabDevice *ocs_lab_device_new (const char *id);
void ocs_lab_device_free (gpointer device);

/* Whether the package's member devices names it or is absent. */
gboolean ocs_lab_device_is_meant (const OcsLabDevice *device, JsonObject *package);
void ocs_lab_device_set_result (OcsLabDevice *device, const char *id, const char *result);
void ocs_lab_device_report (OcsLabDevice *device, const char *id, const char *err);

/* Keeps an inventory and replaces the history by the one in it (by none, where it has none). Returns the ACCOUNTINFO pairs that it
 * echoed; transfer full, string → string. */
GHashTable *ocs_lab_device_take_inventory (OcsLabDevice *device, xmlNode *content, const char *xml);
/* A new device's own values: TAG and whatever else it says. */
void ocs_lab_device_adopt_account (OcsLabDevice *device, GHashTable *echoed);
gboolean ocs_lab_device_account_equals (const OcsLabDevice *device, GHashTable *echoed);

JsonObject *ocs_lab_device_describe (const OcsLabDevice *device); /* transfer full */
