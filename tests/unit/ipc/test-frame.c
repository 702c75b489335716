/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/frame.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include <string.h>

static void
push (OcsFramer *framer, const void *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = ocs_framer_push (framer, bytes, length, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static gint64
pop_number (OcsFramer *framer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) message = ocs_framer_pop (framer, &error);

  g_assert_no_error (error);
  return message != NULL ? ocs_json_int (message, "n", -2) : -1;
}

static void
assert_dead (OcsFramer *framer)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ocs_framer_push (framer, "{}", 3, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (ocs_framer_pop (framer, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

static void
test_pieces (void)
{
  static const char stream[] = "{\"n\":1,\"s\":\"}]\\\"{[\"}\0{\"n\":2}\0{\"n\":3}";

  for (gsize step = 1; step <= sizeof stream; step++) {
    g_autoptr (OcsFramer) framer = ocs_framer_new (64);
    gint64 next = 1;

    for (gsize at = 0; at < sizeof stream; at += step) {
      gint64 n;

      push (framer, stream + at, MIN (step, sizeof stream - at));
      while ((n = pop_number (framer)) != -1)
        g_assert_cmpint (n, ==, next++);
    }
    g_assert_cmpint (next, ==, 4);
  }
}

static void
test_too_long (void)
{
  g_autoptr (OcsFramer) framer = ocs_framer_new (16);
  g_autoptr (GError) error = NULL;

  push (framer, "{\"n\":1}         ", 16);
  push (framer, "", 1);
  g_assert_cmpint (pop_number (framer), ==, 1);
  push (framer, "{\"n\":\"           ", 16);
  g_assert_false (ocs_framer_push (framer, " ", 1, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  assert_dead (framer);
}

/* Refused as soon as the bracket comes, not at the NUL that never comes. */
static void
test_brackets (void)
{
  g_autoptr (OcsFramer) framer = ocs_framer_new (OCS_WORKER_MESSAGE_MAX);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < OCS_NESTING_MAX; i++)
    push (framer, "[", 1);
  g_assert_false (ocs_framer_push (framer, "[", 1, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  assert_dead (framer);
}

static void
test_brackets_in_string (void)
{
  g_autoptr (OcsFramer) framer = ocs_framer_new (OCS_WORKER_MESSAGE_MAX);

  push (framer, "{\"n\":5,\"s\":\"\\\"", 14);
  for (guint i = 0; i < 1000; i++)
    push (framer, "[", 1);
  push (framer, "\"}", 3);
  g_assert_cmpint (pop_number (framer), ==, 5);
}

static void
test_garbage (void)
{
  static const char *const texts[] = {"", "nonsense", "[1]", "{\"a\":\"\xc3\"}", "{]", "/*\"*/{}"};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (OcsFramer) framer = ocs_framer_new (64);
    g_autoptr (GError) error = NULL;

    push (framer, texts[i], strlen (texts[i]) + 1);
    g_assert_null (ocs_framer_pop (framer, &error));
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
    assert_dead (framer);
  }
}

/* The bytes after an upgrade are no JSON, and are neither counted nor touched. */
static void
test_rest (void)
{
  g_autoptr (OcsFramer) framer = ocs_framer_new (32);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GBytes) rest = NULL;
  g_autoptr (GBytes) empty = NULL;

  g_byte_array_append (bytes, (const guint8 *)"{\"n\":1}", 8);
  for (guint i = 0; i < 1000; i++)
    g_byte_array_append (bytes, (const guint8 *)"[\0{", 3);
  push (framer, bytes->data, bytes->len);
  g_assert_cmpint (pop_number (framer), ==, 1);
  rest = ocs_framer_steal_rest (framer);
  g_assert_cmpmem (g_bytes_get_data (rest, NULL), g_bytes_get_size (rest), bytes->data + 8, bytes->len - 8);
  empty = ocs_framer_steal_rest (framer);
  g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
  push (framer, "{\"n\":9}", 8);
  g_assert_cmpint (pop_number (framer), ==, 9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame/pieces", test_pieces);
  g_test_add_func ("/frame/too-long", test_too_long);
  g_test_add_func ("/frame/brackets", test_brackets);
  g_test_add_func ("/frame/brackets-in-string", test_brackets_in_string);
  g_test_add_func ("/frame/garbage", test_garbage);
  g_test_add_func ("/frame/rest", test_rest);
  return g_test_run ();
}
