/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database of rpm's ndb, whole and damaged. */
#include "tests/unit/inventory/memory-pages.h"
#include "worker/inventory/rpmheader.h"
#include "worker/inventory/rpmpack.h"

#define DATABASE "suse-mainframe/usr/lib/sysimage/rpm/Packages.db"

static void
on_package (const guint8 *bytes, gsize length, gpointer user_data)
{
  GPtrArray *names = user_data;
  OcsRpmHeader header;
  if (ocs_rpmheader_parse (bytes, length, &header))
    g_ptr_array_add (names, g_strdup (header.name));
}

static int
compare (gconstpointer left, gconstpointer right)
{
  return strcmp (*(const char *const *)left, *(const char *const *)right);
}

static void
test_packages (void)
{
  g_autoptr (GByteArray) file = load (DATABASE);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  OcsPages pages = pages_of (file);
  g_autoptr (GError) error = NULL;
  g_assert_true (ocs_rpmpack_walk (&pages, on_package, names, &error));
  g_assert_no_error (error);
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  g_autofree char *joined = g_strjoinv (" ", (GStrv)names->pdata);
  g_assert_cmpstr (joined, ==, "bash gpg-pubkey kernel-core zsh");
}

static void
test_something_else (void)
{
  g_autoptr (GByteArray) file = load ("fedora-server/etc/os-release");
  g_byte_array_set_size (file, 8192);
  OcsPages pages = pages_of (file);
  g_autoptr (GError) error = NULL;
  guint count = 0;
  g_assert_false (ocs_rpmpack_walk (&pages, on_count, &count, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "rpmdb --verifydb"));
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
