/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where each fragment of a package came from, a small square each, told apart by pattern. */
#pragma once
#include <gtk/gtk.h>

/* Shown. */
GtkWidget *ocs_fragmap_new (void);
/* map: a character a fragment, see OcsDeployment; words: the same for screen readers. Drawn anew only where it differs. */
void ocs_fragmap_set (GtkWidget *fragmap, const char *map, const char *words);
