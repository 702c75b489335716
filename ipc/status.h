/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people see of the worker, as a value: the types of org.ocscompanion.Worker in C.
 * Times are seconds since the epoch, 0 for never; sizes are bytes. Every reader is tolerant:
 * a field that is absent or of another type gets its default, an unknown enum value its last resort. */
#pragma once
#include "ipc/question.h"
#include "ipc/way.h"

typedef enum {
  OCS_STATE_WELL,
  OCS_STATE_WORKING,
  OCS_STATE_WAITING,
  OCS_STATE_NEEDS_YOU,
  OCS_STATE_AWAY,
  OCS_STATE_PROBLEM,
  OCS_STATE_NOT_RUNNING, /* only in clients: nobody answers the socket */
} OcsState;
#define OCS_STATE_N (OCS_STATE_NOT_RUNNING + 1)

typedef enum {
  OCS_JOB_CONTACTING,
  OCS_JOB_COLLECTING,
  OCS_JOB_SENDING,
  OCS_JOB_DOWNLOADING,
  OCS_JOB_VERIFYING,
  OCS_JOB_RUNNING,
  OCS_JOB_REPORTING,
} OcsJobKind;

typedef enum {
  OCS_STEP_OFFERED,
  OCS_STEP_DESCRIBED,
  OCS_STEP_FETCHING,
  OCS_STEP_VERIFIED,
  OCS_STEP_SCHEDULED,
  OCS_STEP_ASKING,
  OCS_STEP_RUNNING,
  OCS_STEP_FINISHED,
  OCS_STEP_REPORTED,
  OCS_STEP_GONE,
} OcsStep;
#define OCS_STEP_N (OCS_STEP_GONE + 1)

typedef enum {
  OCS_OUTCOME_SENT,         /* the server has the inventory */
  OCS_OUTCOME_CONTACTED,    /* contacted; no inventory was wanted or asked for */
  OCS_OUTCOME_SWITCHED_OFF, /* the administrator has switched this machine off on the server */
  OCS_OUTCOME_QUEUED,       /* no way to the server; done as soon as there is one */
  OCS_OUTCOME_FAILED,       /* see reason */
} OcsOutcomeKind;

typedef enum {
  OCS_PROXY_NONE,
  OCS_PROXY_HTTP,
  OCS_PROXY_SOCKS4,
  OCS_PROXY_SOCKS5,       /* the proxy looks names up */
  OCS_PROXY_HTTPS,        /* HTTP, over TLS to the proxy */
  OCS_PROXY_SOCKS4A,      /* the proxy looks names up */
  OCS_PROXY_SOCKS5_LOCAL, /* this machine looks names up */
} OcsProxyKind;
#define OCS_PROXY_N (OCS_PROXY_SOCKS5_LOCAL + 1)

typedef enum {
  OCS_VERDICT_UNKNOWN,
  OCS_VERDICT_HIT,
  OCS_VERDICT_REVALIDATED,
  OCS_VERDICT_SHARED,
  OCS_VERDICT_MISS,
  OCS_VERDICT_BYPASS,
} OcsVerdict;
#define OCS_VERDICT_N (OCS_VERDICT_BYPASS + 1)

typedef struct {
  char *code;    /* owned; an ocs_error_nick() */
  char *message; /* owned; one line that says what to do */
} OcsReason;

typedef struct {
  OcsJobKind kind;
  char *package; /* owned, nullable */
  gint64 done;
  gint64 total;
  gint64 rate; /* bytes per second */
  gint64 from_cache;
  gint64 from_wan;
} OcsJob;

typedef struct {
  char *id; /* owned */
  OcsStep step;
  char *action; /* owned, nullable; STORE, EXECUTE or LAUNCH */
  gint64 fragments_done;
  gint64 fragments_total;
  gint64 bytes;
  gint64 from_cache;
  gint64 from_wan;
  gint64 since;
  gint64 updated;
  char *result;       /* owned, nullable; the code that the console gets */
  OcsReason *reason;  /* owned, nullable; why it waits or is refused */
  char *command;      /* owned, nullable; administrators only */
  char *output;       /* owned, nullable; administrators only, GetPackage only */
  char *waits_for;    /* owned, nullable; schedule, people, window, metered, battery or restart */
  gint64 waits_until; /* nothing happens before, 0: not known, or it does not wait */
  gboolean may_hurry; /* the answer "now" starts it all the same */
  char *fragment_map; /* owned, nullable; a character a fragment: '.' missing, 'c' from the cache, 'w' over the WAN, 'd' on disk before */
  gint64 scheduled;   /* when the server wants it to run, 0: at once */
} OcsPackageStatus;

typedef struct {
  gint64 serial;
  gint64 time;
  OcsOutcomeKind kind;
  OcsReason *reason; /* owned, nullable */
} OcsOutcome;

