/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/pair.h"

static void
test_copy (void)
{
  char name[] = "TAG";
  char value[] = "site 1";
  g_autoptr (OcsPair) pair = ocs_pair_new (name, value);

  name[0] = value[0] = 'x';
  g_assert_cmpstr (pair->name, ==, "TAG");
  g_assert_cmpstr (pair->value, ==, "site 1");
}

static void
test_empty (void)
{
  g_autoptr (OcsPair) pair = ocs_pair_new ("TAG", NULL);

  g_assert_null (pair->value);
  ocs_pair_free (NULL);
}

/* Leaks and double frees are the sanitizer's to find. */
static void
test_pairs (void)
{
  g_autoptr (GPtrArray) pairs = ocs_pairs_new ();

  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (pairs, ocs_pair_new ("A", "b"));
  g_ptr_array_remove_index (pairs, 1);
  g_assert_cmpuint (pairs->len, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pair/copy", test_copy);
  g_test_add_func ("/pair/empty", test_empty);
  g_test_add_func ("/pair/pairs", test_pairs);
  return g_test_run ();
}
