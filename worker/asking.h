/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a package asks the people at the machine: before it runs, and after. It changes no package. */
#pragma once
#include "worker/core/package.h"
#include "worker/site.h"

/* What somebody says to a question. */
typedef struct {
  gint64 serial; /* of the question that he saw, 0: whichever stands */
  OcsAnswer answer;
  gint64 minutes; /* LATER */
} OcsSaid;

/* Asks, counts and decides as far as that is due. *consent: the package's, as it is now. TRUE where it is to be journalled. */
gboolean ocs_asking_tick (const OcsSite *site, const OcsPackage *package, OcsConsent *consent);

/* The event that follows from an answer; *consent: what it points to. OCS_ERROR_NOT_FOUND or OCS_ERROR_REFUSED. */
gboolean ocs_asking_answer (const OcsSite *site, const OcsPackage *package, const OcsSaid *said, OcsConsent *consent, OcsEvent *event,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When to tick again even if nothing happens; 0: never. */
gint64 ocs_asking_wake (const OcsSite *site, const OcsPackage *package);

/* It is not known yet who is there. */
gboolean ocs_asking_is_pending (const OcsSite *site, const OcsPackage *package);

/* Adds the package's questions. */
void ocs_asking_describe (const OcsSite *site, const OcsPackage *package, OcsStatus *status);
