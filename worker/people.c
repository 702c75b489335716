/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-people"
#include "worker/people.h"
#include "worker/io/clock.h"
#include "worker/io/login.h"
#include "worker/io/logind.h"

/* Seconds for which an answer holds where logind does not tell of changes. */
#define HOLDS 30

struct _OcsPeople {
  OcsLogind *logind; /* owned */
  gint64 looked;     /* monotonic milliseconds */
};

OcsPeople *
ocs_people_new (OcsPeopleFunc on_change, gpointer user_data)
{
  OcsPeople *people = g_new0 (OcsPeople, 1);

  people->looked = ocs_clock_monotonic ();
  people->logind = ocs_logind_new (OCS_LOGIN_USERS, on_change, user_data);
  return people;
}

void
ocs_people_free (OcsPeople *people)
{
  if (people == NULL)
    return;
  ocs_logind_free (people->logind);
  g_free (people);
}

const OcsAudience *
ocs_people_audience (OcsPeople *people)
{
  gint64 now = ocs_clock_monotonic ();

  if (!ocs_logind_is_live (people->logind) && now - people->looked >= HOLDS * 1000) {
    people->looked = now;
    ocs_logind_renew (people->logind);
  }
  return ocs_logind_audience (people->logind);
}

const OcsAudience *
ocs_people_known (const OcsPeople *people)
{
  return ocs_logind_audience (people->logind);
}

gint64
ocs_people_look_after (const OcsPeople *people)
{
  return ocs_logind_is_live (people->logind) ? 0 : HOLDS;
}
