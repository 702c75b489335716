/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash file of Berkeley DB (db-5.3, src/dbinc/db_page.h), in which rpm kept its packages until 4.15: RHEL 8 and older. Pure. */
#pragma once
#include "worker/inventory/pages.h"

/* Calls func with each value. OCS_ERROR_INVALID_DATA where the file is not what it should be. */
gboolean ocs_berkeley_walk (const OcsPages *file, OcsPagesFunc func, gpointer user_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
