/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The TAG that people at the machine give it: asked for once, with the words that the server has for it (its "label"). The server takes
 * a TAG with the first inventory only (OCSInventory-Server AccountInfos.pm), so that one waits a while for the answer. Pure. */
#pragma once
#include "ipc/question.h"
#include "worker/core/settings.h"

#define OCS_TAGGING_HOLD 3600      /* seconds that the first inventory waits for an answer */
#define OCS_TAGGING_TAG_MAX 255    /* characters: the server's column */
#define OCS_TAGGING_LABEL_MAX 4096 /* bytes */

typedef struct {
  char *label;       /* owned, nullable; the server's words; set: the question stands or was answered */
  gint64 asked;      /* seconds since the epoch */
  gboolean answered; /* also "never ask again": tag is NULL then */
  gint64 answered_at;
  char *tag;       /* owned, nullable; what somebody said */
  gboolean untold; /* the server has not had it yet */
  char *sent;      /* owned, nullable; what an inventory on its way says; not kept */
} OcsTagging;

OcsTagging *ocs_tagging_new (void);
void ocs_tagging_free (OcsTagging *tagging);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsTagging, ocs_tagging_free)
JsonObject *ocs_tagging_to_json (const OcsTagging *tagging);
OcsTagging *ocs_tagging_from_json (JsonObject *object); /* object: nullable; odd values are dropped */

/* Whether the server is to be asked for the words: the administrator allows the question, nobody was asked, and the machine has no TAG
 * yet, neither here nor (server_tag, nullable) there. */
gboolean ocs_tagging_wants_label (const OcsTagging *tagging, const OcsSettings *settings, const char *server_tag);
/* What the server said; label: nullable, not trimmed. TRUE where the question stands now. */
gboolean ocs_tagging_ask (OcsTagging *tagging, const char *label, gint64 now);
/* The server has said its TAG (nullable): a question that stands is taken back where it has one. TRUE where that was so. */
gboolean ocs_tagging_withdraw (OcsTagging *tagging, const char *server_tag);
/* Whether the question stands. */
gboolean ocs_tagging_stands (const OcsTagging *tagging, const OcsSettings *settings);
/* Whether an inventory that nobody asked for waits for the answer; never after one has been sent. */
gboolean ocs_tagging_holds (const OcsTagging *tagging, const OcsSettings *settings, gint64 last_inventory, gint64 now);

/* tag: nullable: never ask again. OCS_ERROR_REFUSED where the administrator has not asked for it or has set one, OCS_ERROR_INVALID_DATA
 * where it is empty, too long or holds control characters. */
gboolean ocs_tagging_answer (OcsTagging *tagging, const OcsSettings *settings, const char *tag, gint64 now,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The TAG that this machine has by what was set here; borrowed, nullable. */
const char *ocs_tagging_tag (const OcsTagging *tagging, const OcsSettings *settings);
/* NULL where it does not stand and was not answered within the last minute. */
OcsQuestion *ocs_tagging_question (const OcsTagging *tagging, const OcsSettings *settings, gint64 now);
