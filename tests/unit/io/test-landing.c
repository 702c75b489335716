/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/io/landing.h"
#include "worker/io/tree.h"
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *folder;
  char *path;
  OcsProgress *progress;
  OcsLandingPlan plan;
} Case;

static void
set_up (Case *c, gconstpointer data)
{
  g_autofree char *own = NULL;

  c->folder = g_dir_make_tmp ("ocs-landing-XXXXXX", NULL);
  c->path = g_build_filename (c->folder, "17", "17-1", NULL);
  g_assert_cmpint (g_mkdir (own = g_path_get_dirname (c->path), 0700), ==, 0);
  c->progress = ocs_progress_new ();
  c->plan = (OcsLandingPlan) {0};
}

static void
tear_down (Case *c, gconstpointer data)
{
  g_assert_true (ocs_tree_remove_path (c->folder, NULL));
  ocs_progress_unref (c->progress);
  g_free (c->path);
  g_free (c->folder);
}

static OcsLanding *
open_it (Case *c, gboolean resume)
{
  g_autoptr (GError) error = NULL;
  OcsLanding *landing = ocs_landing_open (c->path, resume, c->progress, &error);

  g_assert_no_error (error);
  return landing;
}

static void
put (OcsLanding *landing, const char *text)
{
  g_assert_true (ocs_landing_write ((const guint8 *)text, strlen (text), landing, NULL));
}

static void
test_straight (Case *c, gconstpointer data)
{
  g_autoptr (OcsLanding) landing = open_it (c, TRUE);
  g_autofree char *text = NULL;

  g_assert_cmpint (ocs_landing_offset (landing), ==, 0);
  g_assert_true (ocs_landing_begin (landing, 0, 6, "\"v\"", &c->plan, NULL));
  put (landing, "abc");
  g_assert_cmpint (ocs_progress_done (c->progress), ==, 3);
  g_assert_cmpint (ocs_progress_total (c->progress), ==, 6);
  g_assert_false (ocs_landing_end (landing, NULL));
  put (landing, "def");
  g_assert_true (ocs_landing_end (landing, NULL));
  g_assert_true (g_file_get_contents (c->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "abcdef");
  g_assert_false (ocs_landing_has_part (c->path));
}

/* Large enough to be gone on from. */
#define LARGE (256 * 1024)

static void
test_goes_on (Case *c, gconstpointer data)
{
  OcsLanding *first = open_it (c, TRUE);
  g_autoptr (OcsLanding) second = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *rest = g_strnfill (LARGE - 4, 'r');

  g_assert_true (ocs_landing_begin (first, 0, LARGE, "\"v\"", &c->plan, NULL));
  put (first, "abcd");
  ocs_landing_free (first);
  g_assert_true (ocs_landing_has_part (c->path));
  second = open_it (c, TRUE);
  g_assert_cmpint (ocs_landing_offset (second), ==, 4);
  g_assert_cmpstr (ocs_landing_validator (second), ==, "\"v\"");
  /* Another place than was asked for cannot be joined. */
  g_assert_false (ocs_landing_begin (second, 2, LARGE, NULL, &c->plan, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY);
  g_assert_true (ocs_landing_begin (second, 4, LARGE, NULL, &c->plan, NULL));
  put (second, rest);
  g_assert_true (ocs_landing_end (second, NULL));
  g_assert_true (g_file_get_contents (c->path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "abcdrr"));
  g_assert_cmpuint (strlen (text), ==, LARGE);
}

static void
test_small_begins_anew (Case *c, gconstpointer data)
{
  OcsLanding *landing = open_it (c, TRUE);

  g_assert_true (ocs_landing_begin (landing, 0, LARGE - 1, "\"v\"", &c->plan, NULL));
  put (landing, "abcd");
  ocs_landing_free (landing);
  g_assert_false (ocs_landing_has_part (c->path));
  landing = open_it (c, TRUE);
  g_assert_cmpint (ocs_landing_offset (landing), ==, 0);
  g_assert_null (ocs_landing_validator (landing));
  /* Nor is what an earlier, larger one left taken for its own. */
  g_assert_true (ocs_landing_begin (landing, 0, LARGE, "\"v\"", &c->plan, NULL));
  g_assert_true (ocs_landing_begin (landing, 0, 6, "\"w\"", &c->plan, NULL));
  put (landing, "ab");
  ocs_landing_free (landing);
  g_assert_false (ocs_landing_has_part (c->path));
}

static void
test_from_its_start (Case *c, gconstpointer data)
{
  OcsLanding *landing = open_it (c, TRUE);
  g_autofree char *part = g_strconcat (c->path, ".part", NULL);
  GStatBuf info;

  /* Without a validator nothing vouches for what is there. */
  g_assert_true (ocs_landing_begin (landing, 0, -1, NULL, &c->plan, NULL));
  put (landing, "abcd");
  ocs_landing_free (landing);
  landing = open_it (c, TRUE);
  g_assert_cmpint (ocs_landing_offset (landing), ==, 0);
  g_assert_true (ocs_landing_begin (landing, 0, LARGE, "\"w\"", &c->plan, NULL));
  put (landing, "x");
  ocs_landing_free (landing);
  /* The server sends the whole although it was asked for the rest. */
  landing = open_it (c, TRUE);
  g_assert_cmpint (ocs_landing_offset (landing), ==, 1);
  g_assert_true (ocs_landing_begin (landing, 0, LARGE, "\"x\"", &c->plan, NULL));
  g_assert_cmpint (g_stat (part, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 0);
  ocs_landing_free (landing);
  landing = open_it (c, FALSE);
  g_assert_cmpint (ocs_landing_offset (landing), ==, 0);
  g_assert_null (ocs_landing_validator (landing));
  ocs_landing_drop (landing);
  ocs_landing_free (landing);
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
}

/* Also where nothing at all was promised, or a start behind the end. */
/* Only what came in one piece, to its end, and is right. */
static void
test_sound (Case *c, gconstpointer data)
{
  /* printf abcdef | md5sum */
  OcsInfo whole = {.digest_algo = (char *)"MD5", .digest = (char *)"e80b5017098950fc58aad83c8c14978e", .digest_encode = (char *)"Hexa"};
  static const struct {
    const char *bytes;
    gboolean sound;
  } rows[] = {{"abcdef", TRUE}, {"abcdeF", FALSE}};

  c->plan.whole = &whole;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (OcsLanding) landing = open_it (c, FALSE);

    g_assert_true (ocs_landing_begin (landing, 0, 6, NULL, &c->plan, NULL));
    put (landing, rows[i].bytes);
    g_assert_false (ocs_landing_is_sound (landing));
    g_assert_true (ocs_landing_end (landing, NULL));
    g_assert_cmpint (ocs_landing_is_sound (landing), ==, rows[i].sound);
  }
  {
    OcsLanding *first = open_it (c, FALSE);
    g_autoptr (OcsLanding) second = NULL;

    g_assert_true (ocs_landing_begin (first, 0, -1, "\"v\"", &c->plan, NULL));
    put (first, "abc");
    ocs_landing_free (first);
    second = open_it (c, TRUE);
    g_assert_true (ocs_landing_begin (second, 3, -1, "\"v\"", &c->plan, NULL));
    put (second, "def");
    g_assert_true (ocs_landing_end (second, NULL));
    g_assert_false (ocs_landing_is_sound (second));
  }
}

static void
test_no_more_than_promised (Case *c, gconstpointer data)
{
  static const gint64 promises[] = {6, 0, LARGE};

  for (guint i = 0; i < G_N_ELEMENTS (promises); i++) {
    g_autoptr (OcsLanding) landing = open_it (c, TRUE);
    g_autoptr (GError) error = NULL;
    g_autofree char *much = g_strnfill ((gsize)promises[i] + 1, 'm');

    g_assert_true (ocs_landing_begin (landing, 0, promises[i], "\"v\"", &c->plan, NULL));
    g_assert_false (ocs_landing_write ((const guint8 *)much, strlen (much), landing, &error));
    g_assert_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY);
    /* What came is no beginning of it. */
    g_assert_false (ocs_landing_has_part (c->path));
  }
}

/* 17 MiB, of which nobody has said the end. */
static void
test_without_an_end (Case *c, gconstpointer data)
{
  g_autoptr (OcsLanding) landing = open_it (c, TRUE);
  g_autoptr (GError) error = NULL;
  g_autofree char *piece = g_strnfill (1024 * 1024, 'e');
  guint written = 0;

  c->plan.rules.quota = 20 * 1024 * 1024;
  g_assert_true (ocs_landing_begin (landing, 0, -1, NULL, &c->plan, NULL));
  while (written < 40 && ocs_landing_write ((const guint8 *)piece, strlen (piece), landing, &error))
    written++;
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE);
  g_assert_cmpuint (written, <, 17);
}

