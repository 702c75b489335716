/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/inputlist.h"
#include <string.h>

static const char text[] = "I: Bus=0011 Vendor=0001 Product=0001 Version=ab41\n"
                           "N: Name=\"AT \"Set 2\" keyboard\"\n"
                           "P: Phys=isa0060/serio0/input0\n"
                           "S: Sysfs=/devices/platform/i8042/serio0/input/input3\n"
                           "U: Uniq=\n"
                           "H: Handlers=sysrq kbd event3 leds\n"
                           "B: PROP=0\n"
                           "B: EV=120013\n"
                           "B: KEY=402000007 ff803078f800d001 feffffdfffefffff fffffffffffffffe\n"
                           "\n"
                           "I: Bus=0003 Vendor=046d Product=c077 Version=0111\n"
                           "N: Name=\"USB Mouse\"\n"
                           "B: EV=17\n"
                           "B: KEY=70000 0 0 0 0\n"
                           "B: REL=103\n"
                           "\n"
                           "I: Bus=0019 Vendor=0000 Product=0001 Version=0000\n"
                           "N: Name=\"Power Button\"\n"
                           "P: Phys=PNP0C0C/button/input0\n"
                           "B: EV=3\n"
                           "B: KEY=10000000000000 0\n"
                           "\n"
                           "I: Bus=0003 Vendor=0627 Product=0001 Version=0111\n"
                           "N: Name=\"QEMU USB Tablet\"\n"
                           "B: KEY=70000 0 0 0 0\n"
                           "B: REL=900\n"
                           "B: ABS=3\n"
                           "\n"
                           "I: Bus=0003 Vendor=045e Product=028e Version=0114\n"
                           "N: Name=\"Game pad\"\n"
                           "B: KEY=7cdb000000000000 0 0 0 0\n"
                           "B: ABS=3003f\n";

static const OcsInput *
at (const GPtrArray *inputs, guint index)
{
  g_assert_cmpuint (index, <, inputs->len);
  return g_ptr_array_index (inputs, index);
}

static void
test_parse (void)
{
  g_autoptr (GPtrArray) inputs = ocs_inputlist_parse (text, 64);
  g_assert_cmpuint (inputs->len, ==, 5);
  g_assert_cmpstr (at (inputs, 0)->name, ==, "AT \"Set 2\" keyboard");
  g_assert_cmpstr (at (inputs, 0)->phys, ==, "isa0060/serio0/input0");
  g_assert_cmpstr (at (inputs, 0)->sysfs, ==, "/devices/platform/i8042/serio0/input/input3");
  g_assert_cmpuint (at (inputs, 0)->bus, ==, 0x11);
  g_assert_cmpint (at (inputs, 0)->kind, ==, OCS_INPUT_KEYBOARD);
  g_assert_cmpuint (at (inputs, 1)->vendor, ==, 0x046d);
  g_assert_cmpuint (at (inputs, 1)->product, ==, 0xc077);
  g_assert_null (at (inputs, 1)->phys); /* nothing of the device before */
  g_assert_cmpint (at (inputs, 1)->kind, ==, OCS_INPUT_MOUSE);
  g_assert_cmpint (at (inputs, 2)->kind, ==, OCS_INPUT_OTHER);
  g_assert_cmpint (at (inputs, 3)->kind, ==, OCS_INPUT_MOUSE);
  g_assert_cmpint (at (inputs, 4)->kind, ==, OCS_INPUT_JOYSTICK);
}

static void
test_narrow_words (void)
{
  g_autoptr (GPtrArray) inputs =
      ocs_inputlist_parse ("I: Bus=0003 Vendor=046d Product=c077 Version=0111\nB: KEY=70000 0 0 0 0 0 0 0 0\nB: REL=103\n\n"
                           "I: Bus=0011 Vendor=0001 Product=0001 Version=ab41\nB: EV=120013\n"
                           "B: KEY=4 2000000 3803078 f800d001 feffffdf ffefffff ffffffff fffffffe\n",
                           32);
  g_assert_cmpint (at (inputs, 0)->kind, ==, OCS_INPUT_MOUSE);
  g_assert_cmpint (at (inputs, 1)->kind, ==, OCS_INPUT_KEYBOARD);
}

static void
test_garbage (void)
{
  g_autoptr (GPtrArray) nothing = ocs_inputlist_parse (NULL, 64);
  g_assert_cmpuint (nothing->len, ==, 0);
  g_autoptr (GPtrArray) headless = ocs_inputlist_parse ("N: Name=\"x\"\nB: KEY=ffff\n\nB: \nI: \nI: x\n", 64);
  g_assert_cmpuint (headless->len, ==, 1);
  g_autoptr (GString) wide = g_string_new ("I: Bus=zz Vendor=fffffffff\nN: Name=\"\nB: KEY=");
  for (guint i = 0; i < 500; i++)
    g_string_append (wide, "ffffffffffffffff ");
  g_autoptr (GPtrArray) odd = ocs_inputlist_parse (wide->str, 64);
  g_assert_cmpuint (odd->len, ==, 1);
  g_assert_cmpuint (at (odd, 0)->bus, ==, 0);
  g_assert_cmpstr (at (odd, 0)->name, ==, "\"");
  for (gsize length = 0; length < sizeof text; length++) {
    g_autofree char *cut = g_strndup (text, length);
    g_autoptr (GPtrArray) inputs = ocs_inputlist_parse (cut, 64);
    g_assert_cmpuint (inputs->len, <=, 5);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inputlist/parse", test_parse);
  g_test_add_func ("/inputlist/narrow-words", test_narrow_words);
  g_test_add_func ("/inputlist/garbage", test_garbage);
  return g_test_run ();
}
