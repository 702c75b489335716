/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/guest.h"
#include <string.h>

OcsGuest *
ocs_guest_new (const char *subsystem, const char *type, const char *status)
{
  OcsGuest *guest = g_new0 (OcsGuest, 1);
  guest->subsystem = subsystem;
  guest->type = g_strdup (type);
  guest->status = g_strdup (status);
  return guest;
}

void
ocs_guest_free (OcsGuest *guest)
{
  if (guest == NULL)
    return;
  g_free (guest->name);
  g_free (guest->uuid);
  g_free (guest->status);
  g_free (guest->type);
  g_free (guest);
}

gint64
ocs_guest_megabytes (const char *text, gint64 unit)
{
  static const char suffixes[] = "bkmgt";
  char *end = NULL;
  gint64 value = text == NULL ? 0 : g_ascii_strtoll (text, &end, 10);
  if (value <= 0)
    return 0;
  const char *suffix = *end == '\0' ? NULL : strchr (suffixes, g_ascii_tolower (*end));
  if (suffix != NULL)
    unit = (gint64)1 << (10 * (suffix - suffixes));
  if (value > G_MAXINT64 / unit)
    return 0;
  return MIN (value * unit / (1024 * 1024), G_MAXINT32); /* the column is an INT */
}
