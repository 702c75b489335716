/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which unpacked file the NAME of a LAUNCH package means. */
#pragma once
#include <glib.h>

/* name is "file arguments". The file is the longest run of words that is a regular file below the open folder: so names with spaces and
 * hyphens work (the Unix agent cuts at the first of either, Agent/Modules/Download.pm); it may also stand in quotes. Makes it executable.
 * Returns argv ("./file", arguments split as a shell would), transfer full. OCS_ERROR_NOT_FOUND where there is no such file,
 * OCS_ERROR_INVALID_DATA where the arguments cannot be split. */
char **ocs_launch_prepare (int folder, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
