/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database of rpm's ndb, whole and damaged. */
#include "tests/unit/inventory/memory-pages.h"
#include "worker/inventory/rpmpack.h"

#define DATABASE "suse-mainframe/usr/lib/sysimage/rpm/Packages.db"

static void
test_packages (void)
{
  assert_packages (DATABASE, ocs_rpmpack_walk, "bash gpg-pubkey kernel-default zsh");
}

static void
test_something_else (void)
{
  assert_refuses_something_else (ocs_rpmpack_walk);
}

static void
test_damage (void)
{
  assert_survives (DATABASE, ocs_rpmpack_walk);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rpmpack/packages", test_packages);
  g_test_add_func ("/rpmpack/something-else", test_something_else);
  g_test_add_func ("/rpmpack/damage", test_damage);
  return g_test_run ();
}
