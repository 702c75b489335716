/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days of the calendar to bars. Must not draw, nor read a clock. */
#define G_LOG_DOMAIN "ocs-traffic"
#include "tray/view/traffic.h"

#include "ipc/json.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>

static void
day_free (gpointer data)
{
  OcsTrafficDay *day = data;
  g_free (day->name);
  g_free (day->words);
  g_free (day);
}

/* Element-type JsonObject, by "2026-11-22"; borrowed from reply. */
static GHashTable *
days_by_date (JsonObject *reply)
{
  GHashTable *days = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *array = ocs_json_array (reply, "days");
  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    JsonObject *day = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    const char *date = day ? ocs_json_string (day, "day") : NULL;
    if (date)
      g_hash_table_insert (days, (gpointer)date, day);
  }
  return days;
}

static char *
words_of (gint64 cache, gint64 wan)
{
  OcsProxyStatus bytes = {.from_cache = cache, .from_wan = wan};
  char *words = ocs_words_savings (&bytes);
  return words ? words : g_strdup (_ ("nothing"));
}

static OcsTrafficDay *
day_new (JsonObject *found, GDateTime *date)
{
  OcsTrafficDay *day = g_new0 (OcsTrafficDay, 1);
  day->name = g_date_time_format (date, C_ ("g_date_time_format, a day, short", "%-d %b"));
  day->from_cache = found ? MAX (ocs_json_int (found, "from_cache", 0), 0) : 0;
  day->from_wan = found ? MAX (ocs_json_int (found, "from_wan", 0), 0) : 0;
  g_autofree char *words = words_of (day->from_cache, day->from_wan);
  day->words = g_strdup_printf (C_ ("a day: bytes", "%s: %s"), day->name, words);
  return day;
}

OcsTraffic *
ocs_traffic_from_json (JsonObject *reply, gint64 now, GTimeZone *zone)
{
  OcsTraffic *traffic = g_new0 (OcsTraffic, 1);
  g_autoptr (GHashTable) days = days_by_date (reply);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now);
  g_autoptr (GDateTime) today = utc ? g_date_time_to_timezone (utc, zone) : NULL;
  double cache = 0, wan = 0;
  traffic->days = g_ptr_array_new_with_free_func (day_free);
  for (int back = OCS_TRAFFIC_DAYS - 1; today && back >= 0; back--) {
    g_autoptr (GDateTime) date = g_date_time_add_days (today, -back);
    g_autofree char *name = date ? g_date_time_format (date, "%Y-%m-%d") : g_strdup ("");
    OcsTrafficDay *day = day_new (g_hash_table_lookup (days, name), date);
    /* Bytes of a nonsense worker must not run over. */
    day->from_cache = MIN (day->from_cache, G_MAXINT64 / 4);
    day->from_wan = MIN (day->from_wan, G_MAXINT64 / 4);
    traffic->most = MAX (traffic->most, day->from_cache + day->from_wan);
    cache += (double)day->from_cache;
    wan += (double)day->from_wan;
    g_ptr_array_add (traffic->days, day);
  }
  traffic->scale = g_format_size ((guint64)traffic->most);
  g_autofree char *sum = words_of ((gint64)MIN (cache, 9e18), (gint64)MIN (wan, 9e18));
  traffic->words = g_strdup_printf (_ ("In 30 days: %s"), sum);
  return traffic;
}

void
ocs_traffic_free (OcsTraffic *traffic)
{
  g_ptr_array_unref (traffic->days);
  g_free (traffic->scale);
  g_free (traffic->words);
  g_free (traffic);
}
