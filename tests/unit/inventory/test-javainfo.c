/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which Java is the one that is run, and what its file says. */
#include "worker/inventory/section.h"
#include <glib/gstdio.h>
#include <unistd.h>

static const char *const parts[] = {"usr/lib/jvm/a/release",
                                    "usr/lib/jvm/b/release",
                                    "usr/lib/jvm/default",
                                    "etc/alternatives/java",
                                    "etc/locale.conf",
                                    "usr/lib/jvm/a",
                                    "usr/lib/jvm/b",
                                    "usr/lib/jvm",
                                    "usr/lib",
                                    "usr",
                                    "etc/alternatives",
                                    "etc",
                                    ""};

static void
put (const char *root, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
put_link (const char *root, const char *name, const char *target)
{
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_remove (path);
  g_assert_cmpint (symlink (target, path), ==, 0);
}

/* The name and the patch level, "" where there is none. */
static void
check (const char *root, const char *name, const char *level)
{
  g_autoptr (OcsMachine) machine = ocs_machine_new (root, NULL);
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  ocs_javainfo_collect (machine, inventory);
  g_assert_cmpuint (ocs_inventory_count (inventory, "JAVAINFO"), ==, name != NULL ? 1 : 0);
  if (name == NULL)
    return;
  g_assert_cmpstr (ocs_inventory_get (inventory, "JAVAINFO", 0, "JAVANAME"), ==, name);
  g_assert_cmpstr (ocs_inventory_get (inventory, "JAVAINFO", 0, "JAVAPATHLEVEL"), ==, level);
}

static void
test_choice (void)
{
  g_autofree char *root = g_dir_make_tmp ("ocs-javainfo-XXXXXX", NULL);
  check (root, NULL, NULL);
  put (root, "usr/lib/jvm/a/release", "JAVA_VERSION=\"17.0.15\"\nIMPLEMENTOR=\"Debian\"\n");
  check (root, "Java 17.0.15 (Debian)", "15"); /* the only one */
  put (root, "usr/lib/jvm/b/release", "JAVA_VERSION=\"1.8.0_412\"\n");
  check (root, NULL, NULL);
  put_link (root, "usr/lib/jvm/default", "b");
  check (root, "Java 1.8.0_412", "412");
  put_link (root, "etc/alternatives/java", "/usr/lib/jvm/a/bin/java");
  check (root, "Java 17.0.15 (Debian)", "15");
  put_link (root, "etc/alternatives/java", "/usr/lib/jvm/b/jre/bin/java");
  check (root, "Java 1.8.0_412", "412");
  put_link (root, "etc/alternatives/java", "/opt/nowhere/bin/java");
  check (root, NULL, NULL);
  put_link (root, "etc/alternatives/java", "gij");
  put (root, "usr/lib/jvm/b/release", "JAVA_VERSION=\"22\"\n");
  check (root, "Java 22", "0");
  put (root, "usr/lib/jvm/b/release", "JAVA_VERSION\n=\"\n\xff");
  check (root, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = g_build_filename (root, parts[i], NULL);
    g_remove (path);
  }
}

static void
test_country (void)
{
  static const char *const cases[][2] = {{"LANG=de_AT.UTF-8", "AT"}, {"LANG=\"sr_RS@latin\"", "RS"}, {"LANG=C.UTF-8", NULL},
                                         {"LANG=de_", NULL},         {"LC_TIME=de_DE", NULL},        {"", NULL}};
  g_autofree char *root = g_dir_make_tmp ("ocs-javainfo-XXXXXX", NULL);
  put (root, "usr/lib/jvm/a/release", "JAVA_VERSION=\"17\"\n");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    put (root, "etc/locale.conf", cases[i][0]);
    g_autoptr (OcsMachine) machine = ocs_machine_new (root, NULL);
    g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
    ocs_javainfo_collect (machine, inventory);
    g_assert_cmpstr (ocs_inventory_get (inventory, "JAVAINFO", 0, "JAVACOUNTRY"), ==, cases[i][1]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = g_build_filename (root, parts[i], NULL);
    g_remove (path);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/javainfo/choice", test_choice);
  g_test_add_func ("/javainfo/country", test_country);
  return g_test_run ();
}