static void
test_space (Case *c, gconstpointer data)
{
  g_autoptr (OcsLanding) landing = open_it (c, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) liar = NULL;

  /* A package of a million fragments of 64 GiB fits nowhere, and is refused before a byte is written. */
  c->plan.missing = 999999;
  c->plan.all = 1000000;
  g_assert_false (ocs_landing_begin (landing, 0, G_GINT64_CONSTANT (1) << 36, NULL, &c->plan, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "free some disk space"));
  g_assert_false (ocs_landing_begin (landing, 0, G_MAXINT64, NULL, &c->plan, &liar));
  g_assert_error (liar, OCS_ERROR, OCS_ERROR_NO_SPACE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/landing/straight", Case, NULL, set_up, test_straight, tear_down);
  g_test_add ("/landing/goes-on", Case, NULL, set_up, test_goes_on, tear_down);
  g_test_add ("/landing/small-begins-anew", Case, NULL, set_up, test_small_begins_anew, tear_down);
  g_test_add ("/landing/sound", Case, NULL, set_up, test_sound, tear_down);
  g_test_add ("/landing/no-more-than-promised", Case, NULL, set_up, test_no_more_than_promised, tear_down);
  g_test_add ("/landing/without-an-end", Case, NULL, set_up, test_without_an_end, tear_down);
  g_test_add ("/landing/from-its-start", Case, NULL, set_up, test_from_its_start, tear_down);
  g_test_add ("/landing/space", Case, NULL, set_up, test_space, tear_down);
  return g_test_run ();
}
