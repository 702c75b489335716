/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all drawn widgets share: colours of the theme, so that dark and high contrast follow by themselves, and small texts. */
#pragma once
#include <gtk/gtk.h>

typedef enum {
  OCS_INK_TEXT,  /* what words are written in */
  OCS_INK_FAINT, /* the same, lighter: lines and captions */
  OCS_INK_GOOD,
  OCS_INK_BAD,
  OCS_INK_ACCENT, /* the theme's selection */
} OcsInk;

/* Sets the source of cr. */
void ocs_paint_ink (GtkWidget *widget, cairo_t *cr, OcsInk ink);

/* text with its middle (horizontal 0.5), left (0) or right edge (1) at x and its top at y, but never beyond the edges of widget. */
void ocs_paint_text (GtkWidget *widget, cairo_t *cr, const char *text, double x, double y, double horizontal);
/* Height of a line of such text, and the width of text, in pixels. */
int ocs_paint_line (GtkWidget *widget);
int ocs_paint_width (GtkWidget *widget, const char *text);

/* The ring of the keyboard focus, where widget has it. */
void ocs_paint_focus (GtkWidget *widget, cairo_t *cr);

/* A drawing area that a keyboard and a screen reader reach, as a chart called name. Shown. */
GtkWidget *ocs_paint_area_new (const char *name);
