/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "tests/unit/run/scratch.h"
#include "worker/io/tree.h"
#include "worker/run/extract.h"

#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const OcsExtractLimits wide = {.bytes = 1 << 26, .entries = 1000};

static gboolean
extract_bytes (Scratch *scratch, GByteArray *bytes, guint count, const OcsExtractLimits *limits, GError **error)
{
  int target = ocs_tree_open (scratch->fd, "run", NULL);
  g_autoptr (OcsFragments) fragments = NULL;
  gboolean unpacked;

  scratch_cut (scratch, ".", "7", bytes, count);
  fragments = ocs_fragments_open (scratch->fd, "7", count, NULL);
  g_assert_nonnull (fragments);
  unpacked = ocs_extract (fragments, target, limits, error);
  close (target);
  return unpacked;
}

static gboolean
extract_items (Scratch *scratch, const Item *items, ScratchFormat format, GError **error)
{
  g_autoptr (GByteArray) bytes = scratch_pack (items, format);

  return extract_bytes (scratch, bytes, 3, &wide, error);
}

static int
mode_of (Scratch *scratch, const char *name)
{
  struct stat info;

  g_assert_cmpint (fstatat (scratch->fd, name, &info, AT_SYMLINK_NOFOLLOW), ==, 0);
  return (int)(info.st_mode & 07777);
}

static void
test_format (gconstpointer data)
{
  static const Item items[] = {
      {'d', "./", NULL},
      {'d', "./sub", NULL},
      {'f', "./sub/tool", "#!/bin/sh\n", 0755},
      {'f', "sub/.hidden", "dot", 0640},
      {'f', "pa ck-age.txt", "text"},
      {'f', "gr\xc3\xbc\xc3\x9f.txt", "unicode"},
      {'l', "sub/up", "../pa ck-age.txt"},
      {0},
  };
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *after = NULL;
  g_autofree char *text = NULL;
  struct stat info;

  scratch_open (&scratch);
  extract_items (&scratch, items, GPOINTER_TO_INT (data), &error);
  g_assert_no_error (error);
  text = scratch_read (&scratch, "run/sub/up");
  g_assert_cmpstr (text, ==, "text");
  g_assert_cmpint (mode_of (&scratch, "run/sub/tool"), ==, 0755);
  g_assert_cmpint (mode_of (&scratch, "run/sub/.hidden"), ==, 0640);
  g_assert_true (scratch_has (&scratch, "run/gr\xc3\xbc\xc3\x9f.txt"));
  g_assert_cmpint (fstatat (scratch.fd, "run/sub", &info, 0), ==, 0);
  g_assert_cmpint (info.st_mtime, ==, 1600000000);
  after = g_get_current_dir ();
  g_assert_cmpstr (before, ==, after);
}

/* One byte a fragment: no boundary is special. */
static void
test_many_fragments (void)
{
  static const Item items[] = {{'f', "a", "some text"}, {'f', "b", "other text"}, {0}};
  g_autoptr (GByteArray) bytes = scratch_pack (items, SCRATCH_TAR_GZIP);
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  scratch_open (&scratch);
  extract_bytes (&scratch, bytes, bytes->len, &wide, &error);
  g_assert_no_error (error);
  text = scratch_read (&scratch, "run/b");
  g_assert_cmpstr (text, ==, "other text");
}

typedef struct {
  const char *name;
  Item items[5];
} Evil;

