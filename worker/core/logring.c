/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/logring.h"
#include <string.h>

struct _OcsLogRing {
  OcsLogLine *lines; /* owned; capacity of them */
  guint capacity;
  guint64 next;
};

static void
clear (OcsLogLine *line)
{
  g_clear_pointer (&line->domain, g_free);
  g_clear_pointer (&line->text, g_free);
}

OcsLogRing *
ocs_log_ring_new (guint capacity)
{
  OcsLogRing *ring = g_new0 (OcsLogRing, 1);

  ring->capacity = MAX (capacity, 1);
  ring->lines = g_new0 (OcsLogLine, ring->capacity);
  return ring;
}

void
ocs_log_ring_free (OcsLogRing *ring)
{
  if (ring == NULL)
    return;
  for (guint i = 0; i < ring->capacity; i++)
    clear (&ring->lines[i]);
  g_free (ring->lines);
  g_free (ring);
}

/* One line that a terminal can be shown: control characters would let a server's text draw there. */
static char *
clean (const char *text)
{
  gsize length = text != NULL ? strnlen (text, OCS_LOG_TEXT_MAX) : 0;
  char *valid = length > 0 ? g_utf8_make_valid (text, (gssize)length) : g_strdup ("");

  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_strchomp (valid);
}

void
ocs_log_ring_add (OcsLogRing *ring, gint64 time, GLogLevelFlags level, const char *domain, const char *text)
{
  OcsLogLine *line = &ring->lines[ring->next % ring->capacity];

  clear (line);
  line->time = time;
  line->level = level & G_LOG_LEVEL_MASK;
  line->domain = clean (domain);
  line->text = clean (text);
  ring->next++;
}

guint64
ocs_log_ring_next (const OcsLogRing *ring)
{
  return ring->next;
}

const OcsLogLine *
ocs_log_ring_get (const OcsLogRing *ring, guint64 *at)
{
  guint64 oldest = ring->next > ring->capacity ? ring->next - ring->capacity : 0;

  *at = MAX (*at, oldest);
  return *at < ring->next ? &ring->lines[*at % ring->capacity] : NULL;
}

const char *
ocs_log_level_name (GLogLevelFlags level)
{
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
    return "error";
  if (level & G_LOG_LEVEL_WARNING)
    return "warning";
  if (level & G_LOG_LEVEL_MESSAGE)
    return "message";
  return level & G_LOG_LEVEL_INFO ? "info" : "debug";
}

JsonObject *
ocs_log_line_to_json (const OcsLogLine *line)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "time", line->time);
  json_object_set_string_member (object, "level", ocs_log_level_name (line->level));
  json_object_set_string_member (object, "domain", line->domain);
  json_object_set_string_member (object, "text", line->text);
  return object;
}
