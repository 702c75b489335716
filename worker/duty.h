/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does one duty of a package and says what came of it, as an event for the package machine. It changes no package. */
#pragma once
#include "worker/work.h"

/* What the package's command is run by; to be written before the event RUN is journalled. */
gboolean ocs_duty_write_order (OcsSite *site, const OcsPackage *package, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* package is read at once and in full; site must outlive the duty. progress: for a FETCH, nullable otherwise. A failure is a result too:
 * finish gives an error only where the duty was cancelled. */
void ocs_duty_do_async (OcsSite *site, const OcsPackage *package, const OcsDuty *duty, OcsProgress *progress, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
OcsWorkResult *ocs_duty_do_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
