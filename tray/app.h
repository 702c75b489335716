/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tray as a program: one instance per session; a second start opens the window of the first. */
#pragma once
#include <glib.h>

/* icon_dir: nullable, see ocs_indicator_new(). The exit status. */
int ocs_app_run (const char *icon_dir, int argc, char **argv);
