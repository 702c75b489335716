/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/progress.h"

struct _OcsProgress {
  gint references;
  gint64 done;
  gint64 total;
};

OcsProgress *
ocs_progress_new (void)
{
  OcsProgress *progress = g_new0 (OcsProgress, 1);

  progress->references = 1;
  return progress;
}

OcsProgress *
ocs_progress_ref (OcsProgress *progress)
{
  g_atomic_int_inc (&progress->references);
  return progress;
}

void
ocs_progress_unref (OcsProgress *progress)
{
  if (progress != NULL && g_atomic_int_dec_and_test (&progress->references))
    g_free (progress);
}

gint64
ocs_progress_done (OcsProgress *progress)
{
  return __atomic_load_n (&progress->done, __ATOMIC_RELAXED);
}

gint64
ocs_progress_total (OcsProgress *progress)
{
  return __atomic_load_n (&progress->total, __ATOMIC_RELAXED);
}

void
ocs_progress_begin (OcsProgress *progress, gint64 done, gint64 total)
{
  __atomic_store_n (&progress->done, done, __ATOMIC_RELAXED);
  __atomic_store_n (&progress->total, total, __ATOMIC_RELAXED);
}

void
ocs_progress_add (OcsProgress *progress, gint64 bytes)
{
  __atomic_add_fetch (&progress->done, bytes, __ATOMIC_RELAXED);
}
