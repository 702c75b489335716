/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/smbios.h"
#include <string.h>

/* type 1, length 0x1B, handle 0x0100, strings "ACME", "Box", "1.0", "SN-1"; then type 17 with a filler as its serial number; end. */
static const guint8 table[] = {
    1,    0x1B, 0x00, 0x01, 1,   2,   3,    4,    0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xAA, 0xBB, 0xCC,
    0xDD, 0xEE, 0xFF, 6,    0,   0,   'A',  'C',  'M',  'E',  0,    'B',  'o',  'x',  0,    '1',  '.',  '0',  0,    'S',  'N',
    '-',  '1',  0,    0,    17,  8,   0x00, 0x11, 0x34, 0x12, 1,    9,    'T',  'o',  ' ',  'B',  'e',  ' ',  'F',  'i',  'l',
    'l',  'e',  'd',  ' ',  'B', 'y', ' ',  'O',  '.',  'E',  '.',  'M',  '.',  0,    0,    127,  4,    0xFF, 0xFE, 0,    0,
};

static void
test_parse (void)
{
  g_autoptr (OcsSmbios) smbios = ocs_smbios_parse (table, sizeof table, "_SM3_\0\0\3\2", 9);
  g_assert_cmpuint (smbios->version, ==, 0x0302);
  g_assert_cmpuint (smbios->entries->len, ==, 2);
  const OcsSmbiosEntry *system = ocs_smbios_find (smbios, 1, 0);
  g_assert_cmpstr (ocs_smbios_string (system, 4), ==, "ACME");
  g_assert_cmpstr (ocs_smbios_string (system, 5), ==, "Box");
  g_assert_cmpstr (ocs_smbios_string (system, 7), ==, "SN-1");
  g_assert_null (ocs_smbios_string (system, 0x19));
  g_assert_null (ocs_smbios_find (smbios, 1, 1));
  g_assert_true (ocs_smbios_by_handle (smbios, 0x0100) == system);
  g_assert_null (ocs_smbios_by_handle (smbios, 0x0101));
  const OcsSmbiosEntry *memory = ocs_smbios_find (smbios, 17, 0);
  g_assert_null (ocs_smbios_string (memory, 6)); /* a filler */
  g_assert_null (ocs_smbios_string (memory, 7)); /* a number without a string */
  g_assert_cmpuint (ocs_smbios_u16 (memory, 4), ==, 0x1234);
}

static void
test_bounds (void)
{
  g_autoptr (OcsSmbios) smbios = ocs_smbios_parse (table, sizeof table, NULL, 0);
  const OcsSmbiosEntry *memory = ocs_smbios_find (smbios, 17, 0);
  g_assert_cmpuint (ocs_smbios_u8 (memory, 8), ==, 0);
  g_assert_cmpuint (ocs_smbios_u16 (memory, 7), ==, 0);
  g_assert_cmpuint (ocs_smbios_u32 (memory, 5), ==, 0);
  g_assert_cmpuint (ocs_smbios_u32 (NULL, 0), ==, 0);
  g_assert_null (ocs_smbios_string (NULL, 4));
  g_assert_null (ocs_smbios_find (NULL, 1, 0));
  g_assert_null (ocs_smbios_uuid (NULL));
}

static void
test_uuid (void)
{
  g_autoptr (OcsSmbios) modern = ocs_smbios_parse (table, sizeof table, "_SM_\0\0\2\10", 8);
  g_autofree char *little = ocs_smbios_uuid (modern);
  g_assert_cmpuint (modern->version, ==, 0x0208);
  g_assert_cmpstr (little, ==, "00112233-4455-6677-8899-aabbccddeeff");
  g_autoptr (OcsSmbios) old = ocs_smbios_parse (table, sizeof table, "_SM_\0\0\2\4", 8);
  g_autofree char *big = ocs_smbios_uuid (old);
  g_assert_cmpstr (big, ==, "33221100-5544-7766-8899-aabbccddeeff");
  guint8 unset[sizeof table];
  memcpy (unset, table, sizeof table);
  memset (unset + 8, 0xFF, 16);
  g_autoptr (OcsSmbios) none = ocs_smbios_parse (unset, sizeof unset, NULL, 0);
  g_assert_null (ocs_smbios_uuid (none));
}

