/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the inventory of a root ("/" unless one is given): to refresh what test-collect.c expects, and to measure. */
#include "worker/inventory/collect.h"
#include <stdio.h>

int
main (int argc, char **argv)
{
  OcsCollectOptions options = {.root = argc > 1 ? argv[1] : "/"};
  g_autoptr (OcsInventory) inventory = ocs_collect (&options, NULL);
  OcsEnvelope envelope = {.deviceid = "machine-2026-01-01-00-00-00", .checksum = ocs_inventory_checksum (inventory, NULL)};
  gsize length = 0;
  g_autofree char *xml = ocs_inventory_to_xml (inventory, &envelope, &length);
  fwrite (xml, 1, length, stdout);
  const GPtrArray *notes = ocs_inventory_notes (inventory);
  for (guint i = 0; i < notes->len; i++) {
    const OcsNote *note = g_ptr_array_index (notes, i);
    fprintf (stderr, "%s: %s\n", note->section, note->why);
  }
  return 0;
}
