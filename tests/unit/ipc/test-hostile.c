/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peers that mean harm: each is dropped or bounded, and an honest one is answered meanwhile. */
#include "ipc/limits.h"
#include "tests/unit/ipc/rig.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define REPLY_SIZE (100 * 1024)
#define MEBIBYTE (1024.0 * 1024.0)

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

static JsonObject *
large_reply (guint serial)
{
  g_autofree char *text = g_strnfill (REPLY_SIZE, 'x');
  JsonObject *reply = json_object_new ();

  json_object_set_int_member (reply, "serial", serial);
  json_object_set_string_member (reply, "text", text);
  return reply;
}

static void
on_large (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  ocs_call_reply (call, large_reply ((guint)g_atomic_int_add (&((Rig *)user_data)->calls, 1)));
}

static void
on_ping (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  ocs_call_reply (call, NULL);
}

/* 2000 states of 100 KiB each, one every main loop turn. */
static gboolean
on_tick (gpointer data)
{
  OcsCall *call = data;
  guint *tick = g_object_get_data (G_OBJECT (ocs_call_cancellable (call)), "tick");

  if (++*tick < 2000 && ocs_call_continue (call, large_reply (*tick)))
    return G_SOURCE_CONTINUE;
  ocs_call_reply (call, large_reply (*tick));
  return G_SOURCE_REMOVE;
}

static void
on_watch (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  g_object_set_data_full (G_OBJECT (ocs_call_cancellable (call)), "tick", g_new0 (guint, 1), g_free);
  g_idle_add (on_tick, call);
}

static const OcsMethod methods[] = {
    {"Large", on_large, FALSE, FALSE},
    {"Ping", on_ping, FALSE, FALSE},
    {"Watch", on_watch, TRUE, FALSE},
    {NULL, NULL, FALSE, FALSE},
};

static const OcsServerConfig config = {
    .interface = "org.example.test",
    .description = "interface org.example.test\n",
    .methods = methods,
    .message_max = OCS_WORKER_MESSAGE_MAX,
};

static void
with_rig (gconstpointer client)
{
  Rig *rig = rig_new (&config);

  rig_run (rig, *(const RigFunc *)client);
  rig_free (rig);
}

/* Of the whole process, in MiB. */
static gdouble
memory (void)
{
  g_autofree char *text = NULL;
  unsigned long size = 0;
  unsigned long resident = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%lu %lu", &size, &resident), ==, 2);
  return (gdouble)resident * (gdouble)sysconf (_SC_PAGESIZE) / MEBIBYTE;
}

/* The sanitizers keep what is freed for a while. */
static void
assert_memory (gdouble before, gdouble most)
{
#ifndef __SANITIZE_ADDRESS__
  g_test_message ("memory: %.1f MiB more", memory () - before);
  g_assert_cmpfloat (memory () - before, <, most);
#endif
}

