/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-paint"
#include "tray/paint.h"

#define FAINT 0.45
#define SMALL 0.85

static gboolean
theme_colour (GtkStyleContext *style, OcsInk ink, GdkRGBA *colour)
{
  static const char *const names[] = {
      [OCS_INK_GOOD] = "success_color", [OCS_INK_BAD] = "error_color", [OCS_INK_ACCENT] = "theme_selected_bg_color"};
  return ink >= OCS_INK_GOOD && gtk_style_context_lookup_color (style, names[ink], colour);
}

void
ocs_paint_ink (GtkWidget *widget, cairo_t *cr, OcsInk ink)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA colour;
  if (!theme_colour (style, ink, &colour))
    gtk_style_context_get_color (style, gtk_style_context_get_state (style), &colour);
  if (ink == OCS_INK_FAINT)
    colour.alpha *= FAINT;
  gdk_cairo_set_source_rgba (cr, &colour);
}

static PangoLayout *
layout_new (GtkWidget *widget, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_scale_new (SMALL));
  pango_layout_set_attributes (layout, attributes);
  return layout;
}

void
ocs_paint_text (GtkWidget *widget, cairo_t *cr, const char *text, double x, double y, double horizontal)
{
  g_autoptr (PangoLayout) layout = layout_new (widget, text);
  int width = 0;
  pango_layout_get_pixel_size (layout, &width, NULL);
  double left = CLAMP (x - width * horizontal, 0, MAX (gtk_widget_get_allocated_width (widget) - width, 0));
  cairo_move_to (cr, left, y);
  pango_cairo_show_layout (cr, layout);
}

int
ocs_paint_line (GtkWidget *widget)
{
  g_autoptr (PangoLayout) layout = layout_new (widget, "Xg");
  int height = 0;
  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

int
ocs_paint_width (GtkWidget *widget, const char *text)
{
  g_autoptr (PangoLayout) layout = layout_new (widget, text);
  int width = 0;
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

void
ocs_paint_focus (GtkWidget *widget, cairo_t *cr)
{
  if (!gtk_widget_has_visible_focus (widget))
    return;
  gtk_render_focus (gtk_widget_get_style_context (widget), cr, 0, 0, gtk_widget_get_allocated_width (widget),
                    gtk_widget_get_allocated_height (widget));
}

GtkWidget *
ocs_paint_area_new (const char *name)
{
  GtkWidget *area = gtk_drawing_area_new ();
  AtkObject *accessible = gtk_widget_get_accessible (area);
  atk_object_set_role (accessible, ATK_ROLE_CHART);
  atk_object_set_name (accessible, name);
  gtk_widget_set_can_focus (area, TRUE);
  gtk_widget_set_hexpand (area, TRUE);
  gtk_widget_add_events (area, GDK_BUTTON_PRESS_MASK | GDK_KEY_PRESS_MASK | GDK_FOCUS_CHANGE_MASK);
  gtk_widget_set_visible (area, TRUE);
  return area;
}