/* Each must be refused, and nothing may appear beside the folder "run". */
static const Evil evils[] = {
    {"dotdot", {{'f', "../stolen", "x"}}},
    {"dotdot-inside", {{'d', "a", NULL}, {'f', "a/../../stolen", "x"}}},
    {"dotdot-harmless", {{'d', "a", NULL}, {'f', "a/../b", "x"}}},
    {"absolute", {{'f', "/tmp/ocs-test-absolute", "x"}}},
    {"symlink-absolute", {{'l', "s", "/etc/passwd"}}},
    {"symlink-up", {{'l', "s", ".."}}},
    {"symlink-up-deep", {{'d', "a", NULL}, {'l', "a/s", "../../x"}}},
    {"symlink-back", {{'d', "a", NULL}, {'l', "a/s", "b/.."}}},
    {"symlink-then-write", {{'l', "s", ".."}, {'f', "s/stolen", "x"}}},
    {"symlink-inside-then-write", {{'d', "a", NULL}, {'l', "s", "a"}, {'f', "s/through", "x"}}},
    {"hardlink-dotdot", {{'h', "h", "../7-1"}}},
    {"hardlink-absolute", {{'h', "h", "/etc/passwd"}}},
    {"hardlink-missing", {{'h', "h", "nothing"}}},
    {"hardlink-to-symlink", {{'d', "a", NULL}, {'l', "a/s", "../x"}, {'h', "h", "a/s"}}},
    {"hardlink-through-symlink", {{'d', "a", NULL}, {'f', "a/f", "x"}, {'l', "s", "a"}, {'h', "h", "s/f"}}},
    {"device", {{'c', "null", NULL}}},
    {"pipe", {{'p', "fifo", NULL}}},
};