static void
ping (Rig *rig)
{
  g_autoptr (OcsWire) wire = rig_open (rig);
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (JsonObject) reply = ocs_wire_call (wire, "org.example.test.Ping", NULL, OCS_WIRE_PLAIN, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
  g_test_message ("answered after %.1f ms", (gdouble)(g_get_monotonic_time () - start) / 1000.0);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
}

/* Writes without ever blocking for good; TRUE once the peer has closed. */
static gboolean
write_until_closed (int fd, const void *bytes, gsize length)
{
  gsize done = 0;

  while (done < length) {
    struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
    gssize n = send (fd, (const guint8 *)bytes + done, length - done, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n > 0)
      done += (gsize)n;
    else if (errno != EAGAIN && errno != EINTR)
      return TRUE;
    else if (poll (&poll_fd, 1, 200) == 0)
      return FALSE;
  }
  return FALSE;
}

/* TRUE where the peer closes within two seconds. */
static gboolean
is_closed (int fd)
{
  struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
  char buffer[4096];
  gssize n = 1;

  while (n > 0 && poll (&poll_fd, 1, 2000) > 0)
    n = recv (fd, buffer, sizeof buffer, MSG_DONTWAIT);
  return n <= 0;
}

static void
client_endless (Rig *rig)
{
  gdouble before = memory ();
  g_autofree char *piece = g_strnfill (1024 * 1024, ' ');
  int fd = rig_connect (rig);
  gboolean closed = FALSE;

  for (guint i = 0; i < 100 && !closed; i++)
    closed = write_until_closed (fd, piece, 1024 * 1024);
  g_assert_true (closed);
  assert_memory (before, 8);
  close (fd);
  ping (rig);
}

static void
client_brackets (Rig *rig)
{
  g_autofree char *piece = g_strnfill (300000, '[');
  int fd = rig_connect (rig);

  if (!write_until_closed (fd, piece, 300000))
    g_assert_true (is_closed (fd));
  close (fd);
  ping (rig);
}

static void
client_garbage (Rig *rig)
{
  for (guint i = 0; i < 300; i++) {
    guint8 bytes[1024];
    int fd = rig_connect (rig);

    for (guint k = 0; k < sizeof bytes; k++)
      bytes[k] = (guint8)g_test_rand_int_range (0, 256);
    bytes[sizeof bytes - 1] = 0;
    if (!write_until_closed (fd, bytes, sizeof bytes))
      g_assert_true (is_closed (fd));
    close (fd);
  }
  ping (rig);
}

static void
client_no_calls (Rig *rig)
{
  static const char *const texts[] = {"{}",   "{\"method\":7}",      "{\"method\":\"nodot\"}", "[]",
                                      "null", "{\"parameters\":{}}", "{\"method\":null}",      ""};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    int fd = rig_connect (rig);

    g_assert_cmpint (write (fd, texts[i], strlen (texts[i]) + 1), >, 0);
    g_assert_true (is_closed (fd));
    close (fd);
  }
}

/* Calls whose replies are never read: the calls wait in the kernel, the server holds one reply for each peer. */
static void
client_never_reads (Rig *rig)
{
  static const char call[] = "{\"method\":\"org.example.test.Large\"}";
  gdouble before = memory ();
  int fds[OCS_CONNECTIONS_PER_USER_MAX - 1];

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
    fds[i] = rig_connect (rig);
    for (guint k = 0; k < 200; k++)
      if (send (fds[i], call, sizeof call, MSG_NOSIGNAL | MSG_DONTWAIT) <= 0)
        break;
  }
  ping (rig);
  /* Two or three replies each fit into the socket. */
  g_assert_cmpint (g_atomic_int_get (&rig->calls), <, (gint)G_N_ELEMENTS (fds) * 6);
  assert_memory (before, 20);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

