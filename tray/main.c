/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocs-tray: the locale and the one thing that comes from the environment. */
#define G_LOG_DOMAIN "ocs-tray"
#include "tray/admission.h"
#include "tray/app.h"
#include "tray/theme.h"
#include <glib/gi18n-lib.h>
#include <gtk/gtk.h>
#include <locale.h>

/* GTK looks for OpenGL at the first window of a session, which nothing here draws with: without a graphics card that is all of LLVM, 50 MB.
 * It reads the variable here, and programs that we start do not inherit it. No thread runs yet, and no display is opened. */
static void
go_without_gl (void)
{
  if (g_getenv ("GDK_GL") != NULL)
    return;
  g_setenv ("GDK_GL", "disable", FALSE);
  gtk_parse_args (NULL, NULL);
  g_unsetenv ("GDK_GL");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  go_without_gl ();
  ocs_theme_postpone ();
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("OCS_LOCALE_DIR") ? g_getenv ("OCS_LOCALE_DIR") : OCS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_set_application_name (_ ("OCS Companion"));
  if (!ocs_admission_allows (argc, argv)) {
    g_print (_ ("The administrator of this machine does not show the tray in this session.\n"));
    return 0;
  }
  return ocs_app_run (g_getenv ("OCS_ICON_DIR"), argc, argv);
}
