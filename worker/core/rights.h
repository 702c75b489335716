/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may do and see what on the worker's socket. Default deny: a method without a row does not exist. Pure; who the peer is, is found
 * out elsewhere. */
#pragma once
#include "worker/core/diagnosis.h"
#include "worker/core/settings.h"

/* Each may all that the one before may. */
typedef enum {
  OCS_RIGHTS_ANY,       /* any user, also without a session: monitoring */
  OCS_RIGHTS_PERSON,    /* logged in, at the machine or from afar */
  OCS_RIGHTS_GRAPHICAL, /* the owner of any graphical session, also of a remote one: questions are shown there */
  OCS_RIGHTS_SEAT,      /* active at the machine */
  OCS_RIGHTS_ADMIN,     /* root, the group ocs-companion, or authorised by polkit */
} OcsRightsClass;

/* method: unqualified. FALSE where it has no row. */
gboolean ocs_rights_needed (const char *method, OcsRightsClass *needed) G_GNUC_WARN_UNUSED_RESULT;
/* The polkit action by which somebody below the class that is needed may be authorised; NULL where there is none, so that only the class
 * counts. For a method that all may call it is the action for what of the answer is ADMIN's alone. */
const char *ocs_rights_action (const char *method);
/* OCS_ERROR_DENIED says who may; OCS_ERROR_UNSUPPORTED for a method without a row. */
gboolean ocs_rights_allows (OcsRightsClass rights, const char *method, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Blank in place what this class may not see: below PERSON package numbers and TAG, below GRAPHICAL questions, below SEAT server, proxy
 * host, DEVICEID, warnings and the wording of reasons (they name hosts and files; the code stays, with a plain sentence), below ADMIN
 * command lines and output. */
void ocs_rights_filter_status (OcsStatus *status, OcsRightsClass rights);
void ocs_rights_filter_package (OcsPackageStatus *package, OcsRightsClass rights);
void ocs_rights_filter_outcome (OcsOutcome *outcome, OcsRightsClass rights);
void ocs_rights_filter_proxy (OcsProxyStatus *proxy, OcsRightsClass rights);

/* The same for a step of TestProxy: below SEAT no detail. */
void ocs_rights_filter_step (OcsTestStep *step, OcsRightsClass rights);

/* Whether the value of a setting is kept back: of a secret from everybody; below SEAT of all that may name the server, a proxy, another
 * host or a file. */
gboolean ocs_rights_hides_setting (const OcsSettingsKey *key, OcsRightsClass rights);

/* What of an inventory only the person at the machine sees: serial numbers, UUID, other people's names. */
gboolean ocs_rights_hides_field (const char *section, const char *field);
