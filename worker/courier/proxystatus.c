/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/proxystatus.h"
#include <string.h>

/* The end of what begins at text: one of stops outside of a quoted string. */
static const char *
find_end (const char *text, const char *stops)
{
  gboolean quoted = FALSE;

  for (; *text != '\0'; text++) {
    if (quoted && *text == '\\' && text[1] != '\0')
      text++;
    else if (*text == '"')
      quoted = !quoted;
    else if (!quoted && strchr (stops, *text) != NULL)
      break;
  }
  return text;
}

/* Without blanks and quotes; what is escaped stays so, it is for people only. transfer full. */
static char *
dup_word (const char *from, const char *to)
{
  char *word = g_strstrip (g_strndup (from, (gsize)(to - from)));
  gsize length = strlen (word);

  if (length >= 2 && word[0] == '"' && word[length - 1] == '"') {
    memmove (word, word + 1, length - 2);
    word[length - 2] = '\0';
  }
  return word;
}

/* One member of the list: name; key=value; … */
static OcsProxystatus *
read_member (const char *from, const char *to)
{
  g_autofree char *member = g_strndup (from, (gsize)(to - from));
  const char *end = find_end (member, ";");
  g_autofree char *name = dup_word (member, end);

  while (*end == ';') {
    const char *start = end + 1;
    const char *equals;

    end = find_end (start, ";");
    equals = memchr (start, '=', (gsize)(end - start));
    if (equals != NULL) {
      g_autofree char *key = dup_word (start, equals);
      g_autofree char *value = dup_word (equals + 1, end);

      if (strcmp (key, "error") == 0 && *value != '\0') {
        OcsProxystatus *status = g_new0 (OcsProxystatus, 1);

        status->name = g_steal_pointer (&name);
        status->error = g_steal_pointer (&value);
        return status;
      }
    }
  }
  return NULL;
}

OcsProxystatus *
ocs_proxystatus_find (const char *field)
{
  OcsProxystatus *found = NULL;

  while (field != NULL && *field != '\0') {
    const char *end = find_end (field, ",");
    OcsProxystatus *status = read_member (field, end);

    if (status != NULL) {
      ocs_proxystatus_free (found);
      found = status;
    }
    field = *end == ',' ? end + 1 : end;
  }
  return found;
}

void
ocs_proxystatus_free (OcsProxystatus *status)
{
  if (status == NULL)
    return;
  g_free (status->name);
  g_free (status->error);
  g_free (status);
}
