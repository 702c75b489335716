/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/patience.h"

gint64
ocs_patience_take (OcsPatience *patience, gint64 now)
{
  gint64 whole = MAX (patience->whole, now);
  gint64 wait = whole - now - (patience->burst - 1) * patience->every;

  if (wait > 0)
    return wait;
  patience->whole = whole + patience->every;
  return 0;
}
