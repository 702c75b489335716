/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an administrator's program may say. */
#include "ipc/error.h"
#include "worker/core/extension.h"
#include <string.h>

static gboolean
read_text (OcsInventory *inventory, const char *text, GError **error)
{
  return ocs_extension_read (inventory, "tool", text, strlen (text), error);
}

static void
test_xml (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  g_autoptr (GError) error = NULL;
  OcsEnvelope envelope = {.deviceid = "x-2026-01-01-00-00-00"};
  g_autofree char *xml = NULL;

  g_assert_true (read_text (inventory,
                            "<?xml version='1.0'?>\n<CONTENT><SOFTWARES><NAME>own</NAME><VERSION>1 &amp; 2</VERSION></SOFTWARES>"
                            "<UPTIME><DAYS>3</DAYS><EMPTY/></UPTIME><UPTIME><DAYS>4</DAYS></UPTIME><NOTHING/></CONTENT>",
                            &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "VERSION"), ==, "1 & 2");
  g_assert_cmpuint (ocs_inventory_count (inventory, "UPTIME"), ==, 2);
  g_assert_cmpstr (ocs_inventory_get (inventory, "UPTIME", 1, "DAYS"), ==, "4");
  g_assert_cmpuint (ocs_inventory_notes (inventory)->len, ==, 0);
  xml = ocs_inventory_to_xml (inventory, &envelope, NULL);
  g_assert_nonnull (strstr (xml, "    <UPTIME>\n      <DAYS>3</DAYS>\n    </UPTIME>\n    <UPTIME>"));
  g_assert_cmpstr (ocs_inventory_section (inventory, 24), ==, "UPTIME"); /* behind those of the table */
}

/* What is ours stays ours. */
static void
test_names (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (read_text (inventory,
                            "<REQUEST><CONTENT><HARDWARE><NAME>evil</NAME></HARDWARE><ACCOUNTINFO><KEYNAME>TAG</KEYNAME></ACCOUNTINFO>"
                            "<lower><A>1</A></lower><OWN><b>1</b><DEEP><A>1</A></DEEP><GOOD>1</GOOD></OWN></CONTENT></REQUEST>",
                            &error));
  g_assert_cmpuint (ocs_inventory_count (inventory, "HARDWARE"), ==, 0);
  g_assert_cmpuint (ocs_inventory_count (inventory, "ACCOUNTINFO"), ==, 0);
  g_assert_cmpuint (ocs_inventory_count (inventory, "OWN"), ==, 1);
  g_assert_cmpstr (ocs_inventory_get (inventory, "OWN", 0, "GOOD"), ==, "1");
  g_assert_null (ocs_inventory_get (inventory, "OWN", 0, "DEEP"));
  g_assert_cmpuint (ocs_inventory_notes (inventory)->len, ==, 5);
  g_assert_nonnull (strstr (((OcsNote *)ocs_inventory_notes (inventory)->pdata[0])->why, "tool: "));
}

static void
test_lines (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (read_text (inventory, "Example#Tool#1.2#does # things\r\n\n#NoMaker#3\nEmpty##1\nMaker# Name \n", &error));
  g_assert_cmpuint (ocs_inventory_count (inventory, "SOFTWARES"), ==, 3);
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "PUBLISHER"), ==, "Example");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "COMMENTS"), ==, "does # things");
  g_assert_null (ocs_inventory_get (inventory, "SOFTWARES", 1, "PUBLISHER"));
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 2, "NAME"), ==, "Name");
}

static void
test_odd (void)
{
  static const char *const odd[] = {"command not found", "a#b#1\nusage: tool", "<CONTENT>",
                                    "<OTHER/>",          "<REQUEST/>",         "<!DOCTYPE x><CONTENT/>"};
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (read_text (inventory, odd[i], &error));
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  }
  g_assert_cmpuint (ocs_inventory_count (inventory, "SOFTWARES"), ==, 0);
  g_assert_true (read_text (inventory, "", NULL));
  g_assert_true (read_text (inventory, " \n", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/extension/xml", test_xml);
  g_test_add_func ("/extension/names", test_names);
  g_test_add_func ("/extension/lines", test_lines);
  g_test_add_func ("/extension/odd", test_odd);
  return g_test_run ();
}
