/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See hwid.h. The hardware database of udev answers from a trie that is mapped, not read; an ids file is read once, line by line, for
 * all devices together. */
#include "worker/inventory/hwid.h"
#include <libudev.h>
#include <string.h>

void
ocs_hwid_clear (OcsHwid *id)
{
  g_clear_pointer (&id->alias, g_free);
  g_clear_pointer (&id->vendor_name, g_free);
  g_clear_pointer (&id->device_name, g_free);
  g_clear_pointer (&id->class_name, g_free);
}

char *
ocs_hwid_label (const OcsHwid *id)
{
  g_autofree char *vendor = id->vendor_name != NULL ? g_strdup (id->vendor_name) : g_strdup_printf ("%04x", id->vendor);
  if (id->device_name != NULL)
    return g_strdup_printf ("%s %s", vendor, id->device_name);
  return g_strdup_printf ("%s [%04x:%04x]", vendor, id->vendor, id->device);
}

static void
set_once (char **name, const char *value, gsize length)
{
  if (*name == NULL && length > 0)
    *name = g_strndup (value, length);
}

static void
name_from_hwdb (struct udev_hwdb *hwdb, OcsHwid *id)
{
  const char *class_name = NULL;
  struct udev_list_entry *entry = NULL;
  udev_list_entry_foreach (entry, udev_hwdb_get_properties_list_entry (hwdb, id->alias, 0))
  {
    const char *name = udev_list_entry_get_name (entry);
    const char *value = udev_list_entry_get_value (entry);
    if (value == NULL)
      continue;
    if (g_str_equal (name, "ID_VENDOR_FROM_DATABASE"))
      set_once (&id->vendor_name, value, strlen (value));
    else if (g_str_equal (name, "ID_MODEL_FROM_DATABASE"))
      set_once (&id->device_name, value, strlen (value));
    else if (g_str_equal (name, "ID_PCI_SUBCLASS_FROM_DATABASE"))
      set_once (&id->class_name, value, strlen (value));
    else if (g_str_equal (name, "ID_PCI_CLASS_FROM_DATABASE") && class_name == NULL)
      class_name = value;
  }
  if (class_name != NULL)
    set_once (&id->class_name, class_name, strlen (class_name));
}

static void
name_all_from_hwdb (GPtrArray *ids)
{
  struct udev *udev = udev_new ();
  struct udev_hwdb *hwdb = udev == NULL ? NULL : udev_hwdb_new (udev);
  for (guint i = 0; hwdb != NULL && i < ids->len; i++) {
    OcsHwid *id = g_ptr_array_index (ids, i);
    if (id->alias != NULL)
      name_from_hwdb (hwdb, id);
  }
  if (hwdb != NULL)
    udev_hwdb_unref (hwdb);
  if (udev != NULL)
    udev_unref (udev);
}

/* Where in pci.ids we are: the vendor or class that the indented lines belong to. */
typedef struct {
  GPtrArray *ids; /* borrowed: the caller's */
  gboolean in_classes;
  guint outer;     /* vendor or class */
  gboolean wanted; /* some device has it */
} Scan;

/* Hexadecimal digits, then two spaces, then the name; FALSE for another line. */
static gboolean
split_line (const char *line, const char *end, guint digits, guint *number, const char **name)
{
  guint value = 0;
  if (end - line < (gssize)digits + 3 || line[digits] != ' ' || line[digits + 1] != ' ')
    return FALSE;
  for (guint i = 0; i < digits; i++) {
    int digit = g_ascii_xdigit_value (line[i]);
    if (digit < 0)
      return FALSE;
    value = value << 4 | (guint)digit;
  }
  *number = value;
  *name = line + digits + 2;
  return TRUE;
}

static void
scan_outer (Scan *scan, const char *line, const char *end)
{
  const char *name = NULL;
  scan->in_classes = line[0] == 'C' && end - line > 2 && line[1] == ' ';
  scan->wanted = FALSE;
  gboolean matches = scan->in_classes ? split_line (line + 2, end, 2, &scan->outer, &name) : split_line (line, end, 4, &scan->outer, &name);
  for (guint i = 0; matches && i < scan->ids->len; i++) {
    OcsHwid *id = g_ptr_array_index (scan->ids, i);
    if ((scan->in_classes ? id->class >> 16 : id->vendor) != scan->outer)
      continue;
    scan->wanted = TRUE;
    set_once (scan->in_classes ? &id->class_name : &id->vendor_name, name, (gsize)(end - name));
  }
}

static void
scan_inner (Scan *scan, const char *line, const char *end)
{
  const char *name = NULL;
  guint number = 0;
  if (!split_line (line, end, scan->in_classes ? 2 : 4, &number, &name))
    return;
  for (guint i = 0; i < scan->ids->len; i++) {
    OcsHwid *id = g_ptr_array_index (scan->ids, i);
    if (scan->in_classes && id->class >> 8 == (scan->outer << 8 | number)) {
      g_clear_pointer (&id->class_name, g_free); /* the subclass says more */
      set_once (&id->class_name, name, (gsize)(end - name));
    } else if (!scan->in_classes && id->vendor == scan->outer && id->device == number) {
      set_once (&id->device_name, name, (gsize)(end - name));
    }
  }
}

void
ocs_hwid_name_from_ids (GPtrArray *ids, const char *text, gsize length)
{
  Scan scan = {.ids = ids};
  const char *stop = text + length;
  while (text < stop) {
    const char *end = memchr (text, '\n', (gsize)(stop - text));
    if (end == NULL)
      end = stop;
    if (end - text > 2 && text[0] == '\t') {
      if (scan.wanted && text[1] != '\t')
        scan_inner (&scan, text + 1, end);
    } else if (end > text && text[0] != '#') {
      scan_outer (&scan, text, end);
    }
    text = end + 1;
  }
}

static gboolean
all_named (const GPtrArray *ids)
{
  for (guint i = 0; i < ids->len; i++) {
    const OcsHwid *id = g_ptr_array_index (ids, i);
    if (id->vendor_name == NULL || (id->class_name == NULL && id->class != OCS_HWID_NO_CLASS))
      return FALSE;
  }
  return TRUE;
}

void
ocs_hwid_name_all (const OcsSource *source, GPtrArray *ids, const char *const *files)
{
  if (ids->len > 0 && ocs_source_is_live (source))
    name_all_from_hwdb (ids);
  for (guint i = 0; files[i] != NULL && !all_named (ids); i++) {
    g_autoptr (GMappedFile) file = ocs_source_map (source, "%s", files[i]);
    if (file == NULL)
      continue;
    ocs_hwid_name_from_ids (ids, g_mapped_file_get_contents (file), g_mapped_file_get_length (file));
    return;
  }
}

char *
ocs_hwid_property (const OcsSource *source, const char *alias, const char *key)
{
  if (!ocs_source_is_live (source))
    return NULL;
  char *found = NULL;
  struct udev *udev = udev_new ();
  struct udev_hwdb *hwdb = udev == NULL ? NULL : udev_hwdb_new (udev);
  struct udev_list_entry *entry = NULL;
  struct udev_list_entry *all = hwdb == NULL ? NULL : udev_hwdb_get_properties_list_entry (hwdb, alias, 0);
  udev_list_entry_foreach (entry, all)
  {
    if (found == NULL && g_str_equal (udev_list_entry_get_name (entry), key))
      found = g_strdup (udev_list_entry_get_value (entry));
  }
  if (hwdb != NULL)
    udev_hwdb_unref (hwdb);
  if (udev != NULL)
    udev_unref (udev);
  return found;
}
