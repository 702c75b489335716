/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/block.h"
#include "ipc/limits.h"
#include "tests/unit/ipc/rig.h"
#include <sys/socket.h>

#define DOWN_SIZE (40 * 1024 * 1024)
#define UP_SIZE (9 * 1024 * 1024)

typedef struct {
  OcsPipe *pipe;
  Rig *rig;
  gsize sent;
  gsize received;
  guint waits;
} Stream;

static guint8
byte_at (gsize position)
{
  return (guint8)(position * 7 + position / 251);
}

static void
stream_fill (Stream *stream)
{
  guint8 bytes[65536];

  while (stream->sent < DOWN_SIZE && !ocs_pipe_is_full (stream->pipe)) {
    gsize part = MIN (sizeof bytes, DOWN_SIZE - stream->sent);

    for (gsize i = 0; i < part; i++)
      bytes[i] = byte_at (stream->sent + i);
    ocs_pipe_write (stream->pipe, bytes, part);
    stream->sent += part;
  }
  if (stream->sent == DOWN_SIZE) {
    JsonObject *trailer = json_object_new ();

    json_object_set_int_member (trailer, "waits", stream->waits);
    ocs_pipe_finish (stream->pipe, trailer);
    g_atomic_int_inc (&stream->rig->calls);
    g_free (stream);
  }
}

static void
on_down_drained (OcsPipe *pipe, gpointer user_data)
{
  ((Stream *)user_data)->waits++;
  stream_fill (user_data);
}

static void
on_down_closed (OcsPipe *pipe, gpointer user_data)
{
  Stream *stream = user_data;

  g_atomic_int_inc (&stream->rig->cancelled);
  ocs_pipe_free (pipe);
  g_free (stream);
}

static gboolean
on_down_start (gpointer data)
{
  stream_fill (data);
  return G_SOURCE_REMOVE;
}

static Stream *
stream_new (OcsCall *call, Rig *rig, const OcsPipeCallbacks *callbacks)
{
  Stream *stream = g_new0 (Stream, 1);

  stream->rig = rig;
  stream->pipe = ocs_call_upgrade (call, NULL);
  g_assert_nonnull (stream->pipe);
  ocs_pipe_set_callbacks (stream->pipe, callbacks, stream);
  return stream;
}

static void
on_down (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  static const OcsPipeCallbacks callbacks = {.drained = on_down_drained, .closed = on_down_closed};

  g_idle_add (on_down_start, stream_new (call, user_data, &callbacks));
}

static void
on_up_data (OcsPipe *pipe, const guint8 *bytes, gsize length, gpointer user_data)
{
  Stream *stream = user_data;

  for (gsize i = 0; i < length; i++)
    g_assert_cmpuint (bytes[i], ==, byte_at (stream->received + i));
  stream->received += length;
}

static void
on_up_end (OcsPipe *pipe, JsonObject *trailer, gpointer user_data)
{
  Stream *stream = user_data;
  JsonObject *answer = json_object_new ();

  json_object_set_int_member (answer, "received", (gint64)stream->received);
  ocs_pipe_finish (pipe, answer);
  g_free (stream);
}

static void
on_up (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  static const OcsPipeCallbacks callbacks = {.data = on_up_data, .end = on_up_end, .closed = on_down_closed};

  stream_new (call, user_data, &callbacks);
}

/* Says no before it has read anything. */
static void
on_early (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  JsonObject *trailer = json_object_new ();

  json_object_set_string_member (trailer, "error", "unreachable");
  ocs_pipe_finish (ocs_call_upgrade (call, NULL), trailer);
}

/* Sizes of objects that follow each other: none, less than a block, several blocks, and more than a pipe holds. */
static const gsize part_sizes[] = {0, 1, 40000, 128 * 1024, 0, 700 * 1024, 65536, 3};

