/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives one package: journals what the package machine says and then does it, one duty at a time, but for fragments that a cache holds. */
#pragma once
#include "worker/asking.h"
#include "worker/site.h"

typedef struct _OcsDeploy OcsDeploy;
/* Something has changed: a duty has ended, or the state is another. */
typedef void (*OcsDeployFunc) (OcsDeploy *deploy, gpointer user_data);

/* package: transfer full. site: borrowed: outlives us. */
OcsDeploy *ocs_deploy_new (OcsSite *site, OcsPackage *package, OcsDeployFunc on_change, gpointer user_data);
/* Cancels what can be cancelled; a package that runs goes on. */
void ocs_deploy_free (OcsDeploy *deploy);

const OcsPackage *ocs_deploy_package (const OcsDeploy *deploy);
/* The server is about to be asked what it offers. */
void ocs_deploy_expect (OcsDeploy *deploy);
/* It has got the result since then, so that its answer may be older than that: an offer in it is none. */
gboolean ocs_deploy_is_told (const OcsDeploy *deploy);
/* The server has named it, or no longer does. */
void ocs_deploy_offer (OcsDeploy *deploy, const OcsOffer *offer, gboolean in_history);
void ocs_deploy_withdraw (OcsDeploy *deploy);
/* An administrator does not want it: OCS_ERROR_REFUSED where it runs or has run. */
gboolean ocs_deploy_drop (OcsDeploy *deploy, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Time has passed, or people have come or gone. */
void ocs_deploy_tick (OcsDeploy *deploy);
/* When to tick again even if nothing happens; 0: never. */
gint64 ocs_deploy_wake (const OcsDeploy *deploy);
/* Somebody has answered: OCS_ERROR_NOT_FOUND where nothing is asked (any more), OCS_ERROR_REFUSED where that answer is not allowed. */
gboolean ocs_deploy_answer (OcsDeploy *deploy, const OcsSaid *said, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The duty that is to be done now; NONE while one is under way. */
OcsDuty ocs_deploy_next (const OcsDeploy *deploy);
/* Starts it. on_change comes later, never within. */
void ocs_deploy_start (OcsDeploy *deploy);
/* A duty is under way, or what goes beside it still ends. */
gboolean ocs_deploy_is_at_work (const OcsDeploy *deploy);
/* The duty under way, NONE for none. */
OcsDutyKind ocs_deploy_duty (const OcsDeploy *deploy);
/* What people see of the duty under way; transfer full, nullable. */
OcsJob *ocs_deploy_job (const OcsDeploy *deploy);
