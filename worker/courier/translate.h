/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place where codes of libcurl, HTTP and Squid become an OCS_ERROR with a line that says what to do. Pure. */
#pragma once
#include "worker/courier/ending.h"
#include <glib.h>

/* FALSE with an error unless ending is a full answer with status 200 or 206. */
gboolean ocs_translate (const OcsEnding *ending, GError **error) G_GNUC_WARN_UNUSED_RESULT;
