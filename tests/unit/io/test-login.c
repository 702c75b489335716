/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/login.h"
#include "worker/io/tree.h"
#include <glib/gstdio.h>

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* The form of logind 252: /run/systemd/users/UID. */
static void
test_sessions (void)
{
  g_autofree char *run = g_dir_make_tmp ("ocs-login-XXXXXX", NULL);
  g_autofree char *users = g_build_filename (run, "users", NULL);
  g_autofree char *sessions = g_build_filename (run, "sessions", NULL);

  g_assert_cmpint (g_mkdir (users, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (sessions, 0700), ==, 0);
  put (users, "1000",
       "# This is private data. Do not parse.\nNAME=ada\nSTATE=active\nSEATS=seat0\nACTIVE_SEATS=seat0\nACTIVE_SESSIONS=2\n");
  put (users, "1001", "NAME=bob\nSTATE=online\nSEATS=\nACTIVE_SEATS=\nONLINE_SESSIONS=7\nACTIVE_SESSIONS=7\n");
  put (users, "1002", "NAME=cleo\nSTATE=lingering\nSEATS=\nACTIVE_SEATS=\nONLINE_SESSIONS=\nACTIVE_SESSIONS=\n");
  put (users, "1003", "");
  put (users, "1004", "NAME=dan\nONLINE_SESSIONS=7 c9\nACTIVE_SESSIONS=c9\n");
  put (users, "1005", "NAME=gdm\nONLINE_SESSIONS=c1\n");
  put (users, "1006", "NAME=eve\nONLINE_SESSIONS=../users/1004 c404\n");
  put (sessions, "7", "UID=1001\nTYPE=tty\nCLASS=user\n");
  put (sessions, "c9", "UID=1004\nACTIVE=1\nREMOTE=1\nTYPE=x11\nCLASS=user\n");
  put (sessions, "c1", "UID=1005\nTYPE=wayland\nCLASS=greeter\n");
  g_assert_cmpint (ocs_login_session (users, 1000), ==, OCS_RIGHTS_SEAT);
  g_assert_cmpint (ocs_login_session (users, 1001), ==, OCS_RIGHTS_PERSON);
  g_assert_cmpint (ocs_login_session (users, 1002), ==, OCS_RIGHTS_ANY);
  g_assert_cmpint (ocs_login_session (users, 1003), ==, OCS_RIGHTS_ANY);
  g_assert_cmpint (ocs_login_session (users, 1004), ==, OCS_RIGHTS_GRAPHICAL);
  g_assert_cmpint (ocs_login_session (users, 1005), ==, OCS_RIGHTS_PERSON);
  g_assert_cmpint (ocs_login_session (users, 1006), ==, OCS_RIGHTS_PERSON);
  g_assert_cmpint (ocs_login_session (users, 4242), ==, OCS_RIGHTS_ANY);
  g_assert_cmpint (ocs_login_session ("/nowhere", 1000), ==, OCS_RIGHTS_ANY);
  g_assert_true (ocs_tree_remove_path (run, NULL));
}

static void
test_administrators (void)
{
  OcsPeer peer = {.uid = 0};

  g_assert_cmpint (ocs_login_rights (&peer, (gid_t)-1), ==, OCS_RIGHTS_ADMIN);
  peer.uid = 64999;
  peer.gid = 64999;
  g_assert_cmpint (ocs_login_rights (&peer, (gid_t)-1), ==, OCS_RIGHTS_ANY);
  g_assert_cmpint (ocs_login_rights (&peer, 64000), ==, OCS_RIGHTS_ANY);
  peer.groups[0] = 64000;
  peer.n_groups = 1;
  g_assert_cmpint (ocs_login_rights (&peer, 64000), ==, OCS_RIGHTS_ADMIN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/login/sessions", test_sessions);
  g_test_add_func ("/login/administrators", test_administrators);
  return g_test_run ();
}
