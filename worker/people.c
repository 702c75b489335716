/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-people"
#include "worker/people.h"
#include "worker/io/clock.h"
#include "worker/io/login.h"
#include "worker/io/logind.h"

/* Where logind does not tell of changes: seconds after which an answer is looked at again, and for which it is good enough to decide by. */
#define LOOKS 30
#define HOLDS 2

struct _OcsPeople {
  OcsLogind *logind; /* owned */
  gint64 answered;   /* monotonic milliseconds */
  OcsPeopleFunc on_change;
  gpointer user_data; /* borrowed: the owner outlives us */
};

static void
on_logind (gpointer user_data)
{
  OcsPeople *people = user_data;

  people->answered = ocs_clock_monotonic ();
  people->on_change (people->user_data);
}

OcsPeople *
ocs_people_new (OcsPeopleFunc on_change, gpointer user_data)
{
  OcsPeople *people = g_new0 (OcsPeople, 1);

  people->on_change = on_change;
  people->user_data = user_data;
  people->answered = ocs_clock_monotonic ();
  people->logind = ocs_logind_new (OCS_LOGIN_USERS, on_logind, people);
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
  if (!ocs_logind_is_live (people->logind) && !ocs_logind_audience (people->logind)->pending
      && ocs_clock_monotonic () - people->answered >= HOLDS * 1000)
    ocs_logind_renew (people->logind);
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
  return ocs_logind_is_live (people->logind) ? 0 : LOOKS;
}
