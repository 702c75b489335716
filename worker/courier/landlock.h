/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Landlock (Linux 5.13), by system calls, as no library of Debian 12 has it: no file is written, made, removed or started from here on, and
 * no TCP port is taken. For this process and what it starts, for good. */
#pragma once
#include <glib.h>

/* helper: a program that may be started, nullable. FALSE with OCS_ERROR_UNSUPPORTED, in words, where this kernel lacks it; nothing is
 * closed then. What a kernel of an older ABI does not know is left open silently where it is a detail (renaming between folders,
 * truncating, device commands), as each of them needs a file that is open for writing. */
gboolean ocs_landlock_close (const char *helper, GError **error) G_GNUC_WARN_UNUSED_RESULT;
