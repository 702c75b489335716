/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "worker/inventory/lane.h"
#include "worker/io/dispatch.h"
#include "worker/io/journal.h"
#include "worker/io/store.h"
#include "worker/ledger.h"
#include "worker/people.h"
#include "worker/setup.h"

/* What every part of the worker's top works with; main owns it, everything in it outlives the parts. */
typedef struct {
  OcsJournal *journal; /* never NULL in a worker that serves */
  OcsStore *store;
  OcsDispatch *dispatch;
  OcsLedger *ledger;
  OcsSetup *setup; /* replaced only between contacts */
  OcsPeople *people;
  struct _OcsThrift *thrift;
  struct _OcsPower *power;
  guint running;    /* packages whose command runs right now */
  OcsLanes *lanes;  /* of all collections */
  GStrv lacking;    /* owned, nullable; what the kernel does not hold of the couriers' confinement */
  const char *root; /* where the machine is read: "/", or a captured one in tests */
} OcsSite;

/* The ini file is read anew for each contact: a change needs no restart. What was learnt of ways that are others now is forgotten. */
void ocs_site_load_setup (OcsSite *site);