static void
on_parts (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  static const OcsPipeCallbacks callbacks = {NULL};
  OcsPipe *pipe = ocs_call_upgrade (call, NULL);
  g_autofree guint8 *bytes = g_malloc (1024 * 1024);

  for (gsize i = 0; i < 1024 * 1024; i++)
    bytes[i] = byte_at (i);
  ocs_pipe_set_callbacks (pipe, &callbacks, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (part_sizes); i++) {
    JsonObject *trailer = json_object_new ();
    gboolean last = i + 1 == G_N_ELEMENTS (part_sizes);

    json_object_set_int_member (trailer, "number", i);
    json_object_set_boolean_member (trailer, "more", !last);
    ocs_pipe_write (pipe, bytes, part_sizes[i]);
    if (last)
      ocs_pipe_finish (pipe, trailer);
    else
      ocs_pipe_end_part (pipe, trailer);
  }
}

static const OcsMethod methods[] = {
    {"Parts", on_parts, FALSE, TRUE}, {"Down", on_down, FALSE, TRUE}, {"Up", on_up, FALSE, TRUE},
    {"Early", on_early, FALSE, TRUE}, {NULL, NULL, FALSE, FALSE},
};

static const OcsServerConfig config = {
    .interface = "org.example.test",
    .description = "interface org.example.test\n",
    .methods = methods,
    .message_max = OCS_COURIER_MESSAGE_MAX,
};

static void
with_rig (gconstpointer client)
{
  Rig *rig = rig_new (&config);

  rig_run (rig, *(const RigFunc *)client);
  rig_free (rig);
}

static OcsWire *
upgrade (Rig *rig, const char *method)
{
  OcsWire *wire = rig_open (rig);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) reply = ocs_wire_call (wire, method, NULL, OCS_WIRE_UPGRADE, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
  return wire;
}

static gboolean
on_sink (const guint8 *bytes, gsize length, gpointer user_data, GError **error)
{
  gsize *received = user_data;

  for (gsize i = 0; i < length; i++)
    if (bytes[i] != byte_at (*received + i))
      g_error ("byte %" G_GSIZE_FORMAT " is wrong", *received + i);
  *received += length;
  /* The sender must feel the back-pressure. */
  if (*received < 1024 * 1024)
    g_usleep (1000);
  return TRUE;
}

