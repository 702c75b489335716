/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/makers.h"

static void
test_models (void)
{
  g_assert_cmpstr (ocs_maker_of_model ("WDC WD10SPZX-22Z10T1"), ==, "Western Digital");
  g_assert_cmpstr (ocs_maker_of_model ("WDS500G3X0C"), ==, "Western Digital");
  g_assert_cmpstr (ocs_maker_of_model ("ST1000DM010-2EP102"), ==, "Seagate");
  g_assert_cmpstr (ocs_maker_of_model ("STEC ZeusRAM"), ==, NULL);
  g_assert_cmpstr (ocs_maker_of_model ("CT500MX500SSD1"), ==, "Crucial");
  g_assert_cmpstr (ocs_maker_of_model ("samsung MZVLB512"), ==, "Samsung");
  g_assert_cmpstr (ocs_maker_of_model ("W"), ==, NULL);
  g_assert_cmpstr (ocs_maker_of_model (""), ==, NULL);
  g_assert_cmpstr (ocs_maker_of_model (NULL), ==, NULL);
}

static void
test_cards (void)
{
  g_assert_cmpstr (ocs_maker_of_card (0x03, TRUE), ==, "SanDisk");
  g_assert_cmpstr (ocs_maker_of_card (0x15, FALSE), ==, "Samsung");
  g_assert_cmpstr (ocs_maker_of_card (0x15, TRUE), ==, NULL);
  g_assert_cmpstr (ocs_maker_of_card (0, TRUE), ==, NULL);
  g_assert_cmpstr (ocs_maker_of_card (-1, FALSE), ==, NULL);
  g_assert_cmpstr (ocs_maker_of_card (0x103, TRUE), ==, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/makers/models", test_models);
  g_test_add_func ("/makers/cards", test_cards);
  return g_test_run ();
}
