/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window "About". Must not open anything by itself. */
#define G_LOG_DOMAIN "ocs-about"
#include "tray/about.h"

#include "ipc/names.h"
#include <glib/gi18n-lib.h>

static void
on_about_response (GtkDialog *dialog, int response, gpointer user_data)
{
  gtk_widget_destroy (GTK_WIDGET (dialog));
}

GtkWidget *
ocs_about_new (GtkApplication *application)
{
  GtkWidget *about = gtk_about_dialog_new ();
  GtkAboutDialog *dialog = GTK_ABOUT_DIALOG (about);
  gtk_about_dialog_set_program_name (dialog, _ ("OCS Companion"));
  gtk_about_dialog_set_version (dialog, OCS_VERSION);
  gtk_about_dialog_set_comments (dialog, _ ("Shows what the OCS Inventory agent of this machine does.\n"
                                            "Independent of the OCS Inventory project."));
  gtk_about_dialog_set_copyright (dialog, _ ("© The authors of OCS Companion"));
  gtk_about_dialog_set_license_type (dialog, GTK_LICENSE_GPL_3_0);
  gtk_about_dialog_set_logo_icon_name (dialog, OCS_TRAY_APP_ID);
  /* Translators: your names, one a line. */
  gtk_about_dialog_set_translator_credits (dialog, _ ("translator-credits"));
  gtk_window_set_application (GTK_WINDOW (about), application);
  g_signal_connect (about, "response", G_CALLBACK (on_about_response), NULL);
  return about;
}
