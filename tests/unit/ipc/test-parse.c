/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include "ipc/parse.h"
#include <string.h>

static void
test_good (void)
{
  static const char text[] = " {\"a\" : [1, -2.5e1, true, false, null, \"\\u00e9\\n\\\"\\/\"],\r\n\"b\":{\"c\":{}},"
                             "\"pair\":\"\\ud83d\\ude00\",\"big\":9223372036854775807,\"bigger\":9223372036854775808,\"a b\":[]}\t";
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = ocs_parse_object (text, strlen (text), OCS_NODES_MAX, &error);
  JsonArray *array;

  g_assert_no_error (error);
  array = ocs_json_array (object, "a");
  g_assert_cmpuint (json_array_get_length (array), ==, 6);
  g_assert_cmpint (json_array_get_int_element (array, 0), ==, 1);
  g_assert_cmpfloat (json_array_get_double_element (array, 1), ==, -25.0);
  g_assert_true (json_array_get_boolean_element (array, 2));
  g_assert_true (json_array_get_null_element (array, 4));
  g_assert_cmpstr (json_array_get_string_element (array, 5), ==, "é\n\"/");
  g_assert_nonnull (ocs_json_object (ocs_json_object (object, "b"), "c"));
  g_assert_cmpstr (ocs_json_string (object, "pair"), ==, "😀");
  g_assert_cmpint (ocs_json_int (object, "big", 0), ==, G_MAXINT64);
  g_assert_cmpint (ocs_json_int (object, "bigger", -1), ==, -1);
  g_assert_cmpuint (json_array_get_length (ocs_json_array (object, "a b")), ==, 0);
}

static void
test_bad (void)
{
  static const char *const texts[] = {
      "",
      " ",
      "[]",
      "1",
      "{",
      "}",
      "{}}",
      "{} {}",
      "{\"a\"}",
      "{\"a\":}",
      "{\"a\":1,}",
      "{a:1}",
      "{'a':1}",
      "{\"a\":[1,]}",
      "{\"a\":[1 2]}",
      "{\"a\":01}",
      "{\"a\":+1}",
      "{\"a\":.5}",
      "{\"a\":1.}",
      "{\"a\":1e}",
      "{\"a\":-}",
      "{\"a\":0x10}",
      "{\"a\":tru}",
      "{\"a\":truefalse}",
      "{\"a\":NaN}",
      "{\"a\":\"x}",
      "{\"a\":\"\\x\"}",
      "{\"a\":\"\\",
      "{\"a\":\"\\u12\"}",
      "{\"a\":\"\\u12g4\"}",
      "{\"a\":\"\\ud800\"}",
      "{\"a\":\"\\ud800\\u0041\"}",
      "{\"a\":\"\\udc00\"}",
      "{\"a\":\"\\u0000\"}",
      "{\"a\":\"\n\"}",
      "{\"a\":\"\xff\"}",
      "/* x */ {}",
      "{} // x",
      "{\"a\":/*\"*/1}",
      "var x = {}",
      "{\"a\":1;}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) object = ocs_parse_object (texts[i], strlen (texts[i]), OCS_NODES_MAX, &error);

    g_assert_null (object);
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
    g_assert_null (strchr (error->message, '\n'));
  }
}

static void
test_zero_byte (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ocs_parse_object ("{}\0", 3, OCS_NODES_MAX, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

static char *
nested (guint depth)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":");

  for (guint i = 1; i < depth; i++)
    g_string_append_c (text, '[');
  for (guint i = 1; i < depth; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_nesting (void)
{
  g_autofree char *most = nested (OCS_NESTING_MAX);
  g_autofree char *over = nested (OCS_NESTING_MAX + 1);
  g_autofree char *far = nested (300000);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = ocs_parse_object (most, strlen (most), OCS_NODES_MAX, &error);

  g_assert_no_error (error);
  g_assert_nonnull (object);
  g_assert_null (ocs_parse_object (over, strlen (over), OCS_NODES_MAX, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (ocs_parse_object (far, strlen (far), OCS_NODES_MAX, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

static void
test_many_values (void)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":[1");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < OCS_NODES_MAX; i++)
    g_string_append (text, ",1");
  g_string_append (text, "]}");
  g_assert_null (ocs_parse_object (text->str, text->len, OCS_NODES_MAX, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

/* Every piece of a good text is refused, and reading stays inside its bounds (a sanitizer sees it: the copy has no NUL). */
static void
test_cut (void)
{
  static const char text[] = "{\"a\":[1.5e3,\"\\ud83d\\ude00x\",true,null,{\"b\":-7}]}";

  for (gsize i = 0; i < strlen (text); i++) {
    g_autofree char *copy = g_memdup2 (text, i);
    g_autoptr (GError) error = NULL;

    g_assert_null (ocs_parse_object (copy != NULL ? copy : "", i, OCS_NODES_MAX, &error));
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parse/good", test_good);
  g_test_add_func ("/parse/bad", test_bad);
  g_test_add_func ("/parse/zero-byte", test_zero_byte);
  g_test_add_func ("/parse/nesting", test_nesting);
  g_test_add_func ("/parse/many-values", test_many_values);
  g_test_add_func ("/parse/cut", test_cut);
  return g_test_run ();
}
