/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bar is full where its bytes came from the cache, and striped where they crossed the line; colour only repeats it. */
#define G_LOG_DOMAIN "ocs-plot"
#include "tray/plot.h"

#include "tray/paint.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>
#include <math.h>

#define HEIGHT 96.0
#define BAR_MAX 24.0
#define GAP 2.0

typedef struct {
  GtkWidget *area;     /* borrowed: in the box, like the next */
  GtkWidget *words;    /* what the chosen day says, or all of them together */
  OcsTraffic *traffic; /* owned, nullable */
  int chosen;          /* index of a day, -1 for none */
} Plot;

static void
plot_free (gpointer data)
{
  Plot *plot = data;
  if (plot->traffic)
    ocs_traffic_free (plot->traffic);
  g_free (plot);
}

static double
top_of (GtkWidget *area)
{
  return ocs_paint_line (area) + 4;
}

static double
pitch_of (GtkWidget *area)
{
  return (double)gtk_widget_get_allocated_width (area) / OCS_TRAFFIC_DAYS;
}

/* The left edge of a day's column. */
static double
x_of (GtkWidget *area, int day)
{
  int place = gtk_widget_get_direction (area) == GTK_TEXT_DIR_RTL ? OCS_TRAFFIC_DAYS - 1 - day : day;
  return place * pitch_of (area);
}

static void
draw_stripes (cairo_t *cr, double x, double y, double width, double height)
{
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  cairo_set_line_width (cr, 1.5);
  for (double at = y - width; at < y + height + width; at += 5) {
    cairo_move_to (cr, x, at + width);
    cairo_line_to (cr, x + width, at);
  }
  cairo_stroke (cr);
  cairo_restore (cr);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, x + 0.5, y + 0.5, width - 1, MAX (height - 1, 0.5));
  cairo_stroke (cr);
}

static void
draw_day (Plot *plot, cairo_t *cr, int number)
{
  GtkWidget *area = plot->area;
  const OcsTrafficDay *day = plot->traffic->days->pdata[number];
  double width = floor (MIN (pitch_of (area) - GAP, BAR_MAX));
  double x = floor (x_of (area, number) + (pitch_of (area) - width) / 2);
  double bottom = top_of (area) + HEIGHT;
  double scale = plot->traffic->most > 0 ? HEIGHT / (double)plot->traffic->most : 0;
  double cache = floor ((double)day->from_cache * scale);
  double wan = floor ((double)day->from_wan * scale);
  if (day->from_cache > 0) {
    ocs_paint_ink (area, cr, OCS_INK_GOOD);
    cairo_rectangle (cr, x, bottom - MAX (cache, 1), width, MAX (cache, 1));
    cairo_fill (cr);
  }
  if (day->from_wan > 0) {
    ocs_paint_ink (area, cr, OCS_INK_TEXT);
    draw_stripes (cr, x, bottom - cache - MAX (wan, 2), width, MAX (wan, 2));
  }
  if (number != plot->chosen)
    return;
  ocs_paint_ink (area, cr, OCS_INK_TEXT);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, x - 1.5, top_of (area) - 0.5, width + 3, HEIGHT + 1);
  cairo_stroke (cr);
}

static void
draw_axis (Plot *plot, cairo_t *cr)
{
  GtkWidget *area = plot->area;
  double bottom = floor (top_of (area) + HEIGHT) + 0.5;
  ocs_paint_ink (area, cr, OCS_INK_FAINT);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, 0, bottom);
  cairo_line_to (cr, gtk_widget_get_allocated_width (area), bottom);
  cairo_stroke (cr);
  if (plot->traffic->most > 0)
    ocs_paint_text (area, cr, plot->traffic->scale, gtk_widget_get_direction (area) == GTK_TEXT_DIR_RTL ? 1e6 : 0, 0, 0);
  for (int i = OCS_TRAFFIC_DAYS - 1; i >= 0; i -= 7) {
    const OcsTrafficDay *day = plot->traffic->days->pdata[i];
    ocs_paint_text (area, cr, day->name, x_of (area, i) + pitch_of (area) / 2, bottom + 3, 0.5);
  }
}

static gboolean
on_area_draw (GtkWidget *area, cairo_t *cr, gpointer user_data)
{
  Plot *plot = user_data;
  if (plot->traffic == NULL || plot->traffic->days->len < OCS_TRAFFIC_DAYS)
    return FALSE;
  for (int i = 0; i < OCS_TRAFFIC_DAYS; i++)
    draw_day (plot, cr, i);
  draw_axis (plot, cr);
  ocs_paint_focus (area, cr);
  return FALSE;
}