static void
test_evil (gconstpointer data)
{
  const Evil *evil = data;
  Item items[G_N_ELEMENTS (evil->items) + 1] = {{0}};
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;

  memcpy (items, evil->items, sizeof evil->items);
  scratch_open (&scratch);
  g_assert_false (extract_items (&scratch, items, SCRATCH_TAR_GZIP, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_assert_false (scratch_has (&scratch, "stolen"));
  g_assert_false (scratch_has (&scratch, "run/h"));
  g_assert_false (scratch_has (&scratch, "run/a/through"));
  g_assert_false (g_file_test ("/tmp/ocs-test-absolute", G_FILE_TEST_EXISTS));
}

static void
test_modes (void)
{
  static const Item items[] = {
      {'f', "setuid", "x", 06755},  {'d', "sticky", NULL, 03777}, {'d', "closed", NULL, 0500},
      {'f', "closed/f", "x", 0200}, {'h', "twin", "setuid"},      {0},
  };
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;

  scratch_open (&scratch);
  extract_items (&scratch, items, SCRATCH_TAR, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mode_of (&scratch, "run/setuid"), ==, 0755);
  g_assert_cmpint (mode_of (&scratch, "run/sticky"), ==, 0777);
  g_assert_cmpint (mode_of (&scratch, "run/closed"), ==, 0700);
  g_assert_cmpint (mode_of (&scratch, "run/closed/f"), ==, 0600);
  g_assert_cmpint (mode_of (&scratch, "run/twin"), ==, 0755);
}

static void
test_bomb (void)
{
  g_autofree char *zeros = g_strnfill (1 << 20, '0');
  const Item items[] = {{'f', "a", zeros}, {'f', "b", zeros}, {0}};
  g_autoptr (GByteArray) bytes = scratch_pack (items, SCRATCH_TAR_GZIP);
  const OcsExtractLimits small = {.bytes = (1 << 20) + 1000, .entries = 10};
  const OcsExtractLimits few = {.bytes = 1 << 26, .entries = 1};
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (GError) error = NULL;

  scratch_open (&scratch);
  g_assert_cmpuint (bytes->len, <, 10000);
  g_assert_false (extract_bytes (&scratch, bytes, 1, &small, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_false (extract_bytes (&scratch, bytes, 1, &few, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE);
}

/* Cut short, or with a byte changed: an error or, where only padding was hit, the right content; never a crash. */
static void
test_broken (gconstpointer data)
{
  static const Item items[] = {{'f', "a", "the content of the file"}, {0}};
  g_autoptr (GByteArray) bytes = scratch_pack (items, GPOINTER_TO_INT (data));
  gsize step = MAX (bytes->len / 60, 1);

  for (gsize at = 0; at < bytes->len; at += step) {
    g_autoptr (GByteArray) copy = g_byte_array_new ();
    g_auto (Scratch) scratch = {NULL};
    g_autoptr (GError) error = NULL;

    scratch_open (&scratch);
    g_byte_array_append (copy, bytes->data, (guint)at);
    g_assert_cmpint (extract_bytes (&scratch, copy, 1, &wide, &error), ==, error == NULL);
    g_clear_error (&error);
    g_byte_array_append (copy, bytes->data + at, (guint)(bytes->len - at));
    copy->data[at] ^= 0x55;
    g_assert_cmpint (extract_bytes (&scratch, copy, 1, &wide, &error), ==, error == NULL);
  }
}

static void
test_no_archive (void)
{
  static const char *const contents[] = {"", "#!/bin/sh\necho hello\n", "<html><body>Access denied</body></html>"};

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_auto (Scratch) scratch = {NULL};
    g_autoptr (GError) error = NULL;

    scratch_open (&scratch);
    g_byte_array_append (bytes, (const guint8 *)contents[i], (guint)strlen (contents[i]));
    if (extract_bytes (&scratch, bytes, 1, &wide, &error))
      g_test_fail_printf ("taken for an archive: %s", contents[i]);
    else
      g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  }
}

static void
test_names (void)
{
  g_assert_true (ocs_extract_name_is_inside ("a/b"));
  g_assert_true (ocs_extract_name_is_inside ("./..a/b.."));
  g_assert_false (ocs_extract_name_is_inside (""));
  g_assert_false (ocs_extract_name_is_inside ("/a"));
  g_assert_false (ocs_extract_name_is_inside ("a/.."));
  g_assert_true (ocs_extract_symlink_is_inside ("s", "t"));
  g_assert_true (ocs_extract_symlink_is_inside ("a/b/s", "../../t"));
  g_assert_false (ocs_extract_symlink_is_inside ("a/b/s", "../../../t"));
  g_assert_false (ocs_extract_symlink_is_inside ("a//./s", "../../t"));
  g_assert_false (ocs_extract_symlink_is_inside ("s", ""));
  g_assert_false (ocs_extract_symlink_is_inside ("s", ".."));
  g_assert_false (ocs_extract_symlink_is_inside ("a/s", "x/../.."));
}

static void
test_space (void)
{
  OcsExtractLimits limits = {0};
  g_auto (Scratch) scratch = {NULL};

  scratch_open (&scratch);
  ocs_extract_limits_from_space (scratch.fd, &limits);
  g_assert_cmpuint (limits.bytes, >, 0);
  g_assert_cmpuint (limits.entries, >, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    ScratchFormat format;
  } formats[] = {
      {"tar", SCRATCH_TAR}, {"tar.gz", SCRATCH_TAR_GZIP}, {"tar.xz", SCRATCH_TAR_XZ}, {"tar.zst", SCRATCH_TAR_ZSTD}, {"zip", SCRATCH_ZIP}};

  setlocale (LC_CTYPE, "C.UTF-8");
  umask (022);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree char *good = g_strconcat ("/extract/format/", formats[i].name, NULL);
    g_autofree char *broken = g_strconcat ("/extract/broken/", formats[i].name, NULL);

    g_test_add_data_func (good, GINT_TO_POINTER (formats[i].format), test_format);
    g_test_add_data_func (broken, GINT_TO_POINTER (formats[i].format), test_broken);
  }
  for (guint i = 0; i < G_N_ELEMENTS (evils); i++) {
    g_autofree char *path = g_strconcat ("/extract/evil/", evils[i].name, NULL);

    g_test_add_data_func (path, &evils[i], test_evil);
  }
  g_test_add_func ("/extract/many-fragments", test_many_fragments);
  g_test_add_func ("/extract/modes", test_modes);
  g_test_add_func ("/extract/bomb", test_bomb);
  g_test_add_func ("/extract/no-archive", test_no_archive);
  g_test_add_func ("/extract/names", test_names);
  g_test_add_func ("/extract/space", test_space);
  return g_test_run ();
}
