/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/pair.h"

OcsPair *
ocs_pair_new (const char *name, const char *value)
{
  OcsPair *pair = g_new0 (OcsPair, 1);

  pair->name = g_strdup (name);
  pair->value = g_strdup (value);
  return pair;
}

void
ocs_pair_free (OcsPair *pair)
{
  if (pair == NULL)
    return;
  g_free (pair->name);
  g_free (pair->value);
  g_free (pair);
}

GPtrArray *
ocs_pairs_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_pair_free);
}
