/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See keyvalue.h. */
#include "worker/inventory/keyvalue.h"
#include <string.h>

char *
ocs_keyvalue_get (const char *text, const char *key)
{
  gsize size = strlen (key);
  while (text != NULL && *text != '\0') {
    gsize length = strcspn (text, "\n");
    if (length > size + 1 && text[size] == '=' && strncmp (text, key, size) == 0) {
      g_autofree char *raw = g_strstrip (g_strndup (text + size + 1, length - size - 1));
      /* Without quotes a backslash is one: udev's values have them. */
      char *value = *raw == '"' || *raw == '\'' ? g_shell_unquote (raw, NULL) : NULL;
      if (value == NULL)
        value = g_steal_pointer (&raw);
      if (*value == '\0')
        g_clear_pointer (&value, g_free);
      return value;
    }
    text += length + (text[length] == '\n');
  }
  return NULL;
}
