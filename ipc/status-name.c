/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the enums on the wire, in the order of the enums. */
#define G_LOG_DOMAIN "ocs-status"
#include "ipc/status.h"

static const char *const state_names[] = {"well", "working", "waiting", "needs_you", "away", "problem", "not_running"};
static const char *const job_names[] = {"contacting", "collecting", "sending", "downloading", "verifying", "running", "reporting"};
static const char *const step_names[] = {"offered", "described", "fetching", "verified", "scheduled",
                                         "asking",  "running",   "finished", "reported", "gone"};
static const char *const outcome_names[] = {"sent", "contacted", "switched_off", "queued", "failed"};
static const char *const proxy_names[] = {"none", "http", "socks4", "socks5", "https", "socks4a", "socks5_local"};
static const char *const verdict_names[] = {"unknown", "hit", "revalidated", "shared", "miss", "bypass"};

G_STATIC_ASSERT (G_N_ELEMENTS (state_names) == OCS_STATE_N);
G_STATIC_ASSERT (G_N_ELEMENTS (job_names) == OCS_JOB_REPORTING + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (step_names) == OCS_STEP_N);
G_STATIC_ASSERT (G_N_ELEMENTS (outcome_names) == OCS_OUTCOME_FAILED + 1);
G_STATIC_ASSERT (G_N_ELEMENTS (proxy_names) == OCS_PROXY_N);
G_STATIC_ASSERT (G_N_ELEMENTS (verdict_names) == OCS_VERDICT_N);

static const char *
name_of (const char *const *names, guint n, guint value, guint fallback)
{
  return names[value < n ? value : fallback];
}

static guint
value_of (const char *const *names, guint n, const char *name, guint fallback)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (name, names[i]) == 0)
      return i;
  return fallback;
}

#define DEFINE_NAMES(Type, prefix, names, fallback)                                                                                        \
  const char *prefix##_name (Type value)                                                                                                   \
  {                                                                                                                                        \
    return name_of (names, G_N_ELEMENTS (names), (guint)value, (guint)fallback);                                                           \
  }                                                                                                                                        \
  Type prefix##_from_name (const char *name)                                                                                               \
  {                                                                                                                                        \
    return (Type)value_of (names, G_N_ELEMENTS (names), name, (guint)fallback);                                                            \
  }

DEFINE_NAMES (OcsState, ocs_state, state_names, OCS_STATE_PROBLEM)
DEFINE_NAMES (OcsJobKind, ocs_job_kind, job_names, OCS_JOB_CONTACTING)
DEFINE_NAMES (OcsStep, ocs_step, step_names, OCS_STEP_OFFERED)
DEFINE_NAMES (OcsOutcomeKind, ocs_outcome_kind, outcome_names, OCS_OUTCOME_FAILED)
DEFINE_NAMES (OcsProxyKind, ocs_proxy_kind, proxy_names, OCS_PROXY_NONE)
DEFINE_NAMES (OcsVerdict, ocs_verdict, verdict_names, OCS_VERDICT_UNKNOWN)
