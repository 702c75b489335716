/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Full: from the cache. Stripes: over the line. A dot: was here already. Empty: missing. */
#define G_LOG_DOMAIN "ocs-fragmap"
#include "tray/fragmap.h"

#include "tray/paint.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define COLUMNS 40
#define CELL_MAX 14.0
#define CELL_HEIGHT 14
#define GAP 2.0
#define LEGEND_GAP 8

static const struct {
  char what;
  const char *name;
} legend[] = {{'c', N_ ("from the cache")}, {'w', N_ ("over the line")}, {'d', N_ ("was here already")}, {'.', N_ ("missing")}};

static void
draw_stripes (cairo_t *cr, double x, double y, double size)
{
  cairo_save (cr);
  cairo_rectangle (cr, x, y, size, size);
  cairo_clip (cr);
  cairo_set_line_width (cr, 1.5);
  for (double at = -size; at < size; at += 4) {
    cairo_move_to (cr, x + at, y + size);
    cairo_line_to (cr, x + at + size, y);
  }
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_cell (GtkWidget *area, cairo_t *cr, char what, double x, double y, double size)
{
  ocs_paint_ink (area, cr, what == 'c' ? OCS_INK_GOOD : what == 'w' ? OCS_INK_TEXT : OCS_INK_FAINT);
  cairo_new_path (cr);
  switch (what) {
  case 'c':
    cairo_rectangle (cr, x, y, size, size);
    cairo_fill (cr);
    return;
  case 'w':
    draw_stripes (cr, x, y, size);
    break;
  case 'd':
    cairo_arc (cr, x + size / 2, y + size / 2, size / 4, 0, 2 * G_PI);
    cairo_fill (cr);
    break;
  default:
    break;
  }
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, floor (x) + 0.5, floor (y) + 0.5, floor (size) - 1, floor (size) - 1);
  cairo_stroke (cr);
}

static void
draw_legend (GtkWidget *area, cairo_t *cr, const char *map, double top)
{
  double x = 0;
  int line = ocs_paint_line (area);
  double size = MIN (line - 4, CELL_MAX - GAP);
  for (guint i = 0; i < G_N_ELEMENTS (legend); i++) {
    if (strchr (map, legend[i].what) == NULL)
      continue;
    draw_cell (area, cr, legend[i].what, x, top + (line - size) / 2, size);
    ocs_paint_ink (area, cr, OCS_INK_TEXT);
    ocs_paint_text (area, cr, _ (legend[i].name), x + size + 4, top, 0);
    x += size + 4 + ocs_paint_width (area, _ (legend[i].name)) + OCS_SPACE;
  }
}

static int
rows_of (const char *map)
{
  return map ? (int)((strlen (map) + COLUMNS - 1) / COLUMNS) : 0;
}

static gboolean
on_area_draw (GtkWidget *area, cairo_t *cr, gpointer user_data)
{
  const char *map = g_object_get_data (G_OBJECT (area), "ocs-map");
  double pitch = MIN (CELL_MAX, (double)gtk_widget_get_allocated_width (area) / COLUMNS);
  gboolean mirrored = gtk_widget_get_direction (area) == GTK_TEXT_DIR_RTL;
  if (map == NULL)
    return FALSE;
  for (int i = 0; map[i]; i++) {
    double x = i % COLUMNS * pitch;
    if (mirrored)
      x = gtk_widget_get_allocated_width (area) - x - pitch;
    draw_cell (area, cr, map[i], x, (double)(i / COLUMNS) * CELL_HEIGHT, pitch - GAP);
  }
  draw_legend (area, cr, map, (double)rows_of (map) * CELL_HEIGHT + LEGEND_GAP);
  ocs_paint_focus (area, cr);
  return FALSE;
}

static void
on_area_style (GtkWidget *area, gpointer user_data)
{
  const char *map = g_object_get_data (G_OBJECT (area), "ocs-map");
  gtk_widget_set_size_request (area, -1, rows_of (map) * CELL_HEIGHT + LEGEND_GAP + ocs_paint_line (area));
}

GtkWidget *
ocs_fragmap_new (void)
{
  GtkWidget *area = ocs_paint_area_new (_ ("Parts of the package"));
  g_signal_connect (area, "draw", G_CALLBACK (on_area_draw), NULL);
  g_signal_connect (area, "style-updated", G_CALLBACK (on_area_style), NULL);
  return area;
}

void
ocs_fragmap_set (GtkWidget *area, const char *map, const char *words)
{
  if (g_strcmp0 (g_object_get_data (G_OBJECT (area), "ocs-map"), map) != 0) {
    g_object_set_data_full (G_OBJECT (area), "ocs-map", g_strdup (map), g_free);
    on_area_style (area, NULL);
    gtk_widget_queue_draw (area);
  }
  ocs_widget_set_description (area, words);
  ocs_widget_set_visible (area, map != NULL);
}
