/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/nearest.h"

#include <string.h>

#define WORD_MAX 64

guint
ocs_nearest_distance (const char *a, const char *b)
{
  gsize n = strlen (a), m = strlen (b);
  guint row[WORD_MAX + 1];

  if (n > WORD_MAX || m > WORD_MAX)
    return G_MAXUINT;
  for (gsize j = 0; j <= m; j++)
    row[j] = (guint)j;
  for (gsize i = 1; i <= n; i++) {
    guint diagonal = row[0];

    row[0] = (guint)i;
    for (gsize j = 1; j <= m; j++) {
      guint change = diagonal + (g_ascii_tolower (a[i - 1]) != g_ascii_tolower (b[j - 1]));

      diagonal = row[j];
      row[j] = MIN (change, MIN (row[j], row[j - 1]) + 1);
    }
  }
  return row[m];
}

const char *
ocs_nearest_find (const char *word, const GPtrArray *candidates)
{
  const char *best = NULL;
  guint best_distance = (guint)MIN (strlen (word) / 3, 3) + 1;

  for (guint i = 0; i < candidates->len; i++) {
    guint distance = ocs_nearest_distance (word, candidates->pdata[i]);

    if (distance < best_distance) {
      best_distance = distance;
      best = candidates->pdata[i];
    }
  }
  return best;
}
