/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PRINTERS: the queues of this machine, from the file in which CUPS keeps them. Only root may read it. Queues that CUPS makes up while a
 * program prints (of printers that announce themselves) are in no file, and with them nothing could be said twice the same. */
#include "worker/inventory/cups.h"
#include "worker/inventory/section.h"
#include <string.h>

#define PRINTERS_CONF "/etc/cups/printers.conf"

/* The choice that the queue's description begins with, "600dpi". transfer full. */
static char *
read_resolution (const OcsSource *source, const char *name)
{
  static const char key[] = "\n*DefaultResolution:";
  g_autofree char *text = strchr (name, '/') != NULL ? NULL : ocs_source_read (source, NULL, "/etc/cups/ppd/%s.ppd", name);
  const char *found = text == NULL ? NULL : strstr (text, key);
  if (found == NULL)
    return NULL;
  found += strlen (key);
  return g_strstrip (g_strndup (found, strcspn (found, "\r\n")));
}

static void
add_printer (const OcsSource *source, const OcsPrinter *printer, OcsInventory *inventory)
{
  g_autofree char *resolution = read_resolution (source, printer->name);
  OcsEntry *entry = ocs_inventory_add (inventory, "PRINTERS");
  ocs_entry_set (entry, "NAME", printer->name);
  ocs_entry_set (entry, "DESCRIPTION", printer->info);
  ocs_entry_set (entry, "DRIVER", printer->driver);
  ocs_entry_set (entry, "PORT", printer->uri);
  ocs_entry_set (entry, "SERVERNAME", printer->host);
  ocs_entry_set (entry, "SHARENAME", printer->is_shared ? printer->name : NULL);
  ocs_entry_set (entry, "RESOLUTION", resolution);
  ocs_entry_set (entry, "COMMENT", printer->location);
  ocs_entry_set_int (entry, "SHARED", printer->is_shared);
  ocs_entry_set_int (entry, "NETWORK", printer->host != NULL);
}

void
ocs_printers_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autofree char *text = ocs_source_read (machine->source, NULL, PRINTERS_CONF);
  g_autoptr (GPtrArray) printers = ocs_cups_parse (text);
  for (guint i = 0; i < printers->len; i++)
    add_printer (machine->source, g_ptr_array_index (printers, i), inventory);
  ocs_inventory_sort (inventory, "PRINTERS");
  if (text == NULL && ocs_source_exists (machine->source, PRINTERS_CONF))
    ocs_inventory_note (inventory, "PRINTERS", PRINTERS_CONF " is not readable: run as root to get the printers");
}
