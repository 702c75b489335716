/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A restart or a shutdown that packages ask for: one question to everybody for all of them, never behind anybody's back. Kept in
 * restart.json, so that what was put off stays put off. */
#pragma once
#include "worker/asking.h"
#include "worker/core/post.h"

typedef struct _OcsPower OcsPower;

/* site: borrowed: outlives us. */
OcsPower *ocs_power_new (OcsSite *site);
void ocs_power_free (OcsPower *power);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPower, ocs_power_free)

/* What package wants and has not got: RESTART, SHUTDOWN or NONE. */
OcsPostKind ocs_power_wanted (const OcsPower *power, const OcsPackage *package);

/* Time has passed, or people have come or gone. wanted: the most of what any package wants. */
void ocs_power_tick (OcsPower *power, OcsPostKind wanted);
/* When to tick again even if nothing happens; 0: never. */
gint64 ocs_power_wake (const OcsPower *power);
/* It is not known yet who is there. */
gboolean ocs_power_is_pending (const OcsPower *power);

/* NONE while people have not agreed, or a package runs; else what they were asked for. */
OcsPostKind ocs_power_allowed (const OcsPower *power);
/* Whether package waits for that: until people agree, a package has run, or as the machine is on its way down for another package. */
gboolean ocs_power_withholds (const OcsPower *power, const OcsPackage *package);
/* It is decided: no other package is to begin. */
gboolean ocs_power_is_near (const OcsPower *power);
/* Turns the machine off or on again, as was asked. */
void ocs_power_turn (OcsPower *power);

/* errors as of ocs_consent_answer(). */
gboolean ocs_power_answer (OcsPower *power, const char *id, const OcsSaid *said, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds the question, and says of package why it waits. */
void ocs_power_describe (const OcsPower *power, OcsStatus *status);
void ocs_power_describe_package (const OcsPower *power, const OcsPackage *package, OcsPackageStatus *status);
