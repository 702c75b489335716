/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The people at the machine, as questions need to know them. */
#pragma once
#include "worker/core/audience.h"

typedef struct _OcsPeople OcsPeople;
typedef void (*OcsPeopleFunc) (gpointer user_data);

OcsPeople *ocs_people_new (OcsPeopleFunc on_change, gpointer user_data);
void ocs_people_free (OcsPeople *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPeople, ocs_people_free)

/* To decide by. Where logind does not tell of changes, an old answer is pending, and on_change comes when there is a new one. */
const OcsAudience *ocs_people_audience (OcsPeople *people);
/* As known last, to show. */
const OcsAudience *ocs_people_known (const OcsPeople *people);
/* Seconds after which to look again even if nobody tells of a change; 0: no need. */
gint64 ocs_people_look_after (const OcsPeople *people);
