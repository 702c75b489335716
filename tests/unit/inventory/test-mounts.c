/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/mounts.h"
#include <string.h>

static GPtrArray *
parse (const char *text)
{
  gsize length = strlen (text);
  g_autofree char *exact = g_memdup2 (text, length); /* no NUL at the end: the sanitizer sees a byte too many */
  return ocs_mounts_parse (exact, length);
}

static void
assert_mount (const GPtrArray *mounts, guint index, const char *target, const char *source, gboolean is_local)
{
  g_assert_cmpuint (index, <, mounts->len);
  const OcsMount *mount = g_ptr_array_index (mounts, index);
  g_assert_cmpstr (mount->target, ==, target);
  g_assert_cmpstr (mount->source, ==, source);
  g_assert_cmpint (mount->is_local, ==, is_local);
}

static void
test_wanted (void)
{
  g_autoptr (GPtrArray) mounts = parse ("22 27 0:21 / /proc rw - proc proc rw\n"
                                        "27 1 254:0 / / rw shared:1 - ext4 /dev/vda rw\n"
                                        "28 27 254:1 /x\\040y /srv/a\\011b rw - xfs /dev/mapper/vg-\\134x rw\n"
                                        "29 27 7:1 / /snap/core ro - squashfs /dev/loop1 ro\n"
                                        "30 27 0:50 / /run rw - tmpfs tmpfs rw\n"
                                        "31 27 254:0 /etc/hosts /etc/hosts rw - ext4 /dev/vda rw\n"
                                        "32 27 0:51 / /run/user/1/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw\n"
                                        "33 27 0:52 / /run/user/1/doc rw - fuse.portal portal rw\n");
  g_assert_cmpuint (mounts->len, ==, 2);
  assert_mount (mounts, 0, "/", "/dev/vda", TRUE);
  assert_mount (mounts, 1, "/srv/a\tb", "/dev/mapper/vg-\\x", TRUE);
  const OcsMount *second = g_ptr_array_index (mounts, 1);
  g_assert_cmpstr (second->root, ==, "/x y");
  g_assert_cmpstr (second->type, ==, "xfs");
  g_assert_cmpuint (second->major, ==, 254);
  g_assert_cmpuint (second->minor, ==, 1);
}

/* Nothing below a network or user file system is asked, whatever it is itself; "/network" is not below "/net". */
static void
test_remote (void)
{
  g_autoptr (GPtrArray) mounts = parse ("1 0 254:0 / / rw - ext4 /dev/vda rw\n"
                                        "2 1 0:40 / /net rw - nfs4 s:/x rw\n"
                                        "3 2 8:1 / /net/disk rw - ext4 /dev/sda1 rw\n"
                                        "4 1 8:2 / /network rw - ext4 /dev/sda2 rw\n"
                                        "5 1 0:41 / /far rw - fuse.sshfs me@far: rw\n"
                                        "6 1 8:3 / /win rw - fuseblk /dev/sda3 rw\n"
                                        "7 1 0:42 / /share rw - cifs //s/share rw\n"
                                        "8 1 8:4 / /hidden rw - ext4 /dev/sda4 rw\n"
                                        "9 8 0:43 / /hidden rw - nfs s:/h rw\n");
  g_assert_cmpuint (mounts->len, ==, 8);
  assert_mount (mounts, 0, "/", "/dev/vda", TRUE);
  assert_mount (mounts, 1, "/net", "s:/x", FALSE);
  assert_mount (mounts, 2, "/net/disk", "/dev/sda1", FALSE);
  assert_mount (mounts, 3, "/network", "/dev/sda2", TRUE);
  assert_mount (mounts, 4, "/far", "me@far:", FALSE);
  assert_mount (mounts, 5, "/win", "/dev/sda3", FALSE);
  assert_mount (mounts, 6, "/share", "//s/share", FALSE);
  assert_mount (mounts, 7, "/hidden", "s:/h", FALSE);
}

static void
test_garbage (void)
{
  static const char *const texts[] = {"",
                                      "\n\n\n",
                                      "27",
                                      "27 1 254:0 /",
                                      "27 1 254:0 / / rw - \n",
                                      "27 1 254:0 / / rw shared:1 ext4 /dev/vda rw\n",
                                      "a b c:d / / rw - ext4 /dev/vda rw\n",
                                      "27 1 99999999999999:1 / / rw - ext4 /dev/vda rw\n",
                                      "27 1 254:0 \\777 \\0 rw - \\ \\ \\\n",
                                      "\xff\xfe\x80 - - - - -\n"};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GPtrArray) mounts = parse (texts[i]);
    g_assert_nonnull (mounts);
  }
  static const char with_nul[] = "27 1 254:0 / /a\0b rw - ext4 /dev/vda rw\n28 1 254:1 / /good rw - ext4 /dev/vdb rw\n";
  g_autoptr (GPtrArray) mounts = ocs_mounts_parse (with_nul, sizeof with_nul - 1);
  g_assert_cmpuint (mounts->len, <=, 2);
}

/* A bad line costs that line only. */
static void
test_bad_line (void)
{
  g_autoptr (GPtrArray) mounts =
      parse ("27 1 254:0 / / rw - ext4 /dev/vda rw\nnonsense\n28 27 254:1 / /srv rw - ext4 /dev/vdb rw\n29 27 25");
  g_assert_cmpuint (mounts->len, ==, 2);
  assert_mount (mounts, 1, "/srv", "/dev/vdb", TRUE);
}

static void
test_cap (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < OCS_MOUNTS_MAX + 10; i++)
    g_string_append_printf (text, "%u 1 8:%u / /m%u rw - ext4 /dev/sda rw\n", i, i, i);
  g_autoptr (GPtrArray) mounts = parse (text->str);
  g_assert_cmpuint (mounts->len, ==, OCS_MOUNTS_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mounts/wanted", test_wanted);
  g_test_add_func ("/mounts/remote", test_remote);
  g_test_add_func ("/mounts/garbage", test_garbage);
  g_test_add_func ("/mounts/bad-line", test_bad_line);
  g_test_add_func ("/mounts/cap", test_cap);
  return g_test_run ();
}
