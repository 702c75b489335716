/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-meter"
#include "worker/meter.h"
#include "worker/io/clock.h"

void
ocs_meter_clear (OcsMeter *meter)
{
  g_clear_pointer (&meter->progress, ocs_progress_unref);
}

void
ocs_meter_begin (OcsMeter *meter)
{
  if (meter->began == 0)
    meter->began = ocs_clock_monotonic ();
  ocs_progress_unref (meter->progress);
  meter->progress = ocs_progress_new ();
}

/* What only a whole fragment tells: how large they are. */
void
ocs_meter_count (OcsMeter *meter)
{
  gint64 done = meter->progress != NULL ? ocs_progress_done (meter->progress) : 0;

  meter->bytes += done;
  if (meter->fragment_size == 0)
    meter->fragment_size = done;
}

void
ocs_meter_add (OcsMeter *meter, gint64 bytes)
{
  meter->bytes += bytes;
}

void
ocs_meter_stop (OcsMeter *meter)
{
  meter->began = meter->bytes = 0;
}

static void
describe (const OcsMeter *meter, const OcsPackage *package, OcsJob *job)
{
  gint64 elapsed = meter->began > 0 ? ocs_clock_monotonic () - meter->began : 0;
  gint64 size, done;

  if (meter->progress == NULL || package->info == NULL)
    return;
  /* All fragments but the last have one size. */
  size = meter->fragment_size > 0 ? meter->fragment_size : ocs_progress_total (meter->progress);
  done = ocs_progress_done (meter->progress);
  job->total = size * package->info->frags;
  job->done = MIN (size * package->parts.n_have + done, job->total);
  job->rate = elapsed > 0 ? (meter->bytes + done) * 1000 / elapsed : 0;
}

static const OcsJobKind kinds[] = {
    [OCS_DUTY_NONE] = OCS_JOB_CONTACTING,   [OCS_DUTY_DESCRIBE] = OCS_JOB_CONTACTING, [OCS_DUTY_PROBE] = OCS_JOB_DOWNLOADING,
    [OCS_DUTY_FETCH] = OCS_JOB_DOWNLOADING, [OCS_DUTY_VERIFY] = OCS_JOB_VERIFYING,    [OCS_DUTY_RUN] = OCS_JOB_RUNNING,
    [OCS_DUTY_REPORT] = OCS_JOB_REPORTING,  [OCS_DUTY_POST] = OCS_JOB_RUNNING,        [OCS_DUTY_CLEAN] = OCS_JOB_REPORTING,
};

OcsJob *
ocs_meter_job (const OcsMeter *meter, const OcsPackage *package, OcsDutyKind kind)
{
  OcsJob *job = ocs_job_new (kinds[kind], package->id);

  job->from_cache = package->from_cache;
  job->from_wan = package->from_wan;
  if (kind == OCS_DUTY_FETCH)
    describe (meter, package, job);
  return job;
}
