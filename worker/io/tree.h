/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder and all below it, reached by descriptors. */
#pragma once
#include <glib.h>

/* Opens (and where it is absent makes, mode 0700) the folder name in the open folder. -1 with OCS_ERROR. */
int ocs_tree_open (int folder, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes name and all below it; follows no symbolic link and enters no other file system. TRUE where nothing is left. */
gboolean ocs_tree_remove (int folder, const char *name);
/* The same by a path, of any depth: for folders in which only root can swap anything. Absent is fine; OCS_ERROR where something is left. */
gboolean ocs_tree_remove_path (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
