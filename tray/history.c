/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks are told apart by shape; colour only repeats it. */
#define G_LOG_DOMAIN "ocs-history"
#include "tray/history.h"

#include "tray/paint.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define RADIUS 5.0
#define MARGIN 8.0
#define LINE_Y 14.0
#define LABEL_Y 26.0
#define NEAR 12.0

typedef struct {
  GtkWidget *area;       /* borrowed: in the box, like the next */
  GtkWidget *words;      /* what the chosen mark says, or all of them together */
  OcsTimeline *timeline; /* owned, nullable */
  int chosen;            /* index of a mark, -1 for none */
} History;

static void
history_free (gpointer data)
{
  History *history = data;
  if (history->timeline)
    ocs_timeline_free (history->timeline);
  g_free (history);
}

static double
x_of (GtkWidget *area, double place)
{
  double x = MARGIN + place * (gtk_widget_get_allocated_width (area) - 2 * MARGIN);
  return gtk_widget_get_direction (area) == GTK_TEXT_DIR_RTL ? gtk_widget_get_allocated_width (area) - x : x;
}

static void
draw_mark (GtkWidget *area, cairo_t *cr, const OcsMark *mark, gboolean chosen)
{
  double x = floor (x_of (area, mark->place)) + 0.5;
  cairo_new_path (cr);
  cairo_set_line_width (cr, chosen ? 3 : 2);
  ocs_paint_ink (area, cr, mark->shape == OCS_MARK_CROSS ? OCS_INK_BAD : mark->shape == OCS_MARK_DASH ? OCS_INK_FAINT : OCS_INK_GOOD);
  switch (mark->shape) {
  case OCS_MARK_DISC:
    cairo_arc (cr, x, LINE_Y, RADIUS, 0, 2 * G_PI);
    cairo_fill (cr);
    break;
  case OCS_MARK_RING:
    cairo_arc (cr, x, LINE_Y, RADIUS - 1, 0, 2 * G_PI);
    cairo_stroke (cr);
    break;
  case OCS_MARK_DASH:
    cairo_move_to (cr, x, LINE_Y - RADIUS);
    cairo_line_to (cr, x, LINE_Y + RADIUS);
    cairo_stroke (cr);
    break;
  case OCS_MARK_CROSS:
  default:
    cairo_move_to (cr, x - RADIUS, LINE_Y - RADIUS);
    cairo_line_to (cr, x + RADIUS, LINE_Y + RADIUS);
    cairo_move_to (cr, x + RADIUS, LINE_Y - RADIUS);
    cairo_line_to (cr, x - RADIUS, LINE_Y + RADIUS);
    cairo_stroke (cr);
    break;
  }
  if (!chosen)
    return;
  ocs_paint_ink (area, cr, OCS_INK_TEXT);
  cairo_set_line_width (cr, 1);
  cairo_arc (cr, x, LINE_Y, RADIUS + 4, 0, 2 * G_PI);
  cairo_stroke (cr);
}

static void
draw_days (GtkWidget *area, cairo_t *cr, const OcsTimeline *timeline)
{
  double free_from = -G_MAXDOUBLE;
  cairo_set_line_width (cr, 1);
  for (guint i = 0; i < timeline->days->len; i++) {
    const OcsTimelineDay *day = timeline->days->pdata[i];
    double x = floor (x_of (area, day->place)) + 0.5;
    double width = ocs_paint_width (area, day->name);
    ocs_paint_ink (area, cr, OCS_INK_FAINT);
    cairo_move_to (cr, x, LINE_Y - 3);
    cairo_line_to (cr, x, LABEL_Y);
    cairo_stroke (cr);
    if (fabs (x - free_from) < width + 4)
      continue;
    ocs_paint_text (area, cr, day->name, x, LABEL_Y, 0.5);
    free_from = x;
  }
}

static gboolean
on_area_draw (GtkWidget *area, cairo_t *cr, gpointer user_data)
{
  History *history = user_data;
  if (history->timeline == NULL)
    return FALSE;
  ocs_paint_ink (area, cr, OCS_INK_FAINT);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, MARGIN, LINE_Y + 0.5);
  cairo_line_to (cr, gtk_widget_get_allocated_width (area) - MARGIN, LINE_Y + 0.5);
  cairo_stroke (cr);
  draw_days (area, cr, history->timeline);
  for (guint i = 0; i < history->timeline->marks->len; i++)
    draw_mark (area, cr, history->timeline->marks->pdata[i], (int)i == history->chosen);
  ocs_paint_focus (area, cr);
  return FALSE;
}

