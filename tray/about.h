/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who made this, and that it is not the OCS Inventory project. */
#pragma once
#include <gtk/gtk.h>

/* A window that destroys itself when it is closed. Transfer none: the application's. */
GtkWidget *ocs_about_new (GtkApplication *application);
