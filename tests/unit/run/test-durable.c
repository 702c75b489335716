/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "tests/unit/run/scratch.h"
#include "worker/io/durable.h"
#include "worker/io/tree.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_write (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  scratch_open (&scratch);
  g_assert_false (ocs_durable_exists (scratch.fd, "f"));
  g_assert_true (ocs_durable_write (scratch.fd, "f", "one", &error));
  first = ocs_durable_read (scratch.fd, "f", 3, &error);
  g_assert_cmpstr (first, ==, "one");
  g_assert_true (ocs_durable_write (scratch.fd, "f", "", &error));
  second = ocs_durable_read (scratch.fd, "f", 3, &error);
  g_assert_cmpstr (second, ==, "");
  g_assert_no_error (error);
  g_assert_false (ocs_durable_exists (scratch.fd, "f.tmp"));
}

static void
test_read (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;

  scratch_open (&scratch);
  g_assert_null (ocs_durable_read (scratch.fd, "f", 10, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  scratch_write (&scratch, "f", "12345678901");
  g_assert_null (ocs_durable_read (scratch.fd, "f", 10, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_cmpint (symlinkat ("f", scratch.fd, "link"), ==, 0);
  g_assert_null (ocs_durable_read (scratch.fd, "link", 100, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_FAILED);
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;

  ocs_durable_set_error (&error, ENOSPC, "x");
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE);
  g_clear_error (&error);
  ocs_durable_set_error (&error, EACCES, "x");
  g_assert_error (error, OCS_ERROR, OCS_ERROR_DENIED);
}

/* The old content stands where the new one cannot be written. */
static void
test_failed_write (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  scratch_open (&scratch);
  g_assert_true (ocs_durable_write (scratch.fd, "f", "old", NULL));
  g_assert_cmpint (mkdirat (scratch.fd, "f.tmp", 0700), ==, 0);
  g_assert_false (ocs_durable_write (scratch.fd, "f", "new", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_FAILED);
  text = scratch_read (&scratch, "f");
  g_assert_cmpstr (text, ==, "old");
}

static void
test_tree (void)
{
  g_auto (Scratch) scratch = {NULL};

  scratch_open (&scratch);
  g_assert_true (ocs_tree_remove (scratch.fd, "nothing"));
  g_assert_cmpint (mkdirat (scratch.fd, "keep", 0700), ==, 0);
  scratch_write (&scratch, "keep/me", "");
  g_assert_cmpint (mkdirat (scratch.fd, "t", 0700), ==, 0);
  g_assert_cmpint (mkdirat (scratch.fd, "t/a", 0700), ==, 0);
  scratch_write (&scratch, "t/a/.f", "");
  g_assert_cmpint (symlinkat ("../keep", scratch.fd, "t/l"), ==, 0);
  g_assert_cmpint (fchmodat (scratch.fd, "t/a", 0, 0), ==, 0);
  g_assert_true (ocs_tree_remove (scratch.fd, "t"));
  g_assert_false (scratch_has (&scratch, "t"));
  g_assert_true (scratch_has (&scratch, "keep/me"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/durable/write", test_write);
  g_test_add_func ("/durable/read", test_read);
  g_test_add_func ("/durable/errors", test_errors);
  g_test_add_func ("/durable/failed-write", test_failed_write);
  g_test_add_func ("/tree/remove", test_tree);
  return g_test_run ();
}
