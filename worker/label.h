/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks the server for the words of the TAG question, and keeps what people answer. */
#pragma once
#include "worker/site.h"

typedef struct _OcsLabel OcsLabel;
/* The question stands, or was answered, or there is none after all. */
typedef void (*OcsLabelFunc) (OcsLabel *label, gpointer user_data);

/* site: borrowed: outlives us. */
OcsLabel *ocs_label_new (OcsSite *site, OcsLabelFunc on_change, gpointer user_data);
void ocs_label_free (OcsLabel *label);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLabel, ocs_label_free)

/* Whether a contact that nobody asked for is to wait: while the server is asked for the words (which starts here), and then for the answer.
 */
gboolean ocs_label_holds (OcsLabel *label);
/* Adds the question. */
void ocs_label_describe (OcsLabel *label, OcsStatus *status);
/* See SetTag in the interface file; errors: ocs_tagging_answer(). */
gboolean ocs_label_answer (OcsLabel *label, const char *tag, GError **error) G_GNUC_WARN_UNUSED_RESULT;
