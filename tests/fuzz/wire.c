/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a courier may answer to a Fetch: a reply, blocks and a trailer, and these two again as long as it says so, read from a real socket.
 * The first two bytes say how many of the rest come twice over, so that blocks are longer than what one read takes. */
#include "ipc/wire.h"
#include "ipc/json.h"
#include "ipc/server.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

/* A socket holds as much before anybody reads. */
#define MOST (64 * 1024)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct {
  char *path; /* owned for ever */
  int listener;
} Rig;

static const Rig *
get_rig (void)
{
  static Rig *rig;

  if (g_once_init_enter (&rig)) {
    Rig *made = g_new0 (Rig, 1);

    made->path = g_strdup_printf ("/tmp/fuzz-wire.%d", (int)getpid ());
    made->listener = ocs_server_bind (made->path, 0600, NULL);
    g_assert_cmpint (made->listener, >=, 0);
    g_once_init_leave (&rig, made);
  }
  return rig;
}

static gboolean
on_data (const guint8 *bytes, gsize length, gpointer user_data, GError **error)
{
  gsize *total = user_data;

  g_assert_cmpuint (length, >, 0);
  *total += length + bytes[0] * 0u + bytes[length - 1] * 0u;
  return TRUE;
}

/* All of it is there before it is read, and then the end. */
static void
answer (const Rig *rig, const uint8_t *data, size_t size)
{
  size_t more = size > 2 ? (data[0] * 256u + data[1]) % (size - 1) : 0;
  int fd = accept4 (rig->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

  g_assert_cmpint (fd, >=, 0);
  if (size > 2) {
    (void)!send (fd, data + 2, size - 2, MSG_NOSIGNAL);
    (void)!send (fd, data + size - more, more, MSG_NOSIGNAL);
  }
  shutdown (fd, SHUT_WR);
  close (fd);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const Rig *rig = get_rig ();
  g_autoptr (OcsWire) wire = ocs_wire_open (rig->path, 5, NULL, NULL);
  g_autoptr (JsonObject) head = NULL;
  g_autoptr (JsonObject) trailer = NULL;
  g_autoptr (GError) error = NULL;
  gsize total = 0;

  g_assert_nonnull (wire);
  answer (rig, data, MIN (size, MOST));
  head = ocs_wire_receive (wire, NULL, &error);
  g_assert_true ((head == NULL) == (error != NULL));
  if (head == NULL)
    return 0;
  do {
    g_clear_pointer (&trailer, json_object_unref);
    trailer = ocs_wire_receive_data (wire, on_data, &total, &error);
    g_assert_true ((trailer == NULL) == (error != NULL));
  } while (ocs_json_bool (trailer, "more", FALSE));
  g_assert_cmpuint (total, <=, 2 * MIN (size, MOST));
  return 0;
}
