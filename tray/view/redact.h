/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that leaves the machine for a help desk: without logins and without the names of people. Pure.
 * A second net: the worker tells no secret in the first place. */
#pragma once
#include <glib.h>

/* text: any valid UTF-8. What was taken out is marked with "…". Transfer full. */
char *ocs_redact (const char *text);