/* The most work that a message can be, from as many peers as may connect. */
static void
client_dense (Rig *rig)
{
  g_autoptr (GString) call = g_string_new ("{\"method\":\"org.example.test.Ping\",\"oneway\":true,\"parameters\":{\"a\":[0");
  int fds[OCS_CONNECTIONS_PER_USER_MAX - 8];

  for (guint i = 0; i < OCS_WORKER_NODES_MAX / 2 - 10; i++)
    g_string_append (call, ",{\"\":0}");
  while (call->len < OCS_WORKER_MESSAGE_MAX - 3)
    g_string_append_c (call, ' ');
  g_string_append (call, "]}}");
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = rig_connect (rig);
  for (guint i = 0; i < 2000; i++) {
    (void)!send (fds[i % G_N_ELEMENTS (fds)], call->str, call->len + 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (i % 500 == 499)
      ping (rig);
  }
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

/* A watcher that sleeps gets what fitted into the socket, the newest state and the last reply; never all 2000. */
static void
client_slow_watcher (Rig *rig)
{
  g_autoptr (OcsWire) wire = rig_open (rig);
  g_autoptr (GError) error = NULL;
  gboolean continues = TRUE;
  gdouble before = memory ();
  guint received = 0;
  gint64 last = 0;

  g_assert_true (ocs_wire_send (wire, "org.example.test.Watch", NULL, OCS_WIRE_MORE, &error));
  g_usleep (G_USEC_PER_SEC);
  ping (rig);
  assert_memory (before, 8);
  while (continues) {
    g_autoptr (JsonObject) reply = ocs_wire_receive (wire, &continues, &error);

    g_assert_no_error (error);
    g_assert_cmpint (ocs_json_int (reply, "serial", -1), >=, last);
    last = ocs_json_int (reply, "serial", -1);
    received++;
  }
  g_test_message ("%u states of 2000", received);
  g_assert_cmpint (last, ==, 2000);
  g_assert_cmpuint (received, <, 1000);
}

static void
client_many_connections (Rig *rig)
{
  int fds[1000];
  guint open = 0;

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = rig_connect (rig);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
    struct pollfd poll_fd = {.fd = fds[i], .events = POLLIN};

    open += poll (&poll_fd, 1, i == 0 ? 500 : 0) == 0 ? 1 : 0;
  }
  g_assert_cmpuint (open, ==, OCS_CONNECTIONS_PER_USER_MAX);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  g_usleep (100000);
  ping (rig);
}

/* Without a free descriptor the server waits, does not spin, and goes on when there is one. */
static void
client_no_descriptors (Rig *rig)
{
  struct rlimit saved;
  struct rlimit small;
  struct rusage usage[2];
  int spare = dup (0);
  int fds[8];
  int full = -1;

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &saved), ==, 0);
  small = saved;
  small.rlim_cur = (rlim_t)fds[7] + 1;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &small), ==, 0);
  for (full = dup (0); full >= 0 && full < 1024; full = dup (0))
    continue;
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
    struct sockaddr_un address;

    g_assert_true (ocs_address_fill (&address, rig->path, NULL));
    g_assert_cmpint (connect (fds[i], (struct sockaddr *)&address, sizeof address), ==, 0);
  }
  getrusage (RUSAGE_SELF, &usage[0]);
  g_usleep (500000);
  getrusage (RUSAGE_SELF, &usage[1]);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &saved), ==, 0);
  g_assert_cmpint ((usage[1].ru_utime.tv_sec - usage[0].ru_utime.tv_sec) * 1000000 + usage[1].ru_utime.tv_usec - usage[0].ru_utime.tv_usec,
                   <, 100000);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
    g_autofree char *reply = rig_ask (fds[i], "{\"method\":\"org.example.test.Ping\"}");

    g_assert_cmpstr (reply, ==, "{\"parameters\":{}}");
    close (fds[i]);
  }
  close (spare);
}

/* Half a message and then nothing, or half a connection. */
static void
client_halves (Rig *rig)
{
  int fd = rig_connect (rig);
  int half = rig_connect (rig);
  int gone = rig_connect (rig);

  g_assert_cmpint (write (fd, "{\"method\":", 10), ==, 10);
  g_assert_cmpint (write (half, "{\"method\":", 10), ==, 10);
  g_assert_cmpint (shutdown (half, SHUT_WR), ==, 0);
  g_assert_true (is_closed (half));
  g_assert_cmpint (shutdown (gone, SHUT_RD), ==, 0);
  g_assert_cmpint (write (gone, "{\"method\":\"org.example.test.Ping\"}", 35), ==, 35);
  ping (rig);
  close (fd);
  close (half);
  close (gone);
}

static gboolean
refuse_all (const OcsPeer *peer, gpointer user_data)
{
  return FALSE;
}

static void
client_refused (Rig *rig)
{
  int fd = rig_connect (rig);

  g_assert_true (is_closed (fd));
  close (fd);
}

static void
test_admit (void)
{
  OcsServerConfig refusing = config;
  Rig *rig;

  refusing.admit = refuse_all;
  rig = rig_new (&refusing);
  rig_run (rig, client_refused);
  rig_free (rig);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    RigFunc client;
  } tests[] = {
      {"/hostile/endless", client_endless},
      {"/hostile/brackets", client_brackets},
      {"/hostile/garbage", client_garbage},
      {"/hostile/no-calls", client_no_calls},
      {"/hostile/never-reads", client_never_reads},
      {"/hostile/dense", client_dense},
      {"/hostile/slow-watcher", client_slow_watcher},
      {"/hostile/many-connections", client_many_connections},
      {"/hostile/no-descriptors", client_no_descriptors},
      {"/hostile/halves", client_halves},
  };
  struct rlimit limit;

  g_test_init (&argc, &argv, NULL);
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = MIN (limit.rlim_max, 4096);
  setrlimit (RLIMIT_NOFILE, &limit);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_data_func (tests[i].name, &tests[i].client, with_rig);
  g_test_add_func ("/hostile/admit", test_admit);
  return g_test_run ();
}
