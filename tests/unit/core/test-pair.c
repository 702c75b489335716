/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/pair.h"

static void
test_ownership (void)
{
  g_autoptr (GPtrArray) pairs = ocs_pairs_new ();
  char name[] = "TAG";
  const OcsPair *pair;

  g_ptr_array_add (pairs, ocs_pair_new (name, NULL));
  name[0] = 'x';
  pair = pairs->pdata[0];
  g_assert_cmpstr (pair->name, ==, "TAG");
  g_assert_null (pair->value);
  ocs_pair_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pair/ownership", test_ownership);
  return g_test_run ();
}
