/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "worker/core/outline.h"
#include <string.h>

typedef struct {
  GPtrArray *come;
  GPtrArray *gone;
  gboolean compared;
} Change;

static void
change_clear (Change *change)
{
  g_ptr_array_unref (change->come);
  g_ptr_array_unref (change->gone);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

static OcsInventory *
machine (const char *memory, const char *const *software)
{
  OcsInventory *inventory = ocs_inventory_new ();
  OcsEntry *hardware = ocs_inventory_add (inventory, "HARDWARE");

  ocs_entry_set (hardware, "NAME", "desk-07");
  ocs_entry_set (hardware, "MEMORY", memory);
  for (guint i = 0; software[i] != NULL; i += 2) {
    OcsEntry *entry = ocs_inventory_add (inventory, "SOFTWARES");

    ocs_entry_set (entry, "NAME", software[i]);
    ocs_entry_set (entry, "VERSION", software[i + 1]);
  }
  return inventory;
}

static Change
compare (JsonObject *outline, const OcsInventory *inventory, const char *section)
{
  Change change = {.come = g_ptr_array_new_with_free_func (g_free), .gone = g_ptr_array_new_with_free_func (g_free)};

  change.compared = ocs_outline_compare (outline, inventory, section, change.come, change.gone);
  return change;
}

static void
test_changes (void)
{
  g_autoptr (OcsInventory) before = machine ("100", (const char *const[]) {"bash", "5.1", "zsh", "5.9", "twin", "1", "twin", "1", NULL});
  g_autoptr (OcsInventory) after = machine ("200", (const char *const[]) {"bash", "5.2", "twin", "1", "zsh", "5.9", NULL});
  g_autoptr (JsonObject) outline = ocs_outline_of (before);
  g_auto (Change) same = compare (outline, before, "SOFTWARES");
  g_auto (Change) software = compare (outline, after, "SOFTWARES");
  g_auto (Change) hardware = compare (outline, after, "HARDWARE");

  g_assert_true (same.compared);
  g_assert_cmpuint (same.come->len + same.gone->len, ==, 0);
  g_assert_cmpuint (software.come->len, ==, 1);
  g_assert_cmpstr (software.come->pdata[0], ==, "bash, 5.2");
  g_assert_cmpuint (software.gone->len, ==, 2);
  g_assert_cmpstr (software.gone->pdata[0], ==, "bash, 5.1");
  g_assert_cmpstr (software.gone->pdata[1], ==, "twin, 1");
  g_assert_cmpstr (hardware.come->pdata[0], ==, "MEMORY: 200");
  g_assert_cmpstr (hardware.gone->pdata[0], ==, "MEMORY: 100");
  g_assert_cmpuint (hardware.come->len, ==, 1);
}

/* Two entries that look the same for as far as a person reads are told apart all the same. */
static void
test_long (void)
{
  g_autofree char *name = g_strnfill (300, 'x');
  g_autoptr (OcsInventory) before = machine ("1", (const char *const[]) {name, "1", NULL});
  g_autoptr (OcsInventory) after = machine ("1", (const char *const[]) {name, "2", NULL});
  g_autoptr (JsonObject) outline = ocs_outline_of (before);
  g_auto (Change) change = compare (outline, after, "SOFTWARES");

  g_assert_cmpuint (change.come->len, ==, 1);
  g_assert_cmpuint (strlen (change.come->pdata[0]), ==, 120);
}

static void
test_many (void)
{
  g_autoptr (OcsInventory) none = ocs_inventory_new ();
  g_autoptr (OcsInventory) many = ocs_inventory_new ();
  g_autoptr (JsonObject) outline = ocs_outline_of (none);

  for (int i = 0; i <= OCS_OUTLINE_LINES_MAX; i++)
    ocs_entry_set_int (ocs_inventory_add (many, "SOFTWARES"), "NAME", i);
  g_autoptr (JsonObject) huge = ocs_outline_of (many);
  g_auto (Change) told = compare (outline, many, "SOFTWARES");
  g_auto (Change) untold = compare (huge, many, "SOFTWARES");

  g_assert_cmpuint (told.come->len, ==, OCS_OUTLINE_TOLD_MAX);
  g_assert_cmpuint (json_object_get_size (huge), ==, 0);
  g_assert_false (untold.compared);
}

static void
test_bad (void)
{
  static const char *const texts[] = {"{}", "{\"SOFTWARES\":7}", "{\"SOFTWARES\":[7,null,[],{}]}"};
  g_autoptr (OcsInventory) inventory = machine ("1", (const char *const[]) {"bash", "5", NULL});

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (JsonObject) outline = ocs_json_parse (texts[i], strlen (texts[i]), NULL);
    g_auto (Change) change = compare (outline, inventory, "SOFTWARES");

    g_assert_cmpint (change.compared, ==, i == 2);
    g_assert_cmpuint (change.gone->len, ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outline/changes", test_changes);
  g_test_add_func ("/outline/long", test_long);
  g_test_add_func ("/outline/many", test_many);
  g_test_add_func ("/outline/bad", test_bad);
  return g_test_run ();
}
