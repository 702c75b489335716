/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See lvm.h. Reads the text as LVM writes it: a section opens or closes on a line of its own, a value is on one line or is a list. */
#include "worker/inventory/lvm.h"
#include <string.h>

#define DEPTH 4 /* group, kind, volume, segment */

typedef struct {
  OcsLvmGroup *group;
  char *names[DEPTH];      /* owned; of the sections that are open */
  guint depth;             /* may be more than DEPTH: what lies deeper is passed over */
  OcsLvmVolume *volume;    /* borrowed: in group; the one that is open, nullable */
  guint64 segment_extents; /* of the segment that is open */
  guint64 segment_stripes;
} Reader;

static void
volume_free (gpointer data)
{
  OcsLvmVolume *volume = data;
  g_free (volume->name);
  g_free (volume->device);
  g_free (volume);
}

void
ocs_lvm_group_free (OcsLvmGroup *group)
{
  if (group == NULL)
    return;
  g_free (group->name);
  g_free (group->id);
  g_free (group->format);
  g_ptr_array_unref (group->physical);
  g_ptr_array_unref (group->logical);
  g_free (group);
}

static OcsLvmGroup *
group_new (void)
{
  OcsLvmGroup *group = g_new0 (OcsLvmGroup, 1);
  group->physical = g_ptr_array_new_with_free_func (volume_free);
  group->logical = g_ptr_array_new_with_free_func (volume_free);
  return group;
}

/* The text between the first two quotes; NULL where there are none. */
static char *
unquote (const char *value)
{
  const char *start = strchr (value, '"');
  const char *end = start == NULL ? NULL : strchr (start + 1, '"');
  return end == NULL ? NULL : g_strndup (start + 1, (gsize)(end - start - 1));
}

static void
set_text (char **field, const char *value)
{
  char *text = unquote (value);
  if (text != NULL) {
    g_free (*field);
    *field = text;
  }
}

static GPtrArray *
volumes_of (Reader *reader)
{
  if (g_strcmp0 (reader->names[1], "physical_volumes") == 0)
    return reader->group->physical;
  return g_strcmp0 (reader->names[1], "logical_volumes") == 0 ? reader->group->logical : NULL;
}

static void
open_section (Reader *reader, const char *name)
{
  if (reader->depth < DEPTH) {
    g_free (reader->names[reader->depth]);
    reader->names[reader->depth] = g_strdup (name);
  }
  reader->depth++;
  if (reader->depth == 1 && reader->group->name == NULL)
    reader->group->name = g_strdup (name);
  if (reader->depth == 4) {
    reader->segment_extents = 0;
    reader->segment_stripes = 1;
  }
  GPtrArray *volumes = reader->depth == 3 ? volumes_of (reader) : NULL;
  if (volumes == NULL || volumes->len >= OCS_LVM_VOLUMES_MAX)
    return;
  reader->volume = g_new0 (OcsLvmVolume, 1);
  reader->volume->name = g_strdup (name);
  g_ptr_array_add (volumes, reader->volume);
}

static void
close_section (Reader *reader)
{
  if (reader->depth > 0)
    reader->depth--;
  if (reader->depth < 3)
    reader->volume = NULL;
}

static OcsLvmVolume *
find_physical (const OcsLvmGroup *group, const char *name, gsize length)
{
  for (guint i = 0; i < group->physical->len; i++) {
    OcsLvmVolume *volume = g_ptr_array_index (group->physical, i);
    if (strlen (volume->name) == length && strncmp (volume->name, name, length) == 0)
      return volume;
  }
  return NULL;
}

/* ["pv0", 0, "pv1", 0]: each gives its share of the segment's extents. */
static void
take_stripes (Reader *reader, const char *value)
{
  guint64 share = reader->segment_extents / MAX (reader->segment_stripes, 1);
  for (const char *start = strchr (value, '"'); start != NULL;) {
    const char *end = strchr (start + 1, '"');
    if (end == NULL)
      return;
    OcsLvmVolume *volume = find_physical (reader->group, start + 1, (gsize)(end - start - 1));
    if (volume != NULL)
      volume->used = MIN (volume->used + share, volume->extents);
    start = strchr (end + 1, '"');
  }
}

