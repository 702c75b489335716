/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A package of three fragments and what may happen to it, for the tests of the package machine. */
#pragma once
#include "ipc/error.h"
#include "tests/unit/core/package-made.h"

typedef struct {
  OcsOffer *offer;
  OcsOffer *forced;
  OcsInfo *info;
  OcsInfo *empty;
  GError *error;
  OcsPackage *package;
} Case;

static inline void
set_up (Case *c, gconstpointer data)
{
  c->offer = make_offer ("0");
  c->forced = make_offer ("1");
  c->info = make_info ("3", "5");
  c->empty = make_info ("0", "5");
  c->error = g_error_new_literal (OCS_ERROR, OCS_ERROR_UNREACHABLE, "no way");
  c->package = ocs_package_new ("1700000001", NOW);
}

static inline void
tear_down (Case *c, gconstpointer data)
{
  ocs_offer_free (c->offer);
  ocs_offer_free (c->forced);
  ocs_info_free (c->info);
  ocs_info_free (c->empty);
  g_error_free (c->error);
  ocs_package_free (c->package);
}

static inline OcsEvent
make_event (Case *c, OcsEventKind kind)
{
  return (OcsEvent) {
      .kind = kind,
      .now = NOW,
      .offer = c->offer,
      .info = c->info,
      .fragment = 1,
      .bytes = 100,
      .verdict = OCS_VERDICT_MISS,
      .error = c->error,
      .code = kind == OCS_EVENT_REJECTED ? "ERR_BAD_PARAM" : "SUCCESS",
      .timeout = 86400,
      .random = 0.5,
  };
}

static inline gboolean
feed (Case *c, OcsEventKind kind)
{
  OcsEvent event = make_event (c, kind);

  return ocs_package_step (c->package, &event);
}

/* Behind a cache that can be asked, and was. */
static inline void
describe_askable (Case *c)
{
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  c->package->cached = c->package->may_probe = c->package->askable = TRUE;
  c->package->probed = TRUE;
}

static inline void
feed_fragment (Case *c, gint64 number, OcsVerdict verdict, gint64 pause)
{
  OcsEvent event = make_event (c, OCS_EVENT_FRAGMENT);

  event.fragment = number;
  event.verdict = verdict;
  event.pause = pause;
  ocs_package_step (c->package, &event);
}

static inline OcsDutyKind
duty (Case *c, gint64 now)
{
  return ocs_package_next (c->package, now).kind;
}

static inline void
fetch_all (Case *c)
{
  for (gint64 i = 1; i <= 3; i++)
    feed_fragment (c, i, OCS_VERDICT_HIT, 0);
}
