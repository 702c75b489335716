/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new tar.gz that only its owner may read. */
#pragma once
#include <glib.h>

typedef struct _OcsBundle OcsBundle;

/* path: must not exist. folder: what all names begin with. OCS_ERROR_DENIED or OCS_ERROR_FAILED. */
OcsBundle *ocs_bundle_new (const char *path, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes an archive that was not finished. */
void ocs_bundle_free (OcsBundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsBundle, ocs_bundle_free)

gboolean ocs_bundle_add (OcsBundle *bundle, const char *name, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_bundle_finish (OcsBundle *bundle, GError **error) G_GNUC_WARN_UNUSED_RESULT;
