/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/io/machinekey.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *
make_folder (void)
{
  char *folder = g_dir_make_tmp ("ocs-test-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return folder;
}

static void
drop (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "key", NULL);

  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_made_once (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsMachineKey) none = ocs_machinekey_load (folder, FALSE, &error);
  g_autoptr (OcsMachineKey) made = NULL;
  g_autoptr (OcsMachineKey) again = NULL;
  const guint8 zero[OCS_SEAL_KEY_SIZE] = {0};
  GStatBuf info;

  g_assert_no_error (error);
  g_assert_null (none);
  made = ocs_machinekey_load (folder, TRUE, &error);
  g_assert_no_error (error);
  again = ocs_machinekey_load (folder, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (made->bytes, sizeof made->bytes, again->bytes, sizeof again->bytes);
  g_assert_true (memcmp (made->bytes, zero, sizeof zero) != 0);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  drop (folder);
}

/* A key that is none is never replaced: what it sealed would be lost for good. */
static void
test_damaged (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "key", NULL);
  const char *const texts[] = {"", "short", "0123456789012345678901234567890123456789"};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (OcsMachineKey) key = NULL;
    g_autofree char *text = NULL;

    g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
    key = ocs_machinekey_load (folder, TRUE, &error);
    g_assert_null (key);
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_assert_cmpstr (text, ==, texts[i]);
  }
  drop (folder);
}

static void
test_credential (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *credentials = make_folder ();
  g_autofree char *path = g_build_filename (credentials, "ocs-companion.key", NULL);
  g_autofree char *own = g_build_filename (folder, "key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsMachineKey) key = NULL;

  g_assert_true (g_file_set_contents (path, "01234567890123456789012345678901", 32, NULL));
  g_setenv ("CREDENTIALS_DIRECTORY", credentials, TRUE);
  key = ocs_machinekey_load (folder, TRUE, &error);
  g_unsetenv ("CREDENTIALS_DIRECTORY");
  g_assert_no_error (error);
  g_assert_cmpmem (key->bytes, sizeof key->bytes, "01234567890123456789012345678901", 32);
  g_assert_false (g_file_test (own, G_FILE_TEST_EXISTS));
  g_unlink (path);
  g_rmdir (credentials);
  drop (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/machinekey/made-once", test_made_once);
  g_test_add_func ("/machinekey/damaged", test_damaged);
  g_test_add_func ("/machinekey/credential", test_credential);
  return g_test_run ();
}
