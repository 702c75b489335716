/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "tests/unit/run/scratch.h"
#include "worker/io/tree.h"
#include "worker/run/install.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
make_tree (Scratch *scratch)
{
  scratch_open (scratch);
  g_assert_cmpint (mkdirat (scratch->fd, "tree", 0700), ==, 0);
  g_assert_cmpint (mkdirat (scratch->fd, "tree/sub", 0750), ==, 0);
  g_assert_cmpint (mkdirat (scratch->fd, "tree/empty", 0755), ==, 0);
  scratch_write (scratch, "tree/.dot", "dot");
  scratch_write (scratch, "tree/with space", "space");
  scratch_write (scratch, "tree/sub/nothing", "");
  g_assert_cmpint (fchmodat (scratch->fd, "tree/.dot", 0755, 0), ==, 0);
  g_assert_cmpint (symlinkat ("../.dot", scratch->fd, "tree/sub/link"), ==, 0);
}

static gboolean
install_tree (Scratch *scratch, const char *place, GError **error)
{
  g_autofree char *path = scratch_path (scratch, place);
  int tree = openat (scratch->fd, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean stored = ocs_install (tree, path, error);

  close (tree);
  return stored;
}

static int
mode_of (Scratch *scratch, const char *name)
{
  struct stat info;

  g_assert_cmpint (fstatat (scratch->fd, name, &info, AT_SYMLINK_NOFOLLOW), ==, 0);
  return (int)(info.st_mode & 07777);
}

static void
test_fresh (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *dot = NULL;
  g_autofree char *space = NULL;
  g_autofree char *through = NULL;

  make_tree (&scratch);
  install_tree (&scratch, "new/parents/../place", &error);
  g_assert_no_error (error);
  dot = scratch_read (&scratch, "new/place/.dot");
  space = scratch_read (&scratch, "new/place/with space");
  through = scratch_read (&scratch, "new/place/sub/link");
  g_assert_cmpstr (dot, ==, "dot");
  g_assert_cmpstr (space, ==, "space");
  g_assert_cmpstr (through, ==, "dot");
  g_assert_cmpint (mode_of (&scratch, "new/place"), ==, 0755);
  g_assert_cmpint (mode_of (&scratch, "new/place/.dot"), ==, 0755);
  g_assert_cmpint (mode_of (&scratch, "new/place/sub"), ==, 0750);
  g_assert_true (scratch_has (&scratch, "new/place/empty"));
  g_assert_true (scratch_has (&scratch, "new/place/sub/nothing"));
  g_assert_false (scratch_has (&scratch, "new/place/.ocs-install.tmp"));
  g_assert_false (scratch_has (&scratch, "tree/.dot"));
}

static void
test_over_existing (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *dot = NULL;
  g_autofree char *victim = NULL;
  g_autofree char *other = NULL;

  make_tree (&scratch);
  g_assert_cmpint (mkdirat (scratch.fd, "place", 0711), ==, 0);
  g_assert_cmpint (mkdirat (scratch.fd, "elsewhere", 0700), ==, 0);
  scratch_write (&scratch, "victim", "untouched");
  scratch_write (&scratch, "place/other", "kept");
  scratch_write (&scratch, "place/.ocs-install.tmp", "left by a run that was cut short");
  g_assert_cmpint (symlinkat ("../victim", scratch.fd, "place/.dot"), ==, 0);
  g_assert_cmpint (symlinkat ("../elsewhere", scratch.fd, "place/sub"), ==, 0);
  install_tree (&scratch, "place", &error);
  g_assert_no_error (error);
  dot = scratch_read (&scratch, "place/.dot");
  victim = scratch_read (&scratch, "victim");
  other = scratch_read (&scratch, "place/other");
  g_assert_cmpstr (dot, ==, "dot");
  g_assert_cmpstr (victim, ==, "untouched");
  g_assert_cmpstr (other, ==, "kept");
  g_assert_cmpint (mode_of (&scratch, "place"), ==, 0711);
  g_assert_cmpint (mode_of (&scratch, "elsewhere"), ==, 0700);
  g_assert_true (scratch_has (&scratch, "elsewhere/link"));
}

static void
test_bad (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;
  int tree;

  make_tree (&scratch);
  tree = openat (scratch.fd, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_false (ocs_install (tree, "relative/path", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_false (ocs_install (tree, "", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_false (ocs_install (tree, "/proc/ocs-nowhere", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "/proc/ocs-nowhere"));
  g_clear_error (&error);
  close (tree);
  scratch_write (&scratch, "file", "");
  g_assert_false (install_tree (&scratch, "file", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (mkdirat (scratch.fd, "place", 0755), ==, 0);
  g_assert_cmpint (mkdirat (scratch.fd, "place/.dot", 0755), ==, 0);
  g_assert_false (install_tree (&scratch, "place", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, ".dot"));
}

static void
test_link_stays_a_link (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;

  make_tree (&scratch);
  g_assert_cmpint (symlinkat ("/dev/full", scratch.fd, "tree/device"), ==, 0);
  install_tree (&scratch, "place", &error);
  g_assert_no_error (error); /* a link is stored as a link, never read */
}

#define STRANGER 4242

/* Somebody owns the place, or may write into it: what he made of it leads to his own at most. */
static void
test_links_of_strangers (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;

  if (geteuid () != 0) {
    g_test_skip ("somebody else's link needs root");
    return;
  }
  make_tree (&scratch);
  g_assert_cmpint (mkdirat (scratch.fd, "home", 0755), ==, 0);
  g_assert_cmpint (mkdirat (scratch.fd, "home/place", 0755), ==, 0);
  g_assert_cmpint (mkdirat (scratch.fd, "system", 0755), ==, 0);
  g_assert_cmpint (mkdirat (scratch.fd, "own", 0755), ==, 0);
  g_assert_cmpint (fchownat (scratch.fd, "home", STRANGER, STRANGER, 0), ==, 0);
  g_assert_cmpint (fchownat (scratch.fd, "home/place", STRANGER, STRANGER, 0), ==, 0);
  g_assert_cmpint (fchownat (scratch.fd, "own", STRANGER, STRANGER, 0), ==, 0);
  /* Below the place. */
  g_assert_cmpint (symlinkat ("../../system", scratch.fd, "home/place/sub"), ==, 0);
  g_assert_cmpint (fchownat (scratch.fd, "home/place/sub", STRANGER, STRANGER, AT_SYMLINK_NOFOLLOW), ==, 0);
  g_assert_false (install_tree (&scratch, "home/place", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_DENIED);
  g_clear_error (&error);
  g_assert_false (scratch_has (&scratch, "system/link"));
  /* On the way to it. */
  g_assert_cmpint (symlinkat ("../system", scratch.fd, "home/way"), ==, 0);
  g_assert_cmpint (fchownat (scratch.fd, "home/way", STRANGER, STRANGER, AT_SYMLINK_NOFOLLOW), ==, 0);
  g_assert_false (install_tree (&scratch, "home/way/deeper", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_DENIED);
  g_clear_error (&error);
  g_assert_false (scratch_has (&scratch, "system/deeper"));
  /* To a folder of his own he may. */
  g_assert_cmpint (unlinkat (scratch.fd, "home/place/sub", 0), ==, 0);
  g_assert_cmpint (symlinkat ("../../own", scratch.fd, "home/place/sub"), ==, 0);
  g_assert_cmpint (fchownat (scratch.fd, "home/place/sub", STRANGER, STRANGER, AT_SYMLINK_NOFOLLOW), ==, 0);
  g_assert_true (install_tree (&scratch, "home/place", &error));
  g_assert_no_error (error);
  g_assert_true (scratch_has (&scratch, "own/link"));
}

int
main (int argc, char **argv)
{
  umask (022);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/install/fresh", test_fresh);
  g_test_add_func ("/install/over-existing", test_over_existing);
  g_test_add_func ("/install/bad", test_bad);
  g_test_add_func ("/install/link-stays-a-link", test_link_stays_a_link);
  g_test_add_func ("/install/links-of-strangers", test_links_of_strangers);
  return g_test_run ();
}
