/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/extension.h"
#include "ipc/error.h"
#include "worker/core/xmlread.h"
#include <string.h>

#define NAME_MAX_LENGTH 64

/* One of each is ours, or the server takes them for something else (names of its own tables). */
static const char *const ours[] = {
    "ACCOUNTINFO",         "BIOS",  "CONFIG",  "CONTENT",  "DEVICEID", "DEVICES", "DOWNLOAD", "HARDWARE", "IPDISCOVER", "OLD_DEVICEID",
    OCS_EXTENSION_SECTION, "QUERY", "REQUEST", "SOFTWARE", NULL};

static gboolean
is_name (const char *name)
{
  gsize length = strlen (name);

  return length > 0 && length <= NAME_MAX_LENGTH && g_ascii_isupper (*name)
         && strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == length;
}

static void
note (OcsInventory *inventory, const char *who, const char *what, const char *name)
{
  g_autofree char *why = g_strdup_printf ("%s: %s %.64s", who, what, name);

  ocs_inventory_note (inventory, OCS_EXTENSION_SECTION, why);
}

static void
add_section (OcsInventory *inventory, const char *who, const OcsXmlNode *section)
{
  OcsEntry *entry;

  if (!is_name (section->name) || g_strv_contains (ours, section->name)) {
    note (inventory, who, "left out, no section of that name may be added:", section->name);
    return;
  }
  if (section->children->len == 0)
    return;
  entry = ocs_inventory_add (inventory, section->name);
  for (guint i = 0; entry != NULL && i < section->children->len; i++) {
    const OcsXmlNode *field = section->children->pdata[i];

    if (!is_name (field->name) || field->children->len > 0)
      note (inventory, who, "left out, a field is a name in capitals and a text:", field->name);
    else
      ocs_entry_set (entry, g_intern_string (field->name), field->text->str);
  }
}

static gboolean
read_xml (OcsInventory *inventory, const char *who, const char *text, gsize length, GError **error)
{
  g_autoptr (OcsXmlNode) root = ocs_xmlread_parse (text, length, error);
  const OcsXmlNode *content = root;

  if (root == NULL)
    return FALSE;
  if (g_str_equal (root->name, "REQUEST"))
    content = ocs_xmlread_child (root, "CONTENT");
  if (content == NULL || !g_str_equal (content->name, "CONTENT")) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "its XML is not one element CONTENT with sections in it");
    return FALSE;
  }
  for (guint i = 0; i < MIN (content->children->len, OCS_EXTENSION_ENTRIES_MAX); i++)
    add_section (inventory, who, content->children->pdata[i]);
  return TRUE;
}

static gboolean
read_lines (OcsInventory *inventory, const char *text, gsize length, GError **error)
{
  static const char *const fields[] = {"PUBLISHER", "NAME", "VERSION", "COMMENTS"};
  g_autofree char *copy = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", OCS_EXTENSION_ENTRIES_MAX);
  guint odd = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    odd += *g_strstrip (lines[i]) != '\0' && strchr (lines[i], '#') == NULL;
  if (odd > 0) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "%u of its lines are not publisher#name#version#comment, nor is it XML", odd);
    return FALSE;
  }
  for (guint i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit (lines[i], "#", G_N_ELEMENTS (fields));
    OcsEntry *entry;

    if (g_strv_length (parts) < 2 || *g_strstrip (parts[1]) == '\0')
      continue;
    entry = ocs_inventory_add (inventory, "SOFTWARES");
    for (guint k = 0; parts[k] != NULL; k++)
      ocs_entry_set (entry, fields[k], parts[k]);
  }
  return TRUE;
}

gboolean
ocs_extension_read (OcsInventory *inventory, const char *who, const char *text, gsize length, GError **error)
{
  gsize space = 0;

  while (space < length && g_ascii_isspace (text[space]))
    space++;
  if (space == length)
    return TRUE;
  return text[space] == '<' || (guchar)text[space] == 0xEF ? read_xml (inventory, who, text + space, length - space, error)
                                                           : read_lines (inventory, text, length, error);
}
