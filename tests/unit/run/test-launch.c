/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "tests/unit/run/scratch.h"
#include "worker/run/launch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  const char *name;
  const char *argv; /* joined by "|"; NULL for an error */
  int code;
} Case;

static const Case cases[] = {
    {"setup.sh", "./setup.sh", 0},
    {"./setup.sh -q", "././setup.sh|-q", 0},
    {"setup.sh --quiet 'a b' c\\ d", "./setup.sh|--quiet|a b|c d", 0},
    {"my tool", "./my tool", 0},
    {"my tool  x", "./my tool|x", 0},
    {"my", NULL, OCS_ERROR_NOT_FOUND},
    {"a-b-1.2 --x", "./a-b-1.2|--x", 0},
    {"a-b", NULL, OCS_ERROR_NOT_FOUND},
    {"sub/in ner x y", "./sub/in ner|x|y", 0},
    {"'my tool' x", "./my tool|x", 0},
    {"\"setup.sh\"", "./setup.sh", 0},
    {"sub", NULL, OCS_ERROR_NOT_FOUND},
    {"nothing -x", NULL, OCS_ERROR_NOT_FOUND},
    {"/bin/sh -c true", NULL, OCS_ERROR_NOT_FOUND},
    {"../outside", NULL, OCS_ERROR_NOT_FOUND},
    {"sub/../setup.sh", NULL, OCS_ERROR_NOT_FOUND},
    {"setup.sh 'unbalanced", NULL, OCS_ERROR_INVALID_DATA},
    {"setup.sh $(id) `id` ; id", "./setup.sh|$(id)|`id`|;|id", 0},
};

static void
test_cases (void)
{
  g_auto (Scratch) scratch = {NULL};
  int tree;

  scratch_open (&scratch);
  scratch_write (&scratch, "outside", "");
  g_assert_cmpint (mkdirat (scratch.fd, "tree", 0755), ==, 0);
  g_assert_cmpint (mkdirat (scratch.fd, "tree/sub", 0755), ==, 0);
  scratch_write (&scratch, "tree/setup.sh", "");
  scratch_write (&scratch, "tree/my tool", "");
  scratch_write (&scratch, "tree/a-b-1.2", "");
  scratch_write (&scratch, "tree/sub/in ner", "");
  tree = openat (scratch.fd, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) argv = ocs_launch_prepare (tree, cases[i].name, &error);
    g_autofree char *joined = argv != NULL ? g_strjoinv ("|", argv) : NULL;

    g_test_message ("%s", cases[i].name);
    g_assert_cmpstr (joined, ==, cases[i].argv);
    if (cases[i].argv == NULL)
      g_assert_error (error, OCS_ERROR, cases[i].code);
    else
      g_assert_no_error (error);
  }
  g_assert_cmpint (faccessat (tree, "setup.sh", X_OK, 0), ==, 0);
  close (tree);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/launch/cases", test_cases);
  return g_test_run ();
}
