/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether there is room for a package, said before the line is used for it rather than when the disk is full. */
#pragma once
#include <glib.h>

/* Bytes. */
typedef struct {
  gint64 keep;  /* to be left free on the file system (KeepFree=) */
  gint64 quota; /* all packages together, 0 for no limit (PackageQuota=) */
} OcsSpaceRules;

/* Whether bytes more may be written into folder, which is that of one package: the quota counts its parent. OCS_ERROR_NO_SPACE says how
 * much is missing. */
gboolean ocs_space_check (const char *folder, gint64 bytes, const OcsSpaceRules *rules, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What the files below folder occupy; links are not followed. */
gint64 ocs_space_used (const char *folder);