static void
client_down (Rig *rig)
{
  g_autoptr (OcsWire) wire = upgrade (rig, "org.example.test.Down");
  g_autoptr (GError) error = NULL;
  gsize received = 0;
  g_autoptr (JsonObject) trailer = ocs_wire_receive_data (wire, on_sink, &received, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (received, ==, DOWN_SIZE);
  g_assert_cmpint (ocs_json_int (trailer, "waits", 0), >, 0);
}

static void
client_parts (Rig *rig)
{
  g_autoptr (OcsWire) wire = upgrade (rig, "org.example.test.Parts");
  g_autoptr (GError) error = NULL;
  gboolean more = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (part_sizes); i++) {
    g_autoptr (JsonObject) trailer = NULL;
    gsize received = 0;

    g_assert_true (more);
    trailer = ocs_wire_receive_data (wire, on_sink, &received, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (received, ==, part_sizes[i]);
    g_assert_cmpint (ocs_json_int (trailer, "number", -1), ==, i);
    more = ocs_json_bool (trailer, "more", TRUE);
  }
  g_assert_false (more);
}

static void
client_down_refused (Rig *rig)
{
  g_autoptr (OcsWire) wire = upgrade (rig, "org.example.test.Down");
  g_autoptr (GError) error = NULL;

  g_assert_null (ocs_wire_receive_data (wire, NULL, NULL, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_pointer (&wire, ocs_wire_close);
  /* Told that it is closed, or all was thrown into the closed socket in one turn. */
  while (g_atomic_int_get (&rig->cancelled) + g_atomic_int_get (&rig->calls) == 0)
    g_usleep (1000);
}

static void
client_up (Rig *rig)
{
  g_autoptr (OcsWire) wire = upgrade (rig, "org.example.test.Up");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) trailer = NULL;
  g_autofree guint8 *bytes = g_malloc (UP_SIZE);
  gsize at = 0;

  for (gsize i = 0; i < UP_SIZE; i++)
    bytes[i] = byte_at (i);
  for (gsize size = 1; at < UP_SIZE; size = size * 3 + 1) {
    gsize part = MIN (size, UP_SIZE - at);
    gboolean ok = ocs_wire_send_data (wire, bytes + at, part, &error);

    g_assert_no_error (error);
    g_assert_true (ok);
    at += part;
  }
  g_assert_true (ocs_wire_send_end (wire, &error));
  trailer = ocs_wire_receive_data (wire, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ocs_json_int (trailer, "received", -1), ==, UP_SIZE);
}

static void
client_early (Rig *rig)
{
  g_autoptr (OcsWire) wire = upgrade (rig, "org.example.test.Early");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) trailer = NULL;
  g_autofree guint8 *bytes = g_malloc0 (UP_SIZE);

  g_assert_true (ocs_wire_send_data (wire, bytes, UP_SIZE, &error));
  g_assert_true (ocs_wire_send_end (wire, &error));
  trailer = ocs_wire_receive_data (wire, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ocs_json_string (trailer, "error"), ==, "unreachable");
}

/* The call, two blocks, the end and the trailer, all in one packet or byte by byte. */
static void
send_raw (Rig *rig, gsize step)
{
  static const char call[] = "{\"method\":\"org.example.test.Up\",\"upgrade\":true}";
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autofree char *reply = NULL;
  char rest[64] = {0};
  gsize got = 0;
  int fd = rig_connect (rig);

  g_byte_array_append (all, (const guint8 *)call, sizeof call);
  g_byte_array_append (all, (const guint8 *)"\0\0\0\1\0\0\0\0\2\7\16\0\0\0\0{}", 17);
  all->data[sizeof call + 4] = byte_at (0);
  all->data[sizeof call + 9] = byte_at (1);
  all->data[sizeof call + 10] = byte_at (2);
  g_byte_array_append (all, (const guint8 *)"", 1);
  for (gsize at = 0; at < all->len; at += step)
    g_assert_cmpint (write (fd, all->data + at, MIN (step, all->len - at)), >, 0);
  reply = rig_ask (fd, NULL);
  g_assert_cmpstr (reply, ==, "{\"parameters\":{}}");
  while (got < 4 + sizeof "{\"received\":3}")
    got += (gsize)read (fd, rest + got, sizeof rest - got);
  g_assert_cmpmem (rest, got, "\0\0\0\0{\"received\":3}", 4 + sizeof "{\"received\":3}");
  close (fd);
}

static void
client_raw (Rig *rig)
{
  send_raw (rig, 1000);
  send_raw (rig, 1);
}

/* A block that is too large, something after the trailer, a half stream: closed is called each time. */
static void
client_liar (Rig *rig)
{
  static const char call[] = "{\"method\":\"org.example.test.Up\",\"upgrade\":true}";
  static const struct {
    const char *bytes;
    gsize length;
  } lies[] = {{"\377\377\377\377xx", 6}, {"\0\0\0\0nonsense", 13}, {"\0\0\0\5\0", 5}, {"\0\0", 2}, {"\0\0\0\0{\"a\":", 9}};

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++) {
    int fd = rig_connect (rig);

    g_assert_cmpint (write (fd, call, sizeof call), ==, sizeof call);
    g_assert_cmpint (write (fd, lies[i].bytes, lies[i].length), ==, (gssize)lies[i].length);
    g_assert_cmpint (shutdown (fd, SHUT_WR), ==, 0);
    while (g_atomic_int_get (&rig->cancelled) <= (gint)i)
      g_usleep (1000);
    close (fd);
  }
}

int
main (int argc, char **argv)
{
  static const RigFunc down = client_down;
  static const RigFunc parts = client_parts;
  static const RigFunc down_refused = client_down_refused;
  static const RigFunc up = client_up;
  static const RigFunc early = client_early;
  static const RigFunc raw = client_raw;
  static const RigFunc liar = client_liar;

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/pipe/down", &down, with_rig);
  g_test_add_data_func ("/pipe/parts", &parts, with_rig);
  g_test_add_data_func ("/pipe/down-refused", &down_refused, with_rig);
  g_test_add_data_func ("/pipe/up", &up, with_rig);
  g_test_add_data_func ("/pipe/early", &early, with_rig);
  g_test_add_data_func ("/pipe/raw", &raw, with_rig);
  g_test_add_data_func ("/pipe/liar", &liar, with_rig);
  return g_test_run ();
}
