/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STORE: brings an unpacked tree to its place, without any shell. */
#pragma once
#include <glib.h>

/* Moves what the open folder tree holds (dot-files too) to path, which is absolute; makes path and its parents (mode 0755) where they are
 * absent. Files and links are copied under a temporary name and renamed, so that an existing one is replaced at once or not at all;
 * modes and times are kept, existing folders keep theirs; a folder that is a link is followed where root, or the owner of the folder that
 * it leads to, made it.
 * Copied, not renamed, so that files get the labels and ACLs of their new place; each is removed from tree when it stands, so that the
 * disk holds it once. What lies on path's file system is synced when this
 * returns TRUE. Otherwise OCS_ERROR_NO_SPACE, OCS_ERROR_INVALID_DATA (path is
 * not absolute) or OCS_ERROR_FAILED, which names the file. */
gboolean ocs_install (int tree, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
