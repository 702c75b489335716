/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/durable.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder;    /* owned */
  char *file;      /* owned */
  char *temporary; /* owned */
  char *other;     /* owned; what somebody wants to be written, or to read along */
} Case;

static void
set_up (Case *c, gconstpointer data)
{
  c->folder = g_dir_make_tmp ("ocs-durable-XXXXXX", NULL);
  c->file = g_build_filename (c->folder, "state.json", NULL);
  c->temporary = g_build_filename (c->folder, "state.json.tmp", NULL);
  c->other = g_build_filename (c->folder, "other", NULL);
}

static void
tear_down (Case *c, gconstpointer data)
{
  g_unlink (c->file);
  g_unlink (c->temporary);
  g_unlink (c->other);
  g_rmdir (c->folder);
  g_free (c->folder);
  g_free (c->file);
  g_free (c->temporary);
  g_free (c->other);
}

static void
assert_written (Case *c)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_true (ocs_durable_write_path (c->file, "new", &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (c->file, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "new");
  g_assert_cmpint (g_lstat (c->file, &info), ==, 0);
  g_assert_true (S_ISREG (info.st_mode));
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_access (c->temporary, F_OK), !=, 0);
}

static void
test_twice (Case *c, gconstpointer data)
{
  assert_written (c);
  assert_written (c);
}

/* A crash left it. */
static void
test_leftover (Case *c, gconstpointer data)
{
  g_assert_true (g_file_set_contents (c->temporary, "half of something that was longer", -1, NULL));
  assert_written (c);
}

/* A second name of somebody's own file, readable to all: he would have what is written. */
static void
test_planted_file (Case *c, gconstpointer data)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (c->other, "old", -1, NULL));
  g_assert_cmpint (g_chmod (c->other, 0666), ==, 0);
  g_assert_cmpint (link (c->other, c->temporary), ==, 0);
  assert_written (c);
  g_assert_true (g_file_get_contents (c->other, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
}

static void
test_planted_link (Case *c, gconstpointer data)
{
  g_assert_cmpint (symlink (c->other, c->temporary), ==, 0);
  assert_written (c);
  g_assert_cmpint (g_access (c->other, F_OK), !=, 0);
}

/* Opening one without a reader would wait for ever: the whole worker with it. */
static void
test_planted_pipe (Case *c, gconstpointer data)
{
  g_assert_cmpint (mkfifo (c->temporary, 0666), ==, 0);
  alarm (20);
  assert_written (c);
  alarm (0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/durable-planted/twice", Case, NULL, set_up, test_twice, tear_down);
  g_test_add ("/durable-planted/leftover", Case, NULL, set_up, test_leftover, tear_down);
  g_test_add ("/durable-planted/planted-file", Case, NULL, set_up, test_planted_file, tear_down);
  g_test_add ("/durable-planted/planted-link", Case, NULL, set_up, test_planted_link, tear_down);
  g_test_add ("/durable-planted/planted-pipe", Case, NULL, set_up, test_planted_pipe, tear_down);
  return g_test_run ();
}
