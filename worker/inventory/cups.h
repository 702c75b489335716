/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of CUPS' printers.conf (man 5 printers.conf). Pure. */
#pragma once
#include <glib.h>

typedef struct {
  char *name; /* owned */
  char *info; /* owned; nullable, as the next four */
  char *location;
  char *driver; /* "HP LaserJet 400, driverless" */
  char *uri;    /* without a login, if it had one */
  char *host;   /* of the uri, where that is of the network */
  gboolean is_shared;
} OcsPrinter;

/* text: nullable. Of OcsPrinter, in the order of the text. transfer full. */
GPtrArray *ocs_cups_parse (const char *text);