typedef struct {
  OcsProxyKind kind;
  char *host; /* owned, nullable */
  gint64 port;
  gboolean authenticated; /* a login is configured */
  OcsVerdict verdict;     /* of the newest cacheable answer */
  gint64 from_cache;      /* package bytes so far */
  gint64 from_wan;
  OcsReason *reason; /* owned, nullable; what is wrong with the proxy */
  OcsWhy why;        /* why by this way */
  char *intercepted; /* owned, nullable; what a proxy that nobody set up says of itself */
  char *auth;        /* owned, nullable; how the login was made last: basic, digest, ntlm, negotiate */
  GPtrArray *ways;   /* owned, nullable; element-type OcsWay: for each purpose the one that worked last */
} OcsProxyStatus;

/* The server has not said what time it is. */
#define OCS_CLOCK_UNKNOWN G_MININT64

typedef struct {
  OcsState state;
  OcsReason *reason; /* owned, nullable */
  char *version;     /* owned */
  gint64 started;
  gint64 last_contact; /* last try */
  gint64 last_success;
  gint64 last_inventory;
  gint64 next_contact;
  char *server;      /* owned, nullable */
  char *deviceid;    /* owned, nullable */
  char *tag;         /* owned, nullable; as it was set here, else as the server has it */
  char *server_tag;  /* owned, nullable; as the server has it */
  gboolean insecure; /* certificates are not checked */
  gint64 clock_skew; /* seconds that this machine's clock is ahead of the server's; OCS_CLOCK_UNKNOWN */
  GStrv warnings;    /* owned */
  OcsProxyStatus proxy;
  OcsJob *job;          /* owned, nullable */
  OcsOutcome *outcome;  /* owned, nullable */
  GPtrArray *packages;  /* owned; element-type OcsPackageStatus */
  GPtrArray *questions; /* owned; element-type OcsQuestion; below GRAPHICAL empty */
} OcsStatus;

OcsReason *ocs_reason_new (const char *code, const char *message);
OcsReason *ocs_reason_new_from_error (const GError *error);
OcsReason *ocs_reason_copy (const OcsReason *reason); /* NULL for NULL */
void ocs_reason_free (OcsReason *reason);

OcsJob *ocs_job_new (OcsJobKind kind, const char *package);
void ocs_job_free (OcsJob *job);

OcsOutcome *ocs_outcome_new (gint64 serial, gint64 time, OcsOutcomeKind kind, const OcsReason *reason);
OcsOutcome *ocs_outcome_copy (const OcsOutcome *outcome); /* NULL for NULL */
void ocs_outcome_free (OcsOutcome *outcome);
JsonObject *ocs_outcome_to_json (const OcsOutcome *outcome);
OcsOutcome *ocs_outcome_from_json (JsonObject *object);

OcsPackageStatus *ocs_package_status_new (const char *id);
void ocs_package_status_free (OcsPackageStatus *package);
JsonObject *ocs_package_status_to_json (const OcsPackageStatus *package);
OcsPackageStatus *ocs_package_status_from_json (JsonObject *object);

void ocs_proxy_status_clear (OcsProxyStatus *proxy);
JsonObject *ocs_proxy_status_to_json (const OcsProxyStatus *proxy);
void ocs_proxy_status_read_json (OcsProxyStatus *proxy, JsonObject *object); /* proxy: zeroed or cleared */

OcsStatus *ocs_status_new (void); /* well, with no packages and empty warnings */
void ocs_status_free (OcsStatus *status);
JsonObject *ocs_status_to_json (const OcsStatus *status);
OcsStatus *ocs_status_from_json (JsonObject *object);

/* The names on the wire ("needs_you", "fetching", "hit" …). An unknown name reads as: state PROBLEM, job CONTACTING,
 * step OFFERED, outcome FAILED, proxy NONE, verdict UNKNOWN. */
const char *ocs_state_name (OcsState state); /* "not_running" too */
OcsState ocs_state_from_name (const char *name);
const char *ocs_job_kind_name (OcsJobKind kind);
OcsJobKind ocs_job_kind_from_name (const char *name);
const char *ocs_step_name (OcsStep step);
OcsStep ocs_step_from_name (const char *name);
const char *ocs_outcome_kind_name (OcsOutcomeKind kind);
OcsOutcomeKind ocs_outcome_kind_from_name (const char *name);
const char *ocs_proxy_kind_name (OcsProxyKind kind);
OcsProxyKind ocs_proxy_kind_from_name (const char *name);
const char *ocs_verdict_name (OcsVerdict verdict);
OcsVerdict ocs_verdict_from_name (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsReason, ocs_reason_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsJob, ocs_job_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsOutcome, ocs_outcome_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPackageStatus, ocs_package_status_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsStatus, ocs_status_free)
