/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far the fetching of a package has come, and how fast it goes: for people. */
#pragma once
#include "worker/core/package.h"
#include "worker/io/progress.h"

typedef struct {
  OcsProgress *progress; /* owned, nullable; of the fragment under way, not of those beside it */
  gint64 fragment_size;  /* of those fetched so far; 0 while it is not known */
  gint64 began;          /* milliseconds; 0: nothing is fetched now */
  gint64 bytes;          /* since then, whole fragments */
} OcsMeter;

void ocs_meter_clear (OcsMeter *meter);
/* A fragment begins; progress is new. */
void ocs_meter_begin (OcsMeter *meter);
/* It has come. */
void ocs_meter_count (OcsMeter *meter);
/* Another has come beside it. */
void ocs_meter_add (OcsMeter *meter, gint64 bytes);
/* Something else is done now. */
void ocs_meter_stop (OcsMeter *meter);
/* What people see of the duty of that kind that is under way: of a FETCH what is done, the total and the rate, too. transfer full. */
OcsJob *ocs_meter_job (const OcsMeter *meter, const OcsPackage *package, OcsDutyKind kind);
