/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headers of rpm: the values that count, sizes over 4 GiB, and what is no header. */
#include "worker/inventory/rpmheader.h"
#include <string.h>

static void
put_32 (GByteArray *bytes, guint32 value)
{
  guint32 big = GUINT32_TO_BE (value);
  g_byte_array_append (bytes, (const guint8 *)&big, 4);
}

typedef struct {
  guint32 tag;
  guint32 type;
  guint32 offset;
} Entry;

static GByteArray *
make (const Entry *entries, guint count, const char *store, guint32 size)
{
  GByteArray *bytes = g_byte_array_new ();
  put_32 (bytes, count);
  put_32 (bytes, size);
  for (guint i = 0; i < count; i++) {
    put_32 (bytes, entries[i].tag);
    put_32 (bytes, entries[i].type);
    put_32 (bytes, entries[i].offset);
    put_32 (bytes, 1);
  }
  g_byte_array_append (bytes, (const guint8 *)store, size);
  return bytes;
}

static const char store[] = "name\0001.0\0\0\0\0\001\0\0\0\002\0\0\0\003tail"; /* 0, 5, 9: three numbers, then text without an end */
#define STORE_SIZE (sizeof store - 1)

static void
test_values (void)
{
  static const Entry entries[] = {{1000, 6, 0}, {1001, 6, 5}, {1009, 4, 17}, {1008, 4, 13}, {5009, 5, 9}};
  g_autoptr (GByteArray) bytes = make (entries, G_N_ELEMENTS (entries), store, STORE_SIZE);
  OcsRpmHeader header;
  g_assert_true (ocs_rpmheader_parse (bytes->data, bytes->len, &header));
  g_assert_cmpstr (header.name, ==, "name");
  g_assert_cmpstr (header.version, ==, "1.0");
  g_assert_null (header.release);
  g_assert_cmpint (header.installed, ==, 2);
  g_assert_cmpint (header.size, ==, G_GINT64_CONSTANT (0x100000002)); /* LONGSIZE counts more */
}

static void
test_odd (void)
{
  static const Entry unended[] = {{1000, 6, 0}, {1001, 6, 5}, {1011, 6, 21}, {1004, 4, 0}, {1008, 6, 0}, {1009, 4, 23}, {1022, 6, 900}};
  static const Entry nameless[] = {{1001, 6, 5}};
  g_autoptr (GByteArray) odd = make (unended, G_N_ELEMENTS (unended), store, STORE_SIZE);
  g_autoptr (GByteArray) other = make (nameless, 1, store, STORE_SIZE);
  OcsRpmHeader header;
  g_assert_true (ocs_rpmheader_parse (odd->data, odd->len, &header));
  g_assert_null (header.vendor);  /* not ended */
  g_assert_null (header.summary); /* a number where a text should be */
  g_assert_cmpint (header.installed, ==, 0);
  g_assert_cmpint (header.size, ==, 0); /* cut off */
  g_assert_null (header.architecture);  /* beyond the end */
  g_assert_false (ocs_rpmheader_parse (other->data, other->len, &header));
  for (gsize length = 0; length < odd->len; length++) {
    g_autofree guint8 *cut = g_memdup2 (odd->data, length); /* for the address sanitizer */
    g_assert_false (ocs_rpmheader_parse (cut, length, &header));
  }
}

static void
test_huge_counts (void)
{
  guint8 bytes[64];
  OcsRpmHeader header;
  memset (bytes, 0xFF, sizeof bytes);
  g_assert_false (ocs_rpmheader_parse (bytes, sizeof bytes, &header));
  memset (bytes, 0, sizeof bytes);
  g_assert_false (ocs_rpmheader_parse (bytes, sizeof bytes, &header));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rpmheader/values", test_values);
  g_test_add_func ("/rpmheader/odd", test_odd);
  g_test_add_func ("/rpmheader/huge-counts", test_huge_counts);
  return g_test_run ();
}
