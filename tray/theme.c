/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GTK takes the name of the theme from GTK_THEME before all else, and a theme from our own resources before files. When the variable is
 * gone, the next word that the name has changed makes it read what the session wants. */
#define G_LOG_DOMAIN "ocs-theme"
#include "tray/theme.h"

#define VARIABLE "GTK_THEME"
#define BARE "OcsCompanionBare" /* see tray.gresource.xml */
#define POSTPONED "ocs-theme-postponed"

void
ocs_theme_postpone (void)
{
  g_setenv (VARIABLE, BARE, FALSE);
}

void
ocs_theme_need (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  if (settings == NULL || g_object_get_data (G_OBJECT (settings), POSTPONED) == NULL)
    return;
  g_object_set_data (G_OBJECT (settings), POSTPONED, NULL);
  g_object_notify (G_OBJECT (settings), "gtk-theme-name");
}

static void
on_application_window_added (GtkApplication *application, GtkWindow *window, gpointer user_data)
{
  ocs_theme_need ();
}

/* An icon in an old tray and the window around a menu are GTK's own windows. */
static gboolean
on_any_widget_shown (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  gboolean window = GTK_IS_WINDOW (g_value_get_object (values));
  if (window)
    ocs_theme_need ();
  return !window;
}

void
ocs_theme_follow (GtkApplication *application)
{
  GtkSettings *settings = gtk_settings_get_default ();
  if (settings == NULL || g_strcmp0 (g_getenv (VARIABLE), BARE) != 0)
    return;
  /* The threads that run by now are the bus's and read no variable. */
  g_unsetenv (VARIABLE);
  g_object_set_data (G_OBJECT (settings), POSTPONED, settings);
  g_signal_connect (application, "window-added", G_CALLBACK (on_application_window_added), NULL);
  g_signal_add_emission_hook (g_signal_lookup ("show", GTK_TYPE_WIDGET), 0, on_any_widget_shown, NULL, NULL);
}