static void
say (Plot *plot)
{
  const OcsTrafficDay *day = plot->chosen >= 0 ? plot->traffic->days->pdata[plot->chosen] : NULL;
  const char *words = day ? day->words : plot->traffic->words;
  ocs_label_set (plot->words, words);
  ocs_widget_set_description (plot->area, words);
  gtk_widget_queue_draw (plot->area);
}

static int
day_at (Plot *plot, double x)
{
  int place = CLAMP ((int)(x / pitch_of (plot->area)), 0, OCS_TRAFFIC_DAYS - 1);
  return gtk_widget_get_direction (plot->area) == GTK_TEXT_DIR_RTL ? OCS_TRAFFIC_DAYS - 1 - place : place;
}

static gboolean
on_area_tooltip (GtkWidget *area, int x, int y, gboolean keyboard, GtkTooltip *tooltip, gpointer user_data)
{
  Plot *plot = user_data;
  int day = keyboard ? plot->chosen : day_at (plot, x);
  if (plot->traffic == NULL || day < 0)
    return FALSE;
  gtk_tooltip_set_text (tooltip, ((OcsTrafficDay *)plot->traffic->days->pdata[day])->words);
  return TRUE;
}

static gboolean
on_area_pressed (GtkWidget *area, GdkEventButton *event, gpointer user_data)
{
  Plot *plot = user_data;
  gtk_widget_grab_focus (area);
  if (plot->traffic) {
    plot->chosen = day_at (plot, event->x);
    say (plot);
  }
  return GDK_EVENT_STOP;
}

static gboolean
on_area_key (GtkWidget *area, GdkEventKey *event, gpointer user_data)
{
  Plot *plot = user_data;
  int forward = gtk_widget_get_direction (area) == GTK_TEXT_DIR_RTL ? -1 : 1;
  int last = OCS_TRAFFIC_DAYS - 1;
  int step = event->keyval == GDK_KEY_Right ? forward : event->keyval == GDK_KEY_Left ? -forward : 0;
  if (plot->traffic == NULL || (event->state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  if (event->keyval == GDK_KEY_Home)
    plot->chosen = 0;
  else if (event->keyval == GDK_KEY_End)
    plot->chosen = last;
  else if (step != 0)
    plot->chosen = plot->chosen < 0 ? last : CLAMP (plot->chosen + step, 0, last);
  else
    return GDK_EVENT_PROPAGATE;
  say (plot);
  return GDK_EVENT_STOP;
}

static void
on_area_style (GtkWidget *area, gpointer user_data)
{
  gtk_widget_set_size_request (area, -1, (int)(top_of (area) + HEIGHT) + ocs_paint_line (area) + 6);
}

GtkWidget *
ocs_plot_new (void)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  Plot *plot = g_new0 (Plot, 1);
  plot->chosen = -1;
  plot->area = ocs_paint_area_new (_ ("Bytes of packages by day"));
  plot->words = ocs_label_new (NULL, "dim-label");
  gtk_widget_set_has_tooltip (plot->area, TRUE);
  gtk_container_add (GTK_CONTAINER (box), plot->area);
  gtk_container_add (GTK_CONTAINER (box), plot->words);
  g_object_set_data_full (G_OBJECT (box), "ocs-plot", plot, plot_free);
  g_signal_connect (plot->area, "draw", G_CALLBACK (on_area_draw), plot);
  g_signal_connect (plot->area, "query-tooltip", G_CALLBACK (on_area_tooltip), plot);
  g_signal_connect (plot->area, "button-press-event", G_CALLBACK (on_area_pressed), plot);
  g_signal_connect (plot->area, "key-press-event", G_CALLBACK (on_area_key), plot);
  g_signal_connect (plot->area, "style-updated", G_CALLBACK (on_area_style), plot);
  on_area_style (plot->area, plot);
  return box;
}

void
ocs_plot_set (GtkWidget *widget, OcsTraffic *traffic)
{
  Plot *plot = g_object_get_data (G_OBJECT (widget), "ocs-plot");
  if (plot->traffic)
    ocs_traffic_free (plot->traffic);
  plot->traffic = traffic;
  say (plot);
}
