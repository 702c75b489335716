/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The package machine: one package on its way from the server's offer to the acknowledged result. Pure: an event changes the state, and
 * what is to be done next is read from the state alone, so that after a crash the journalled state is all that is needed.
 * The owner journals a state that has changed before it does what ocs_package_next() says.
 *
 *   offered > described > fetching > verified > [scheduled | asking] > running > finished > reported > gone
 *
 * Invariants: RUN is said only after VERIFIED and at most once per offer; REPORT says the same code until it is acknowledged. */
#pragma once
#include "ipc/status.h"
#include "worker/core/consent.h"
#include "worker/core/heal.h"
#include "worker/core/info.h"
#include "worker/core/offer.h"
#include "worker/core/pages.h"
#include "worker/core/restraint.h"

typedef enum {
  OCS_EVENT_OFFERED,      /* the server names it: offer, in_history */
  OCS_EVENT_WITHDRAWN,    /* the server no longer names it */
  OCS_EVENT_HELD,         /* a rule of trust forbids it for now: error */
  OCS_EVENT_DESCRIBED,    /* its info is here: info */
  OCS_EVENT_PROBED,       /* the cache was asked for fragment: found, or coming; or whether others have begun: claim */
  OCS_EVENT_FRAGMENT,     /* fragment, bytes, verdict, pause, beside; in a pass of healing also changed */
  OCS_EVENT_VERIFIED,     /* the digest of the whole is right */
  OCS_EVENT_DIGEST_BAD,   /* it is not; nothing of it may be used: bytes of the whole, odd */
  OCS_EVENT_SPOILT,       /* ocs-run found other bytes than were verified, and ran nothing */
  OCS_EVENT_FAILED,       /* what was to be done failed: error, for a FETCH also fragment, beside; tried again after a while */
  OCS_EVENT_REJECTED,     /* it will never run: code */
  OCS_EVENT_RUN,          /* ocs-run is about to be started */
  OCS_EVENT_ENDED,        /* ocs-run left a result: code */
  OCS_EVENT_ACKNOWLEDGED, /* the server has taken the result */
  OCS_EVENT_PREPARED,     /* the order of POSTCMD's command is on disk */
  OCS_EVENT_POSTED,       /* what POSTCMD asked for is done, or is about to be */
  OCS_EVENT_WAIT,         /* nothing is wrong, but not now: error, pause */
  OCS_EVENT_CLEANED,      /* its files are gone */
  OCS_EVENT_TICK,         /* time has passed: timeout */
  OCS_EVENT_CONSENT,      /* people were asked, or have answered: consent */
  OCS_EVENT_SEEN,         /* people have done what was to be done after it */
  OCS_EVENT_HURRY,  /* somebody said that it need not wait for a better line or hour; consent, nullable: what was asked before is settled */
  OCS_EVENT_PAUSED, /* a FETCH was stopped since the line is to be left alone now: fragment */
} OcsEventKind;
#define OCS_EVENT_N (OCS_EVENT_PAUSED + 1)

/* What somebody who cannot ask a cache what it holds has learnt from it. */
typedef enum {
  OCS_CLAIM_NONE,  /* nothing */
  OCS_CLAIM_FIRST, /* nobody at the site has begun with the package lately */
  OCS_CLAIM_LATE,  /* somebody has */
} OcsClaim;

/* Which members count stands with the kind. All pointers are borrowed. */
typedef struct {
  OcsEventKind kind;
  gint64 now; /* seconds since the epoch */
  const OcsOffer *offer;
  gboolean in_history;
  const OcsInfo *info;
  gint64 fragment; /* from 1 */
  gboolean beside; /* FRAGMENT, FAILED: it was asked of the cache alone, see ocs_package_beside() */
  gboolean found;
  OcsClaim claim;
  gboolean coming;   /* PROBED: somebody else fetches it at this moment */
  gboolean sound;    /* FRAGMENT, for the owner: it is the whole package, and its digest was right as it came */
  gboolean changed;  /* FRAGMENT: its bytes are other ones than before */
  gboolean passed;   /* FRAGMENT, FAILED: it was fetched past the cache because a page came in its place */
  const GArray *odd; /* DIGEST_BAD: see heal.h; nullable */
  gint64 bytes;
  OcsVerdict verdict;
  gint64 pause; /* seconds that the line gets after a FRAGMENT that crossed it or a FETCH that FAILED and may have, or that a WAIT lasts */
  const GError *error;
  const char *code;
  const char *boot; /* the boot id, nullable */
  gint64 up;        /* seconds since then, those of sleep too */
  gint64 timeout;   /* seconds that a package may take from offer to run */
  gint64 schedule;  /* OFFERED: not to be run before, 0 for at once */
  const OcsConsent *consent;
  double random; /* 0 … 1, for jitter */
} OcsEvent;

