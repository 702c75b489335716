/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See date.h. */
#include "worker/inventory/date.h"
#include <time.h>

char *
ocs_date_to_text (gint64 seconds)
{
  char text[32];
  struct tm local;
  time_t when = (time_t)seconds;
  if (seconds <= 0 || localtime_r (&when, &local) == NULL || strftime (text, sizeof text, "%Y/%m/%d %H:%M:%S", &local) == 0)
    return NULL;
  return g_strdup (text);
}
