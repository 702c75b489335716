/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/edid.h"
#include <string.h>

static void
seal (guint8 *block)
{
  guint8 sum = 0;
  for (guint i = 0; i < OCS_EDID_BLOCK - 1; i++)
    sum = (guint8)(sum + block[i]);
  block[OCS_EDID_BLOCK - 1] = (guint8)-sum;
}

static void
put_text (guint8 *at, guint8 tag, const char *text)
{
  memset (at, 0, 5);
  at[3] = tag;
  memset (at + 5, ' ', 13);
  memcpy (at + 5, text, strlen (text));
  if (strlen (text) < 13)
    at[5 + strlen (text)] = '\n';
}

/* A Dell, made in week 12 of 2019, with a name and a serial number. */
static void
base (guint8 block[OCS_EDID_BLOCK])
{
  static const guint8 head[] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x10, 0xAC, 0xA8,
                                0x41, 0x32, 0x31, 0x4C, 0x4C, 12,   29,   1,    4,    0x80};
  memset (block, 0, OCS_EDID_BLOCK);
  memcpy (block, head, sizeof head);
  block[54] = 1; /* a timing */
  put_text (block + 72, 0xFF, "7MT01");
  put_text (block + 90, 0xFC, "DELL U2719D");
  seal (block);
}

static void
test_parse (void)
{
  guint8 block[OCS_EDID_BLOCK];
  base (block);
  g_autoptr (OcsEdid) edid = ocs_edid_parse (block, sizeof block);
  g_assert_nonnull (edid);
  g_autofree char *model = ocs_edid_model (edid);
  g_autofree char *serial = ocs_edid_serial (edid);
  g_assert_cmpstr (edid->vendor, ==, "DEL");
  g_assert_cmpuint (edid->product, ==, 0x41A8);
  g_assert_cmpuint (edid->number, ==, 0x4C4C3132);
  g_assert_cmpuint (edid->week, ==, 12);
  g_assert_cmpuint (edid->year, ==, 2019);
  g_assert_true (edid->is_digital);
  g_assert_cmpstr (model, ==, "DELL U2719D");
  g_assert_cmpstr (serial, ==, "7MT01");
}

static void
test_fallbacks (void)
{
  guint8 block[OCS_EDID_BLOCK];
  base (block);
  memset (block + 54, 0, 72);
  block[16] = 0xFF; /* the year is that of the model */
  seal (block);
  g_autoptr (OcsEdid) plain = ocs_edid_parse (block, sizeof block);
  g_autofree char *model = ocs_edid_model (plain);
  g_autofree char *number = ocs_edid_serial (plain);
  g_assert_cmpstr (model, ==, "DEL 41a8");
  g_assert_cmpstr (number, ==, "1280061746");
  g_assert_cmpuint (plain->week, ==, 0);
  put_text (block + 72, 0xFE, "AUO");
  put_text (block + 90, 0xFE, "B140HAN05.7XY");
  put_text (block + 108, 0xFF, "0000");
  memset (block + 12, 1, 4);
  seal (block);
  g_autoptr (OcsEdid) panel = ocs_edid_parse (block, sizeof block);
  g_autofree char *text = ocs_edid_model (panel);
  g_assert_cmpstr (text, ==, "B140HAN05.7XY");
  g_assert_null (ocs_edid_serial (panel));
}

/* More than 256 bytes, which the Unix agent leaves out: the serial number is in the third block, the name in the fourth. */
static void
test_extensions (void)
{
  guint8 blocks[4 * OCS_EDID_BLOCK] = {0};
  base (blocks);
  memset (blocks + 54, 0, 72);
  blocks[126] = 3;
  seal (blocks);
  guint8 *damaged = blocks + OCS_EDID_BLOCK;
  damaged[0] = 0x02;
  damaged[2] = 4;
  put_text (damaged + 4, 0xFF, "WRONG");
  guint8 *cta = damaged + OCS_EDID_BLOCK;
  cta[0] = 0x02;
  cta[2] = 4;
  put_text (cta + 4, 0xFF, "SN-9");
  seal (cta);
  guint8 *displayid = cta + OCS_EDID_BLOCK;
  displayid[0] = 0x70;
  displayid[2] = 3 + 12 + 6;
  displayid[7] = 12 + 6;
  displayid[8 + 11] = 6;
  memcpy (displayid + 8 + 12, "Wide49", 6);
  seal (displayid);
  g_autoptr (OcsEdid) edid = ocs_edid_parse (blocks, sizeof blocks);
  g_assert_cmpstr (edid->serial, ==, "SN-9");
  g_assert_cmpstr (edid->name, ==, "Wide49");
}

static void
test_refused (void)
{
  guint8 block[OCS_EDID_BLOCK];
  base (block);
  g_assert_null (ocs_edid_parse (NULL, 0));
  g_assert_null (ocs_edid_parse (block, sizeof block - 1));
  block[20] ^= 1; /* the sum is wrong now */
  g_assert_null (ocs_edid_parse (block, sizeof block));
  base (block);
  block[1] = 0;
  seal (block);
  g_assert_null (ocs_edid_parse (block, sizeof block));
  base (block);
  block[8] = block[9] = 0; /* no letters */
  seal (block);
  g_assert_null (ocs_edid_parse (block, sizeof block));
}

/* Copied to the exact size, so that the sanitizer sees any byte read past it. */
static void
test_garbage (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  for (guint round = 0; round < 5000; round++) {
    gsize length = (gsize)g_rand_int_range (random, 1, 5) * OCS_EDID_BLOCK;
    g_autofree guint8 *blocks = g_malloc0 (length);
    base (blocks);
    for (gsize at = OCS_EDID_BLOCK; at < length; at += OCS_EDID_BLOCK) {
      for (guint i = 1; i < OCS_EDID_BLOCK - 1; i++)
        blocks[at + i] = (guint8)g_rand_int (random);
      blocks[at] = round % 2 == 0 ? 0x02 : 0x70;
      seal (blocks + at);
    }
    for (guint i = 0; i < 20; i++)
      blocks[g_rand_int_range (random, 8, 126)] = (guint8)g_rand_int (random);
    seal (blocks);
    g_autoptr (OcsEdid) edid = ocs_edid_parse (blocks, length);
    g_autofree char *model = edid == NULL ? NULL : ocs_edid_model (edid);
    g_autofree char *serial = edid == NULL ? NULL : ocs_edid_serial (edid);
    g_assert_true (model == NULL || (strlen (model) < 14 && g_str_is_ascii (model)));
    g_assert_true (serial == NULL || (strlen (serial) < 14 && g_str_is_ascii (serial)));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edid/parse", test_parse);
  g_test_add_func ("/edid/fallbacks", test_fallbacks);
  g_test_add_func ("/edid/extensions", test_extensions);
  g_test_add_func ("/edid/refused", test_refused);
  g_test_add_func ("/edid/garbage", test_garbage);
  return g_test_run ();
}