static void
say (History *history)
{
  const OcsMark *mark = history->chosen >= 0 ? history->timeline->marks->pdata[history->chosen] : NULL;
  const char *words = mark ? mark->words : history->timeline->words;
  ocs_label_set (history->words, words);
  ocs_widget_set_description (history->area, words);
  gtk_widget_queue_draw (history->area);
}

/* -1 where none is near. */
static int
mark_at (History *history, double x)
{
  int found = -1;
  double best = NEAR;
  for (guint i = 0; history->timeline && i < history->timeline->marks->len; i++) {
    const OcsMark *mark = history->timeline->marks->pdata[i];
    double distance = fabs (x_of (history->area, mark->place) - x);
    if (distance <= best) {
      best = distance;
      found = (int)i;
    }
  }
  return found;
}

static gboolean
on_area_tooltip (GtkWidget *area, int x, int y, gboolean keyboard, GtkTooltip *tooltip, gpointer user_data)
{
  History *history = user_data;
  int found = keyboard ? history->chosen : mark_at (history, x);
  if (found < 0)
    return FALSE;
  const OcsMark *mark = history->timeline->marks->pdata[found];
  gtk_tooltip_set_text (tooltip, mark->words);
  return TRUE;
}

static gboolean
on_area_pressed (GtkWidget *area, GdkEventButton *event, gpointer user_data)
{
  History *history = user_data;
  gtk_widget_grab_focus (area);
  if (history->timeline == NULL)
    return GDK_EVENT_STOP;
  history->chosen = mark_at (history, event->x);
  say (history);
  return GDK_EVENT_STOP;
}

static gboolean
on_area_key (GtkWidget *area, GdkEventKey *event, gpointer user_data)
{
  History *history = user_data;
  int last = history->timeline ? (int)history->timeline->marks->len - 1 : -1;
  int chosen = history->chosen;
  int forward = gtk_widget_get_direction (area) == GTK_TEXT_DIR_RTL ? -1 : 1;
  if (last < 0 || (event->state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  if (event->keyval == GDK_KEY_Left || event->keyval == GDK_KEY_Right)
    chosen = chosen < 0 ? last : CLAMP (chosen + (event->keyval == GDK_KEY_Right ? forward : -forward), 0, last);
  else if (event->keyval == GDK_KEY_Home)
    chosen = 0;
  else if (event->keyval == GDK_KEY_End)
    chosen = last;
  else
    return GDK_EVENT_PROPAGATE;
  history->chosen = chosen;
  say (history);
  return GDK_EVENT_STOP;
}

static void
on_area_style (GtkWidget *area, gpointer user_data)
{
  gtk_widget_set_size_request (area, -1, (int)LABEL_Y + ocs_paint_line (area) + 2);
}

GtkWidget *
ocs_history_new (void)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  History *history = g_new0 (History, 1);
  history->chosen = -1;
  history->area = ocs_paint_area_new (_ ("Contacts of the last 7 days"));
  history->words = ocs_label_new (NULL, "dim-label");
  gtk_widget_set_has_tooltip (history->area, TRUE);
  gtk_container_add (GTK_CONTAINER (box), history->area);
  gtk_container_add (GTK_CONTAINER (box), history->words);
  g_object_set_data_full (G_OBJECT (box), "ocs-history", history, history_free);
  g_signal_connect (history->area, "draw", G_CALLBACK (on_area_draw), history);
  g_signal_connect (history->area, "query-tooltip", G_CALLBACK (on_area_tooltip), history);
  g_signal_connect (history->area, "button-press-event", G_CALLBACK (on_area_pressed), history);
  g_signal_connect (history->area, "key-press-event", G_CALLBACK (on_area_key), history);
  g_signal_connect (history->area, "style-updated", G_CALLBACK (on_area_style), history);
  on_area_style (history->area, history);
  return box;
}

static gboolean
is_same (const OcsTimeline *one, const OcsTimeline *other)
{
  if (one == NULL || one->marks->len != other->marks->len || strcmp (one->words, other->words) != 0)
    return FALSE;
  for (guint i = 0; i < one->marks->len; i++) {
    const OcsMark *a = one->marks->pdata[i];
    const OcsMark *b = other->marks->pdata[i];
    if (a->shape != b->shape || strcmp (a->words, b->words) != 0)
      return FALSE;
  }
  return one->days->len == other->days->len;
}

void
ocs_history_set (GtkWidget *widget, OcsTimeline *timeline)
{
  History *history = g_object_get_data (G_OBJECT (widget), "ocs-history");
  gboolean same = is_same (history->timeline, timeline);
  if (history->timeline)
    ocs_timeline_free (history->timeline);
  history->timeline = timeline;
  if (!same)
    history->chosen = -1;
  say (history);
}
