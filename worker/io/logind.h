/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is logged in, whose screen is locked and who asks to be left alone, as logind tells it on the system bus
 * (org.freedesktop.login1(5)). Where there is no bus or no logind, utmp tells whether anybody is logged in, and nothing more. */
#pragma once
#include "worker/core/audience.h"

typedef struct _OcsLogind OcsLogind;
/* The audience is another. */
typedef void (*OcsLogindFunc) (gpointer user_data);

/* The first answer comes later; until then the audience is pending. users: the folder "/run/systemd/users", for where there is no bus. */
OcsLogind *ocs_logind_new (const char *users, OcsLogindFunc on_change, gpointer user_data);
void ocs_logind_free (OcsLogind *logind);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLogind, ocs_logind_free)

const OcsAudience *ocs_logind_audience (const OcsLogind *logind);
/* Looks again; until that is answered the audience is pending. For where nobody tells of changes. */
void ocs_logind_renew (OcsLogind *logind);
/* Whether changes come by themselves. */
gboolean ocs_logind_is_live (const OcsLogind *logind);
