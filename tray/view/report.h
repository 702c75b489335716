/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person pastes into a mail to the help desk. It holds codes, times and the machine's name at the server; no address of a server
 * or proxy, no command line, no output, no words of the worker, which may name any of them. Pure. */
#pragma once
#include "ipc/status.h"
#include <glib.h>

/* contacts: element-type OcsOutcome. version: the tray's own. Transfer full. */
char *ocs_report_build (const OcsStatus *status, const GPtrArray *contacts, const char *version, gint64 now);
