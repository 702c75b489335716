/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacks a package's archive (tar, plain or with gzip, xz or zstd; zip) straight from its fragments: no assembled copy, constant memory.
 * Must never write outside the target: names, links and devices are judged here, and by libarchive once more. */
#pragma once
#include "worker/run/fragments.h"

typedef struct {
  guint64 bytes;   /* at most so many bytes are written */
  guint64 entries; /* at most so many files, folders and links are made */
} OcsExtractLimits;

/* What may be used of the file system that folder lies on, with something left for the machine itself. */
void ocs_extract_limits_from_space (int folder, OcsExtractLimits *limits);

/* Unpacks fragments into target, an open folder. Regular files, folders, and links that stay inside;
 * set-id and sticky bits are dropped, owners, ACLs and extended attributes are not restored.
 * Changes the working directory of the process while it runs.
 * OCS_ERROR_NO_SPACE where the disk is full or limits are reached, OCS_ERROR_INVALID_DATA (names the entry) for an archive that is broken
 * or not allowed. What had been unpacked then stays. */
gboolean ocs_extract (OcsFragments *fragments, int target, const OcsExtractLimits *limits, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether name, of an archive's entry, is relative and has no ".." in it. */
gboolean ocs_extract_name_is_inside (const char *name);
/* Whether a symbolic link name → link can only lead to something inside: relative, ".." only at its start and no more of them than name
 * has folders. A ".." behind another link could leave: it is refused too. */
gboolean ocs_extract_symlink_is_inside (const char *name, const char *link);
