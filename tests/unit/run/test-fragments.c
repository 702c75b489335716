/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "tests/unit/run/scratch.h"
#include "worker/run/fragments.h"

#include <string.h>
#include <unistd.h>

static char *
read_rest (OcsFragments *fragments)
{
  GString *text = g_string_new (NULL);
  const void *bytes;
  gssize got;

  while ((got = ocs_fragments_read (fragments, &bytes)) > 0)
    g_string_append_len (text, bytes, got);
  g_assert_cmpint (got, ==, 0);
  return g_string_free (text, FALSE);
}

static void
test_seek (void)
{
  static const char *const pieces[] = {"", "hello ", "", "", "wide", " world", ""};
  static const char whole[] = "hello wide world";
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (OcsFragments) fragments = NULL;
  g_autoptr (GError) error = NULL;

  scratch_open (&scratch);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autofree char *name = g_strdup_printf ("7-%u", i + 1);

    scratch_write (&scratch, name, pieces[i]);
  }
  fragments = ocs_fragments_open (scratch.fd, "7", G_N_ELEMENTS (pieces), &error);
  g_assert_no_error (error);
  g_assert_cmpint (ocs_fragments_size (fragments), ==, (gint64)strlen (whole));
  for (gint64 position = (gint64)strlen (whole); position >= 0; position--) {
    g_autofree char *rest = NULL;

    g_assert_true (ocs_fragments_seek (fragments, position));
    g_assert_cmpint (ocs_fragments_tell (fragments), ==, position);
    rest = read_rest (fragments);
    g_assert_cmpstr (rest, ==, whole + position);
  }
  g_assert_false (ocs_fragments_seek (fragments, -1));
  g_assert_false (ocs_fragments_seek (fragments, (gint64)strlen (whole) + 1));
}

static void
test_missing (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;

  scratch_open (&scratch);
  scratch_write (&scratch, "7-1", "x");
  g_assert_null (ocs_fragments_open (scratch.fd, "7", 2, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "7-2"));
  g_clear_error (&error);
  g_assert_cmpint (symlinkat ("7-1", scratch.fd, "7-2"), ==, 0);
  g_assert_null (ocs_fragments_open (scratch.fd, "7", 2, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND);
}

/* One that shrinks or goes under our hands must be an error, never a silent end. */
static void
test_shrunk (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (OcsFragments) fragments = NULL;
  const void *bytes;

  scratch_open (&scratch);
  scratch_write (&scratch, "7-1", "one");
  scratch_write (&scratch, "7-2", "two");
  fragments = ocs_fragments_open (scratch.fd, "7", 2, NULL);
  scratch_write (&scratch, "7-1", "");
  g_assert_cmpint (ocs_fragments_read (fragments, &bytes), ==, -1);
  g_assert_true (ocs_fragments_seek (fragments, 3));
  g_assert_cmpint (unlinkat (scratch.fd, "7-2", 0), ==, 0);
  g_assert_cmpint (ocs_fragments_read (fragments, &bytes), ==, -1);
}

/* Whatever is read in whatever order, the digest is of the whole, each byte once. */
static void
test_watch (void)
{
  static const char *const orders[] = {"", "0", "3", "30", "530", "0350", "505"};

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++) {
    g_auto (Scratch) scratch = {NULL};
    OcsHasher *hasher = ocs_hasher_new (ocs_digest_new ("MD5", NULL));
    g_autoptr (OcsDigest) digest = NULL;
    g_autoptr (OcsFragments) fragments = NULL;
    g_autoptr (GError) error = NULL;
    const void *bytes;

    scratch_open (&scratch);
    scratch_write (&scratch, "7-1", "one");
    scratch_write (&scratch, "7-2", "two");
    fragments = ocs_fragments_open (scratch.fd, "7", 2, NULL);
    ocs_fragments_watch (fragments, hasher);
    for (const char *at = orders[i]; *at != '\0'; at++) {
      g_assert_true (ocs_fragments_seek (fragments, *at - '0'));
      g_assert_cmpint (ocs_fragments_read (fragments, &bytes), >, 0);
    }
    g_assert_true (ocs_fragments_watch_rest (fragments));
    digest = ocs_hasher_end (hasher);
    g_assert_true (ocs_digest_matches (digest, "5b9164ad6f496d9dee12ec7634ce253f", NULL, &error));
    g_assert_no_error (error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fragments/seek", test_seek);
  g_test_add_func ("/fragments/missing", test_missing);
  g_test_add_func ("/fragments/shrunk", test_shrunk);
  g_test_add_func ("/fragments/watch", test_watch);
  return g_test_run ();
}
