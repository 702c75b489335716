/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database of Berkeley DB, whole and damaged. */
#include "tests/unit/inventory/memory-pages.h"
#include "worker/inventory/berkeley.h"

#define DATABASE "rhel8-power/var/lib/rpm/Packages"

static void
test_packages (void)
{
  assert_packages (DATABASE, ocs_berkeley_walk, "bash gpg-pubkey kernel-core zsh");
}

static void
test_something_else (void)
{
  assert_refuses_something_else (ocs_berkeley_walk);
}

static void
test_damage (void)
{
  assert_survives (DATABASE, ocs_berkeley_walk);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/berkeley/packages", test_packages);
  g_test_add_func ("/berkeley/something-else", test_something_else);
  g_test_add_func ("/berkeley/damage", test_damage);
  return g_test_run ();
}
