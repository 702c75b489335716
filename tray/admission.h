/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the tray may show itself in this session, asked before there is a display: on a terminal server fifty of it must cost nothing. */
#pragma once
#include <glib.h>

/* argv: as main() got it; only --background and --socket are looked at. Waits for the worker at most two seconds: one that does not answer
 * has no say, and the default holds. */
gboolean ocs_admission_allows (int argc, char **argv);