static void
walk (const OcsSmbios *smbios)
{
  for (guint i = 0; i < smbios->entries->len; i++) {
    const OcsSmbiosEntry *entry = &g_array_index (smbios->entries, OcsSmbiosEntry, i);
    for (gsize at = 0; at < 300; at++) {
      const char *text = ocs_smbios_string (entry, at);
      g_assert_cmpuint (text == NULL ? 0 : strlen (text), <, 4096);
      ocs_smbios_u32 (entry, at);
    }
  }
  g_autofree char *uuid = ocs_smbios_uuid (smbios);
  g_assert_true (uuid == NULL || strlen (uuid) == 36);
}

/* The parser copies the table to the exact size, so the sanitizer sees any byte read past it. */
static void
test_truncated (void)
{
  for (gsize length = 0; length <= sizeof table; length++) {
    g_autoptr (OcsSmbios) smbios = ocs_smbios_parse (table, length, "_SM3_", MIN (length, 5));
    walk (smbios);
  }
}

static void
test_damaged (void)
{
  static const gsize lengths[] = {0, 3, 20, 60, sizeof table};
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autoptr (OcsSmbios) smbios = ocs_smbios_parse (table, lengths[i], NULL, 0);
    g_assert_cmpint (ocs_smbios_is_damaged (smbios), ==, lengths[i] < sizeof table);
    g_assert_cmpuint (smbios->entries->len, ==, lengths[i] < 45 ? 0 : lengths[i] < sizeof table ? 1 : 2);
  }
}

static void
test_garbage (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  for (guint round = 0; round < 2000; round++) {
    guint8 bytes[sizeof table];
    memcpy (bytes, table, sizeof table);
    for (guint i = 0; i < 6; i++)
      bytes[g_rand_int_range (random, 0, sizeof table)] = (guint8)g_rand_int (random);
    g_autoptr (OcsSmbios) smbios = ocs_smbios_parse (bytes, sizeof bytes, NULL, 0);
    walk (smbios);
  }
}

static void
test_meaningful (void)
{
  g_assert_cmpstr (ocs_smbios_meaningful ("  CZC1234"), ==, "CZC1234");
  g_assert_cmpstr (ocs_smbios_meaningful ("100-200"), ==, "100-200");
  g_assert_null (ocs_smbios_meaningful ("Default string"));
  g_assert_null (ocs_smbios_meaningful ("To be filled by O.E.M."));
  g_assert_null (ocs_smbios_meaningful ("0000000000"));
  g_assert_null (ocs_smbios_meaningful ("   "));
  g_assert_null (ocs_smbios_meaningful (""));
  g_assert_null (ocs_smbios_meaningful (NULL));
}

static void
test_chassis (void)
{
  g_assert_cmpstr (ocs_smbios_chassis_name (0x8A), ==, "Notebook");
  g_assert_cmpstr (ocs_smbios_chassis_name (36), ==, "Stick PC");
  g_assert_null (ocs_smbios_chassis_name (0));
  g_assert_null (ocs_smbios_chassis_name (0x7F));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smbios/parse", test_parse);
  g_test_add_func ("/smbios/bounds", test_bounds);
  g_test_add_func ("/smbios/uuid", test_uuid);
  g_test_add_func ("/smbios/truncated", test_truncated);
  g_test_add_func ("/smbios/damaged", test_damaged);
  g_test_add_func ("/smbios/garbage", test_garbage);
  g_test_add_func ("/smbios/meaningful", test_meaningful);
  g_test_add_func ("/smbios/chassis", test_chassis);
  return g_test_run ();
}
