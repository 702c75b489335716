/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See lane.h. The finished work comes back through a queue; where nobody waits any more, the queue's last reference frees it. */
#include "worker/inventory/lane.h"

/* Two may collect at once, for the server and for people; each collection more would leave another thread behind. */
#define FULL 3

struct _OcsLanes {
  guint n;
  gint busy[];
};

typedef struct {
  OcsLanes *lanes; /* owned reference, nullable */
  guint lane;
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

OcsLanes *
ocs_lanes_new (guint n_lanes)
{
  OcsLanes *lanes = g_atomic_rc_box_alloc0 (sizeof (OcsLanes) + n_lanes * sizeof (gint));
  lanes->n = n_lanes;
  return lanes;
}

OcsLanes *
ocs_lanes_ref (OcsLanes *lanes)
{
  return g_atomic_rc_box_acquire (lanes);
}

void
ocs_lanes_unref (OcsLanes *lanes)
{
  if (lanes != NULL)
    g_atomic_rc_box_release (lanes);
}

gboolean
ocs_lanes_is_full (OcsLanes *lanes, guint lane)
{
  return lanes != NULL && lane < lanes->n && g_atomic_int_get (&lanes->busy[lane]) >= FULL;
}

static void
enter (Work *work)
{
  if (work->lanes != NULL)
    g_atomic_int_inc (&work->lanes->busy[work->lane]);
}

static void
leave (Work *work)
{
  if (work->lanes != NULL)
    g_atomic_int_add (&work->lanes->busy[work->lane], -1);
  g_clear_pointer (&work->lanes, ocs_lanes_unref);
}

static gpointer
run (gpointer data)
{
  Work *work = data;
  GAsyncQueue *done = g_steal_pointer (&work->done);
  work->func (work->data);
  leave (work);
  g_async_queue_push (done, work);
  g_async_queue_unref (done);
  return NULL;
}

gboolean
ocs_lane_run (OcsLanes *lanes, guint lane, const char *name, void (*func) (gpointer data), gpointer data, GDestroyNotify free_data,
              guint milliseconds)
{
  if (ocs_lanes_is_full (lanes, lane)) {
    free_data (data);
    return FALSE;
  }
  GAsyncQueue *done = g_async_queue_new_full (work_free);
  Work *work = g_new0 (Work, 1);
  *work = (Work) {lanes != NULL ? ocs_lanes_ref (lanes) : NULL, lane, func, data, free_data, g_async_queue_ref (done)};
  enter (work);
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
