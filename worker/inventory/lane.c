/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See lane.h. The finished work comes back through a queue; where nobody waits any more, the queue's last reference frees it. */
#include "worker/inventory/lane.h"

typedef struct {
  void (*func) (gpointer data);
  gpointer data; /* owned until it is given back */
  GDestroyNotify free_data;
  GAsyncQueue *done; /* owned reference */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;
  if (work->data != NULL)
    work->free_data (work->data);
  g_free (work);
}

static gpointer
run (gpointer data)
{
  Work *work = data;
  GAsyncQueue *done = g_steal_pointer (&work->done);
  work->func (work->data);
  g_async_queue_push (done, work);
  g_async_queue_unref (done);
  return NULL;
}

gboolean
ocs_lane_run (const char *name, void (*func) (gpointer data), gpointer data, GDestroyNotify free_data, guint milliseconds)
{
  GAsyncQueue *done = g_async_queue_new_full (work_free);
  Work *work = g_new0 (Work, 1);
  *work = (Work) {func, data, free_data, g_async_queue_ref (done)};
  GThread *thread = g_thread_try_new (name, run, work, NULL);
  if (thread == NULL) { /* no thread is to be had: better without a limit than not at all */
    run (work);
  }
  work = g_async_queue_timeout_pop (done, (guint64)milliseconds * 1000);
  if (work != NULL) {
    work->data = NULL;
    work_free (work);
    if (thread != NULL)
      g_thread_join (thread);
  } else if (thread != NULL) {
    g_thread_unref (thread);
  }
  g_async_queue_unref (done);
  return work != NULL;
}
