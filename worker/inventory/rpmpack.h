/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packages.db of rpm's own format "ndb" (rpm, lib/backend/ndb/rpmpkg.c), as SUSE uses it. Pure. */
#pragma once
#include "worker/inventory/pages.h"

/* Calls func with each package's header. OCS_ERROR_INVALID_DATA where the file is not what it should be. */
gboolean ocs_rpmpack_walk (const OcsPages *file, OcsPagesFunc func, gpointer user_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
