/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that ends in time and work that does not. */
#include "worker/inventory/lane.h"

typedef struct {
  GAsyncQueue *gate; /* borrowed: the test's; work waits for something in it */
  gint *freed;       /* borrowed: the test's */
  int value;
} Data;

static void
data_free (gpointer data)
{
  g_atomic_int_inc (((Data *)data)->freed);
  g_free (data);
}

static void
wait_at_gate (gpointer data)
{
  Data *work = data;
  if (work->gate != NULL)
    g_async_queue_pop (work->gate);
  work->value = 7;
}

static Data *
data_new (GAsyncQueue *gate, gint *freed)
{
  Data *data = g_new0 (Data, 1);
  *data = (Data) {gate, freed, 0};
  return data;
}

static void
test_in_time (void)
{
  gint freed = 0;
  Data *data = data_new (NULL, &freed);
  g_assert_true (ocs_lane_run (NULL, 0, "test", wait_at_gate, data, data_free, 60000));
  g_assert_cmpint (data->value, ==, 7);
  g_assert_cmpint (g_atomic_int_get (&freed), ==, 0);
  data_free (data);
}

/* What hangs is left behind with what it works on, which goes when it ends after all. */
static void
test_too_late (void)
{
  gint freed = 0;
  g_autoptr (GAsyncQueue) gate = g_async_queue_new ();
  g_assert_false (ocs_lane_run (NULL, 0, "test", wait_at_gate, data_new (gate, &freed), data_free, 10));
  g_assert_cmpint (g_atomic_int_get (&freed), ==, 0);
  g_async_queue_push (gate, gate);
  while (g_atomic_int_get (&freed) == 0)
    g_usleep (1000);
  g_assert_cmpint (g_atomic_int_get (&freed), ==, 1);
}

/* A disk that hangs for a week must not cost a thread with each contact, nor its time; when it is back, all is as before. */
static void
test_full (void)
{
  gint freed = 0;
  guint left = 0;
  g_autoptr (GAsyncQueue) gate = g_async_queue_new ();
  g_autoptr (OcsLanes) lanes = ocs_lanes_new (2);
  for (; !ocs_lanes_is_full (lanes, 1) && left < 100; left++)
    g_assert_false (ocs_lane_run (lanes, 1, "test", wait_at_gate, data_new (gate, &freed), data_free, 10));
  g_assert_cmpuint (left, ==, 3);
  g_assert_false (ocs_lane_run (lanes, 1, "test", wait_at_gate, data_new (gate, &freed), data_free, G_MAXUINT));
  g_assert_cmpint (g_atomic_int_get (&freed), ==, 1);
  /* Another is not held up by it. */
  Data *other = data_new (NULL, &freed);
  g_assert_true (ocs_lane_run (lanes, 0, "test", wait_at_gate, other, data_free, 60000));
  data_free (other);
  for (guint i = 0; i < left; i++)
    g_async_queue_push (gate, gate);
  while (ocs_lanes_is_full (lanes, 1) || g_atomic_int_get (&freed) < (gint)left + 2)
    g_usleep (1000);
  other = data_new (NULL, &freed);
  g_assert_true (ocs_lane_run (lanes, 1, "test", wait_at_gate, other, data_free, 60000));
  data_free (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lane/in-time", test_in_time);
  g_test_add_func ("/lane/too-late", test_too_late);
  g_test_add_func ("/lane/full", test_full);
  return g_test_run ();
}
