/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a fetch writes: PATH.part while it is under way, PATH.validator for what the bytes belong to, PATH when it is whole. */
#pragma once
#include "worker/io/progress.h"
#include <json-glib/json-glib.h>

typedef struct {
  int fd;                /* -1 for none */
  char *part;            /* owned */
  char *validator;       /* owned: a path */
  OcsProgress *progress; /* borrowed: the errand's */
} OcsLanding;

void ocs_landing_clear (OcsLanding *landing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OcsLanding, ocs_landing_clear)

/* Opens the part and says in arguments from where to go on: with resume only what its validator vouches for is kept. */
gboolean ocs_landing_open (OcsLanding *landing, const char *path, gboolean resume, JsonObject *arguments,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Prepares for what the head of the answer promises; asked: the offset that was asked for. OCS_ERROR_NO_SPACE before the first byte. */
gboolean ocs_landing_begin (OcsLanding *landing, JsonObject *head, gint64 asked, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An OcsWireSink; user_data is the landing. */
gboolean ocs_landing_take (const guint8 *bytes, gsize length, gpointer user_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All bytes are there. */
gboolean ocs_landing_finish (OcsLanding *landing, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A copy that can no longer be continued (the object has changed, the range is refused) is started anew. */
void ocs_landing_give_up (OcsLanding *landing, const GError *error);
