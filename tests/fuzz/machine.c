/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A captured machine of which one file holds any bytes: whichever it is, what is sent is a whole inventory of valid XML. Reaches the small
 * readers that have no target of their own, and what is made of what they read. The first two bytes say which file. */
#include "worker/core/xmlread.h"
#include "worker/inventory/collect.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef struct {
  char *root;       /* owned */
  GPtrArray *files; /* owned; paths, in order */
} Tree;

/* What none of the captured machines below has. */
static const char *const extras[] = {
    "etc/docker/daemon.json",
    "etc/group",
    "etc/passwd",
    "proc/asound/cards",
    "proc/device-tree/compatible",
    "proc/device-tree/model",
    "proc/net/if_inet6",
    "proc/net/ipv6_route",
    "proc/self/mountinfo",
    "run/libvirt/qemu/a.xml",
    "run/systemd/machines/a",
    "run/utmp",
    "sys/class/dmi/id/chassis_type",
    "sys/class/dmi/id/sys_vendor",
    "var/lib/containers/storage/overlay-containers/0123456789012345678901234567890123456789012345678901234567890123/userdata/config.json",
    "var/lib/containers/storage/overlay-containers/containers.json",
    "var/lib/dhcp/dhclient.leases",
    "var/lib/lxc/a/config",
};

static void
run (const char *const *arguments)
{
  int status = 0;
  if (!g_spawn_sync (NULL, (char **)arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL) || status != 0)
    abort ();
}

static void
find_files (const char *folder, GPtrArray *files)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name = dir == NULL ? NULL : g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir)) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
      continue;
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      find_files (path, files);
    else
      g_ptr_array_add (files, g_steal_pointer (&path));
  }
}

static int
compare (gconstpointer left, gconstpointer right)
{
  return strcmp (*(const char *const *)left, *(const char *const *)right);
}

static Tree *tree_get (void);

static void
on_exit_remove (void)
{
  const char *const arguments[] = {"rm", "-rf", tree_get ()->root, NULL};
  run (arguments);
}

static Tree *
tree_get (void)
{
  static Tree tree;
  if (tree.root != NULL)
    return &tree;
  tree.root = g_dir_make_tmp ("ocs-fuzz.XXXXXX", NULL);
  tree.files = g_ptr_array_new_with_free_func (g_free);
  const char *const machine[] = {"cp", "-r", "-d", OCS_MACHINES "/notebook/.", tree.root, NULL};
  const char *const software[] = {"cp", "-r", "-d", OCS_MACHINES "/lvm-desktop/etc", OCS_MACHINES "/lvm-desktop/var", tree.root, NULL};
  run (machine);
  run (software);
  for (guint i = 0; i < G_N_ELEMENTS (extras); i++) {
    g_autofree char *path = g_build_filename (tree.root, extras[i], NULL);
    g_autofree char *folder = g_path_get_dirname (path);
    if (g_mkdir_with_parents (folder, 0755) != 0 || (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_set_contents (path, "", 0, NULL)))
      abort ();
  }
  find_files (tree.root, tree.files);
  g_ptr_array_sort (tree.files, compare);
  atexit (on_exit_remove);
  return &tree;
}

static void
check (const OcsInventory *inventory)
{
  OcsEnvelope envelope = {.deviceid = "machine-2026-01-01-00-00-00", .checksum = ocs_inventory_checksum (inventory, NULL)};
  gsize length = 0;
  g_autofree char *xml = ocs_inventory_to_xml (inventory, &envelope, &length);
  g_autoptr (OcsXmlNode) root = ocs_xmlread_parse (xml, length, NULL);
  if (!g_utf8_validate (xml, (gssize)length, NULL) || root == NULL || ocs_inventory_count (inventory, "HARDWARE") != 1)
    abort ();
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Tree *tree = tree_get ();
  g_autofree char *before = NULL;
  gsize length = 0;
  if (size < 2)
    return 0;
  const char *path = tree->files->pdata[(guint)(data[0] << 8 | data[1]) % tree->files->len];
  /* In place, without a sync: it is a copy. */
  if (!g_file_get_contents (path, &before, &length, NULL)
      || !g_file_set_contents_full (path, (const char *)data + 2, (gssize)size - 2, G_FILE_SET_CONTENTS_NONE, 0644, NULL))
    abort ();
  OcsCollectOptions options = {.root = tree->root};
  g_autoptr (OcsInventory) inventory = ocs_collect (&options, NULL);
  check (inventory);
  if (!g_file_set_contents_full (path, before, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0644, NULL))
    abort ();
  return 0;
}
