/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/sign/newkey.h"
#include "worker/sign/parcel.h"

#include <glib/gstdio.h>
#include <string.h>

#define ID "1700000001"
#define INFO                                                                                                                               \
  "<DOWNLOAD ID=\"%s\" PRI=\"5\" ACT=\"EXECUTE\" DIGEST=\"%s\" PROTO=\"HTTP\" FRAGS=\"%d\" DIGEST_ALGO=\"MD5\" DIGEST_ENCODE=\"Hexa\""     \
  " COMMAND=\"a && b\" />\n"
#define DIGEST "900150983cd24fb0d6963f7d28e17f72" /* of "abc" */

typedef struct {
  char *top;
  char *folder; /* of the package */
  char *key;
  char *certificate;
} Case;

static void
put (Case *c, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (c->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
put_info (Case *c, const char *id, const char *digest, int frags)
{
  g_autofree char *text = g_strdup_printf (INFO, id, digest, frags);

  put (c, "info", text);
}

static char *
read_pair (const char *path)
{
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
set_up (Case *c, gconstpointer data)
{
  g_autofree char *key = NULL;
  g_autofree char *certificate = NULL;

  c->top = g_dir_make_tmp ("ocs-parcel-XXXXXX", NULL);
  c->folder = g_build_filename (c->top, ID, NULL);
  g_assert_cmpint (g_mkdir (c->folder, 0700), ==, 0);
  key = g_build_filename (c->top, "key", NULL);
  certificate = g_build_filename (c->top, "cert", NULL);
  g_assert_true (ocs_newkey_write (key, certificate, "test", NULL));
  c->key = read_pair (key);
  c->certificate = read_pair (certificate);
  put_info (c, ID, DIGEST, 2);
  put (c, ID "-1", "a");
  put (c, ID "-2", "bc");
}

static void
tear_down (Case *c, gconstpointer data)
{
  static const char *const names[] = {ID "/info", ID "/" ID "-1", ID "/" ID "-2", ID "/" ID "-sig", ID, "key", "cert"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (c->top, names[i], NULL);

    g_remove (path);
  }
  g_assert_cmpint (g_rmdir (c->top), ==, 0);
  g_free (c->top);
  g_free (c->folder);
  g_free (c->key);
  g_free (c->certificate);
}

static void
test_sign (Case *c, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsParcel) parcel = ocs_parcel_open (c->folder, "REBOOT", &error);
  g_autoptr (OcsParcel) other = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (strstr (parcel->text, "COMMAND 6\na && b\nPOSTCMD 6\nREBOOT\nDIGEST 36\nMD5:" DIGEST "\n"));
  g_assert_false (ocs_parcel_check (parcel, c->certificate, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (ocs_parcel_sign (parcel, c->key, c->certificate, &error));
  g_assert_no_error (error);
  g_assert_true (ocs_parcel_check (parcel, c->certificate, &error));
  g_assert_no_error (error);
  /* Another POSTCMD is not what was signed. */
  other = ocs_parcel_open (c->folder, NULL, &error);
  g_assert_false (ocs_parcel_check (other, c->certificate, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED);
}

static void
test_wrong (Case *c, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *fragment = g_build_filename (c->folder, ID "-2", NULL);
  g_autofree char *nowhere = g_build_filename (c->top, "nowhere", NULL);

  put (c, ID "-2", "bd");
  g_assert_null (ocs_parcel_open (c->folder, NULL, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_DIGEST);
  g_clear_error (&error);
  g_unlink (fragment);
  g_assert_null (ocs_parcel_open (c->folder, NULL, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  put_info (c, "1700000002", DIGEST, 2);
  g_assert_null (ocs_parcel_open (c->folder, NULL, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  put (c, "info", "<html>");
  g_assert_null (ocs_parcel_open (c->folder, NULL, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY);
  g_clear_error (&error);
  g_assert_null (ocs_parcel_open (nowhere, NULL, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND);
}

/* A command alone has nothing to hash. */
static void
test_no_fragments (Case *c, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsParcel) parcel = NULL;

  put_info (c, ID, "", 0);
  parcel = ocs_parcel_open (c->folder, "", &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (parcel->text, "DIGEST 0\n\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/parcel/sign", Case, NULL, set_up, test_sign, tear_down);
  g_test_add ("/parcel/wrong", Case, NULL, set_up, test_wrong, tear_down);
  g_test_add ("/parcel/no-fragments", Case, NULL, set_up, test_no_fragments, tear_down);
  return g_test_run ();
}
