/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The framer fed in two pieces, and what it lets through read as a status and written again. The first byte cuts the input. */
#include "ipc/frame.h"
#include "ipc/json.h"
#include "ipc/status.h"
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
use_message (JsonObject *message)
{
  g_autofree char *text = ocs_json_write (message);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) again = ocs_json_parse (text, strlen (text), &error);
  g_autofree char *same = NULL;
  g_autoptr (OcsStatus) status = ocs_status_from_json (message);
  g_autoptr (JsonObject) json = ocs_status_to_json (status);

  /* What was read can be written and read again, and is then the same text. */
  g_assert_no_error (error);
  g_assert_nonnull (json);
  same = ocs_json_write (again);
  g_assert_cmpstr (text, ==, same);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (OcsFramer) framer = ocs_framer_new (4096);
  size_t cut = size > 0 ? MIN (data[0], size - 1) : 0;
  gboolean live = size > 0;

  for (int piece = 0; live && piece < 2; piece++) {
    const uint8_t *start = data + 1 + (piece == 0 ? 0 : cut);
    size_t length = piece == 0 ? cut : size - 1 - cut;

    live = ocs_framer_push (framer, start, length, NULL);
    while (live) {
      g_autoptr (JsonObject) message = ocs_framer_pop (framer, NULL);

      live = message != NULL;
      if (live)
        use_message (message);
    }
    live = TRUE;
  }
  g_bytes_unref (ocs_framer_steal_rest (framer));
  return 0;
}