static guint64
to_number (const char *value)
{
  return MIN (g_ascii_strtoull (value, NULL, 10), G_MAXINT64 / 2);
}

static void
take_segment (Reader *reader, const char *key, const char *value)
{
  if (g_str_equal (key, "stripe_count"))
    reader->segment_stripes = to_number (value);
  if (g_str_equal (key, "stripes"))
    take_stripes (reader, value);
  if (!g_str_equal (key, "extent_count"))
    return;
  reader->segment_extents = to_number (value);
  if (reader->volume != NULL && volumes_of (reader) == reader->group->logical) {
    reader->volume->extents = MIN (reader->volume->extents + reader->segment_extents, G_MAXINT64 / 2);
    reader->volume->segments++;
  }
}

static void
take_volume (Reader *reader, const char *key, const char *value)
{
  if (g_str_equal (key, "device"))
    set_text (&reader->volume->device, value);
  else if (g_str_equal (key, "pe_count"))
    reader->volume->extents = to_number (value);
  else if (g_str_equal (key, "status"))
    reader->volume->is_hidden = strstr (value, "\"VISIBLE\"") == NULL;
}

static void
take_value (Reader *reader, const char *key, const char *value)
{
  OcsLvmGroup *group = reader->group;
  if (reader->depth == 4 && reader->volume != NULL)
    take_segment (reader, key, value);
  else if (reader->depth == 3 && reader->volume != NULL)
    take_volume (reader, key, value);
  else if (reader->depth == 1 && g_str_equal (key, "id"))
    set_text (&group->id, value);
  else if (reader->depth == 1 && g_str_equal (key, "format"))
    set_text (&group->format, value);
  else if (reader->depth == 1 && g_str_equal (key, "extent_size"))
    group->extent_sectors = MIN (to_number (value), G_MAXUINT32);
}

/* What follows '#' outside of quotes is a comment. */
static void
drop_comment (char *line)
{
  gboolean is_quoted = FALSE;
  for (char *at = line; *at != '\0'; at++) {
    if (*at == '"')
      is_quoted = !is_quoted;
    if (*at == '#' && !is_quoted) {
      *at = '\0';
      return;
    }
  }
}

/* "key = value"; a list may go on for some lines, of which *next is the first. */
static void
read_value (Reader *reader, char **lines, guint *next)
{
  char *line = lines[*next - 1];
  char *equals = strchr (line, '=');
  if (equals == NULL)
    return;
  g_autofree char *key = g_strstrip (g_strndup (line, (gsize)(equals - line)));
  g_autoptr (GString) value = g_string_new (equals + 1);
  gboolean is_list = strchr (value->str, '[') != NULL;
  while (is_list && strchr (value->str, ']') == NULL && lines[*next] != NULL && value->len < 65536) {
    drop_comment (lines[*next]);
    g_string_append (value, lines[(*next)++]);
  }
  take_value (reader, key, value->str);
}

static void
strip_dashes (char *text)
{
  char *to = text;
  for (const char *from = text; from != NULL && *from != '\0'; from++)
    if (*from != '-')
      *to++ = *from;
  if (to != NULL)
    *to = '\0';
}

OcsLvmGroup *
ocs_lvm_parse (const char *text)
{
  g_autoptr (OcsLvmGroup) group = group_new ();
  Reader reader = {.group = group};
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL;) {
    drop_comment (lines[i]);
    char *line = g_strstrip (lines[i++]);
    gsize length = strlen (line);
    if (length > 0 && line[length - 1] == '{') {
      line[length - 1] = '\0';
      open_section (&reader, g_strstrip (line));
    } else if (*line == '}') {
      close_section (&reader);
    } else {
      read_value (&reader, lines, &i);
    }
  }
  for (guint i = 0; i < DEPTH; i++)
    g_free (reader.names[i]);
  strip_dashes (group->id);
  if (group->name == NULL || group->id == NULL || group->extent_sectors == 0)
    return NULL;
  return g_steal_pointer (&group);
}