typedef enum {
  OCS_DUTY_NONE, /* wait for an event, or until not_before where that is set */
  OCS_DUTY_DESCRIBE,
  OCS_DUTY_PROBE, /* ask the cache, and where it has nothing and nobody has begun, leave the others a chance to begin */
  OCS_DUTY_FETCH,
  OCS_DUTY_VERIFY,
  OCS_DUTY_RUN,
  OCS_DUTY_REPORT,
  OCS_DUTY_POST,
  OCS_DUTY_CLEAN,
} OcsDutyKind;

/* Of the duties of one lane, one package does one at a time; those of other lanes need not wait for it. */
typedef enum {
  OCS_LANE_INFO, /* DESCRIBE: before it is known how urgent all are, none begins with its fragments */
  OCS_LANE_LINE, /* PROBE, FETCH */
  OCS_LANE_DISK, /* VERIFY */
  OCS_LANE_RUN,  /* RUN, POST: two installations at once would quarrel */
  OCS_LANE_TELL, /* REPORT: a result does not wait for somebody else's gigabyte */
  OCS_LANE_END,  /* CLEAN */
} OcsLane;
#define OCS_LANE_N (OCS_LANE_END + 1)

/* kind: not NONE. */
OcsLane ocs_package_lane (OcsDutyKind kind);

typedef struct {
  OcsDutyKind kind;
  gint64 fragment;  /* PROBE, FETCH */
  gboolean first;   /* PROBE: nothing of the package is here yet; of a cache that does not listen, it is asked who has begun */
  gboolean last;    /* PROBE: nothing else is asked for among a crowd: where this is not held either, it is fetched */
  gboolean sound;   /* VERIFY, set by the owner: what is to be verified came a moment ago, and was */
  OcsHealPass pass; /* FETCH: how; NONE as ever */
  gint64 not_before;
} OcsDuty;

typedef struct {
  char *id; /* owned */
  OcsStep step;
  OcsOffer *offer; /* owned, nullable: only in GONE */
  OcsInfo *info;   /* owned, nullable until DESCRIBED */
  gint64 since;
  char *boot;   /* owned, nullable; the start of the machine that start is of */
  gint64 start; /* when that was, by the clock as it stood then: the clock was set where this changes */
  gint64 updated;
  gint64 failures; /* in a row */
  gint64 retry_at;
  gint64 schedule;
  OcsHeal heal;
  OcsPages pages;
  gboolean held;
  gboolean withdrawn;  /* while running: no offer stands behind it any more */
  gboolean post_due;   /* POSTCMD is still to be done */
  gboolean post_begun; /* its command may be running, or have run */
  char *post_boot;     /* owned, nullable; the boot id when it became due */
  char *result;        /* owned, nullable */
  OcsReason *reason;   /* owned, nullable */
  OcsConsent consent;  /* where info says that people are asked */
  gint64 done_since;   /* people are to do something after it: since when, 0 for nothing */
  gint64 done_serial;  /* of that question */
  gint64 done_at;      /* when somebody said that it is done */
  gboolean hurried;    /* nothing is spared for it */
  gint64 from_cache;
  gint64 from_wan;
  /* Not journalled, as is all that follows. */
  gboolean cached;        /* set by the owner: between here and the fragments is a proxy that may hold copies */
  gboolean may_probe;     /* set by the owner: between here and the fragments is one that can be asked */
  gboolean askable;       /* set by the owner: that one is known to listen */
  gboolean deaf;          /* set by the owner: that one is known not to listen */
  gboolean still;         /* the cache between fell silent over a fragment: it may do so over others */
  guint rests;            /* so often it may still keep off the line until those who were first have what it needs */
  gboolean flowing;       /* the last fragment came out of the cache */
  gboolean may_go_direct; /* set by the owner: the fragments may be fetched without the proxy */
  gint64 spent;           /* fragments in a row that failed, each for itself */
  gboolean probed;        /* the cache was asked before the first fragment */
  gboolean paced;         /* retry_at spares the line: what the cache holds by then need not wait for it, and does not end it */
  gint64 probe_at;
  gboolean crowd;         /* others at the site fetch it at the same time */
  guint looks;            /* fragments that the cache was asked for in a row among a crowd, and did not hold */
  guint comings;          /* times in a row that one of them was on its way to somebody else */
  OcsRestraint restraint; /* set by the owner, as is until when */
  gint64 restrained_until;
  gint64 in_cache; /* the fragment that the cache was found to hold, 0 for none */
  OcsParts parts;  /* the files tell; its seed is set by the owner */
} OcsPackage;

