/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See dpkg.h. */
#include "worker/inventory/dpkg.h"
#include <stddef.h>
#include <string.h>

/* Field names are compared without case (deb822). */
static const struct {
  const char *name;
  gsize offset;
} fields[] = {
    {"Package", offsetof (OcsDpkgPackage, name)},
    {"Version", offsetof (OcsDpkgPackage, version)},
    {"Architecture", offsetof (OcsDpkgPackage, architecture)},
    {"Multi-Arch", offsetof (OcsDpkgPackage, multi_arch)},
    {"Homepage", offsetof (OcsDpkgPackage, homepage)},
    {"Description", offsetof (OcsDpkgPackage, summary)},
    {"Status", offsetof (OcsDpkgPackage, status)},
    {"Installed-Size", offsetof (OcsDpkgPackage, installed_size)},
};

gboolean
ocs_slice_is (OcsSlice slice, const char *text)
{
  return slice.text != NULL && slice.length == strlen (text) && memcmp (slice.text, text, slice.length) == 0;
}

static OcsSlice
strip (const char *start, const char *end)
{
  while (start < end && (*start == ' ' || *start == '\t'))
    start++;
  while (end > start && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
    end--;
  return (OcsSlice) {start, (gsize)(end - start)};
}

static void
take_line (OcsDpkgPackage *package, const char *line, const char *end)
{
  const char *colon = memchr (line, ':', (gsize)(end - line));
  if (colon == NULL || *line == ' ' || *line == '\t')
    return;
  gsize length = (gsize)(colon - line);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strlen (fields[i].name) == length && g_ascii_strncasecmp (fields[i].name, line, length) == 0)
      G_STRUCT_MEMBER (OcsSlice, package, fields[i].offset) = strip (colon + 1, end);
}

/* Status is "want flag state"; only the third word says what is on the disk (dpkg(1), "Package states"). */
static gboolean
has_state (OcsSlice status, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++) {
    gsize size = strlen (words[i]);
    if (status.length > size && memcmp (status.text + status.length - size, words[i], size) == 0
        && status.text[status.length - size - 1] == ' ')
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_wanted (OcsDpkgPackage *package)
{
  static const char *const whole[] = {"installed", "triggers-pending", "triggers-awaited", NULL};
  static const char *const unfinished[] = {"unpacked", "half-installed", "half-configured", NULL};
  package->is_unfinished = has_state (package->status, unfinished);
  return package->name.length > 0 && (package->is_unfinished || has_state (package->status, whole));
}

void
ocs_dpkg_parse (const char *text, gsize length, OcsDpkgFunc func, gpointer user_data)
{
  const char *stop = text + length;
  OcsDpkgPackage package = {0};
  while (text < stop) {
    const char *end = memchr (text, '\n', (gsize)(stop - text));
    const char *next = end == NULL ? stop : end + 1;
    if (end == NULL)
      end = stop;
    gboolean blank = strip (text, end).length == 0;
    if (!blank)
      take_line (&package, text, end);
    if (blank || next >= stop) {
      if (is_wanted (&package))
        func (&package, user_data);
      package = (OcsDpkgPackage) {0};
    }
    text = next;
  }
}
