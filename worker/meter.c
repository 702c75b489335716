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

void
ocs_meter_describe (const OcsMeter *meter, const OcsPackage *package, OcsJob *job)
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