OcsPackage *ocs_package_new (const char *id, gint64 now);
void ocs_package_free (OcsPackage *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPackage, ocs_package_free)

/* TRUE where the state has changed in a way that must be journalled before anything is done. */
gboolean ocs_package_step (OcsPackage *package, const OcsEvent *event);

OcsDuty ocs_package_next (const OcsPackage *package, gint64 now);
/* A fragment that may be fetched beside the one under way, 0 for none: where the last came out of a cache that can be asked, so may others,
 * each by a request that the cache answers or nobody. Whatever comes of it, the line is spared as if it had not been made. The owner says
 * by ocs_parts_expect() what is under way. */
gint64 ocs_package_beside (const OcsPackage *package);

/* For ocs_package_step() alone: TICK. Waits and deadlines last as long as they were meant to, also where the clock was set meanwhile. */
gboolean ocs_package_mend_clock (OcsPackage *package, const OcsEvent *event);
/* For it, too: how the clock stands now. */
void ocs_package_note_clock (OcsPackage *package, const OcsEvent *event);
/* For ocs_package_step() alone: PROBED, FRAGMENT, PAUSED. */
gboolean ocs_package_take (OcsPackage *package, const OcsEvent *event);
/* For ocs_package_step() alone: the line is left alone for so many seconds, 0 for none, from now on; a longer pause that it is owed stands.
 * In full: the second that has begun does not count. */
void ocs_package_spare_line (OcsPackage *package, gint64 now, gint64 pause);
/* For ocs_package_step() alone: CONSENT, SEEN, HURRY. */
gboolean ocs_package_hear (OcsPackage *package, const OcsEvent *event);
/* It could run, but people have not agreed. */
gboolean ocs_package_lacks_consent (const OcsPackage *package);
/* They were, and have not agreed yet; also while its digest is taken again after a start. */
gboolean ocs_package_was_asked (const OcsPackage *package);
/* Whether people are to be asked now: all else is ready, and none of them has decided. */
gboolean ocs_package_is_asking (const OcsPackage *package, gint64 now);

/* Among a crowd: the cache may still be asked for another fragment before one is fetched over the line. */
gboolean ocs_package_is_looking (const OcsPackage *package);

/* Fragments came through a cache and fell silent: there, somebody else may read them who does not read on, and all wait for him. */
gboolean ocs_package_is_wary (const OcsPackage *package);
/* A fragment that does not come out of the cache as it should may be fetched past it at once: the others at the site had their chance. */
gboolean ocs_package_may_pass (const OcsPackage *package);

/* Whether --once has to wait for it: something is to be done now, or is running. */
gboolean ocs_package_is_busy (const OcsPackage *package, gint64 now);
/* Whether it counts as done in the history that the server gets. */
gboolean ocs_package_is_success (const OcsPackage *package);

JsonObject *ocs_package_to_json (const OcsPackage *package);
/* OCS_ERROR_UNSUPPORTED for a journal of a newer version, OCS_ERROR_INVALID_DATA for a broken one. */
OcsPackage *ocs_package_from_json (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For people; transfer full. */
OcsPackageStatus *ocs_package_status (const OcsPackage *package);
