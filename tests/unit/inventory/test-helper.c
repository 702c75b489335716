/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs that end, fail, hang, flood, and leave others behind. */
#include "ipc/error.h"
#include "worker/inventory/helper.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

static GBytes *
run (const char *script, guint milliseconds, gsize max, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("ocs-helper-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "program", NULL);
  GBytes *output;
  g_assert_true (g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  output = ocs_helper_run (path, milliseconds, max, error);
  g_unlink (path);
  g_rmdir (folder);
  return output;
}

static void
test_output (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) output = run ("#!/bin/sh\nread nothing\necho \"$0\" >&2\necho one; echo two\n", 60000, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (output, NULL), g_bytes_get_size (output), "one\ntwo\n", 8);
}

static void
assert_fails (const char *script, guint milliseconds, gsize max, OcsError code)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (run (script, milliseconds, max, &error));
  g_assert_error (error, OCS_ERROR, (int)code);
}

static void
test_failures (void)
{
  g_autoptr (GError) error = NULL;
  assert_fails ("#!/bin/sh\necho half\nexit 3\n", 60000, 100, OCS_ERROR_FAILED);
  assert_fails ("#!/bin/sh\nkill -9 $$\n", 60000, 100, OCS_ERROR_FAILED);
  assert_fails ("#!/no/such/shell\n", 60000, 100, OCS_ERROR_FAILED);
  assert_fails ("#!/bin/sh\nexec sleep 1000\n", 50, 100, OCS_ERROR_TIMED_OUT);
  assert_fails ("#!/bin/sh\nexec >&-\nexec sleep 1000\n", 50, 100, OCS_ERROR_TIMED_OUT);
  assert_fails ("#!/bin/sh\nwhile :; do echo flood; done\n", 60000, 1000, OCS_ERROR_NO_SPACE);
  g_assert_null (ocs_helper_run ("/no/such/program", 1000, 100, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_FAILED);
}

/* What it has started goes with it. */
static void
test_family (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) output = run ("#!/bin/sh\nsleep 1000 >/dev/null &\necho $!\n", 60000, 100, &error);
  g_assert_no_error (error);
  g_autofree char *text = g_strndup (g_bytes_get_data (output, NULL), g_bytes_get_size (output));
  pid_t child = (pid_t)g_ascii_strtoll (text, NULL, 10);
  g_assert_cmpint (child, >, 1);
  for (guint i = 0; i < 5000 && kill (child, 0) == 0; i++) {
    g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int)child);
    g_autofree char *stat = NULL;
    if (g_file_get_contents (path, &stat, NULL, NULL) && strstr (stat, ") Z ") != NULL)
      return; /* dead; nobody here reaps it */
    g_usleep (1000);
  }
  g_assert_cmpint (kill (child, 0), ==, -1);
  g_assert_cmpint (errno, ==, ESRCH);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/helper/output", test_output);
  g_test_add_func ("/helper/failures", test_failures);
  g_test_add_func ("/helper/family", test_family);
  return g_test_run ();
}
