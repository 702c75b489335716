/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often something may be had: some times in a row, then one each so many seconds. Pure. */
#pragma once
#include <glib.h>

typedef struct {
  gint64 burst; /* in a row, at least 1 */
  gint64 every; /* milliseconds until there is another one, at least 1 */
  gint64 whole; /* when all of burst are there again, on the caller's clock; 0 at first */
} OcsPatience;

/* Takes one at now, milliseconds on a clock that never goes back: 0. Where there is none: after how many milliseconds to ask again. */
gint64 ocs_patience_take (OcsPatience *patience, gint64 now) G_GNUC_WARN_UNUSED_RESULT;
