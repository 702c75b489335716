/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsinventory.ini and its drop-ins, as read from disk: NAME.ini, and over it each *.ini of the folder NAME.d beside it, in the order of
 * their names. For fleet tools, which may own a file there without touching the administrator's. */
#pragma once
#include "worker/core/ini.h"

/* Never fails. *unreadable: why nothing could be read, transfer full, NULL where something was; a missing file beside drop-ins is none.
 * A drop-in that cannot be read is in the warnings. */
OcsIni *ocs_inifiles_load (const char *path, char **unreadable);
/* The same with text (of length bytes) in the place of the file at path: what would be, were it written. */
OcsIni *ocs_inifiles_load_with (const char *path, const char *text, gsize length);
/* The folder of the drop-ins. transfer full. */
char *ocs_inifiles_folder (const char *path);
