/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/signature.h"
#include "worker/sign/newkey.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

typedef struct {
  char *folder;
  char *key;
  char *certificate;
} Case;

static void
set_up (Case *c, gconstpointer data)
{
  c->folder = g_dir_make_tmp ("ocs-newkey-XXXXXX", NULL);
  c->key = g_build_filename (c->folder, "key.pem", NULL);
  c->certificate = g_build_filename (c->folder, "signers.pem", NULL);
}

static void
tear_down (Case *c, gconstpointer data)
{
  g_unlink (c->key);
  g_unlink (c->certificate);
  g_assert_cmpint (g_rmdir (c->folder), ==, 0);
  g_free (c->folder);
  g_free (c->key);
  g_free (c->certificate);
}

static void
test_pair (Case *c, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;
  g_autofree char *certificate = NULL;
  g_autoptr (GByteArray) signature = NULL;
  GStatBuf info;

  g_assert_true (ocs_newkey_write (c->key, c->certificate, "Grüße", &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (c->key, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (c->key, &key, NULL, NULL));
  g_assert_true (g_file_get_contents (c->certificate, &certificate, NULL, NULL));
  signature = ocs_signature_make (key, certificate, "text", &error);
  g_assert_no_error (error);
  g_assert_true (ocs_signature_check (certificate, signature->data, signature->len, "text", &error));
}

/* A key is never written over, and half a pair is not left behind. */
static void
test_there_already (Case *c, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (c->key, "mine", -1, NULL));
  g_assert_false (ocs_newkey_write (c->key, c->certificate, "x", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_DENIED);
  g_assert_true (g_file_get_contents (c->key, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
  g_assert_false (g_file_test (c->certificate, G_FILE_TEST_EXISTS));
  g_unlink (c->key);
  g_assert_true (g_file_set_contents (c->certificate, "mine", -1, NULL));
  g_assert_false (ocs_newkey_write (c->key, c->certificate, "x", NULL));
  g_assert_false (g_file_test (c->key, G_FILE_TEST_EXISTS));
}

static void
test_odd_name (Case *c, gconstpointer data)
{
  g_autofree char *name = g_strnfill (65, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_false (ocs_newkey_write (c->key, c->certificate, name, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_assert_false (g_file_test (c->key, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/newkey/pair", Case, NULL, set_up, test_pair, tear_down);
  g_test_add ("/newkey/there-already", Case, NULL, set_up, test_there_already, tear_down);
  g_test_add ("/newkey/odd-name", Case, NULL, set_up, test_odd_name, tear_down);
  return g_test_run ();
}
