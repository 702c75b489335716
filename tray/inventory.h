/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window "Inventory": what this machine tells the server, as a tree that can be searched. By the rights of who looks. */
#pragma once
#include <gtk/gtk.h>

/* Collects the inventory at once, in the background. Destroys itself when it is closed, and cancels what is under way. Transfer none: the
 * application's. socket_path: the worker's. */
GtkWidget *ocs_inventory_new (GtkApplication *application, const char *socket_path);
