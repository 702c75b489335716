/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See apk.h. A line is a letter, a colon and a value; an empty line ends a package. When a package was installed is not kept anywhere. */
#include "worker/inventory/apk.h"
#include <string.h>

typedef struct {
  const char *text; /* borrowed: in the file; NULL: not said */
  gsize length;
} Value;

static const struct {
  char letter;
  const char *field;
} fields[] = {{'P', "NAME"}, {'V', "VERSION"}, {'U', "PUBLISHER"}, {'T', "COMMENTS"}, {'A', "ARCHITECTURE"}};

static void
add_package (const Value values[128], OcsInventory *inventory)
{
  Value size = values['I'];
  if (values['P'].length == 0 || values['V'].length == 0)
    return;
  OcsEntry *entry = ocs_inventory_add (inventory, "SOFTWARES");
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    Value value = values[(guint)fields[i].letter];
    ocs_entry_set_n (entry, fields[i].field, value.text, value.length);
  }
  if (size.length > 0) {
    g_autofree char *digits = g_strndup (size.text, size.length);
    ocs_entry_set_int (entry, "FILESIZE", CLAMP (g_ascii_strtoll (digits, NULL, 10), 0, G_MAXINT32)); /* the column is an INT */
  }
}

void
ocs_apk_parse (const char *text, gsize length, OcsInventory *inventory)
{
  const char *stop = text + length;
  Value values[128] = {{NULL, 0}};
  while (text < stop) {
    const char *end = memchr (text, '\n', (gsize)(stop - text));
    if (end == NULL) /* cut short in the middle of a line */
      return;
    if (end == text) {
      add_package (values, inventory);
      memset (values, 0, sizeof values);
    } else if (end - text > 2 && text[1] == ':' && g_ascii_isalpha (text[0])) {
      values[(guint)text[0]] = (Value) {text + 2, (gsize)(end - text) - 2};
    }
    text = end + 1;
  }
}

gboolean
ocs_apk_collect (const OcsSource *source, OcsInventory *inventory)
{
  static const char *const files[] = {"/lib/apk/db/installed", "/usr/lib/apk/db/installed"}; /* the second since apk 3 */
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GMappedFile) file = ocs_source_map (source, "%s", files[i]);
    if (file == NULL)
      continue;
    if (g_mapped_file_get_length (file) > 0)
      ocs_apk_parse (g_mapped_file_get_contents (file), g_mapped_file_get_length (file), inventory);
    return TRUE;
  }
  return FALSE;
}
