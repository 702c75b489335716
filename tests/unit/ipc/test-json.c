/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include <math.h>
#include <string.h>

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = ocs_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return object;
}

static void
test_getters (void)
{
  g_autoptr (JsonObject) object = parse ("{\"s\":\"x\",\"i\":7,\"d\":8.0,\"huge\":1e300,\"b\":true,\"n\":null,\"o\":{},\"a\":[]}");

  g_assert_cmpstr (ocs_json_string (object, "s"), ==, "x");
  g_assert_null (ocs_json_string (object, "i"));
  g_assert_null (ocs_json_string (object, "n"));
  g_assert_null (ocs_json_string (object, "o"));
  g_assert_null (ocs_json_string (object, "absent"));
  g_assert_null (ocs_json_string (NULL, "s"));
  g_assert_cmpint (ocs_json_int (object, "i", -1), ==, 7);
  g_assert_cmpint (ocs_json_int (object, "d", -1), ==, 8);
  g_assert_cmpint (ocs_json_int (object, "huge", -1), ==, -1);
  g_assert_cmpint (ocs_json_int (object, "s", -1), ==, -1);
  g_assert_cmpint (ocs_json_int (object, "a", -1), ==, -1);
  g_assert_true (ocs_json_bool (object, "b", FALSE));
  g_assert_true (ocs_json_bool (object, "i", TRUE));
  g_assert_nonnull (ocs_json_object (object, "o"));
  g_assert_null (ocs_json_object (object, "a"));
  g_assert_nonnull (ocs_json_array (object, "a"));
  g_assert_null (ocs_json_array (object, "o"));
}

static void
test_map (void)
{
  g_autoptr (JsonObject) object = parse ("{\"m\":{\"a\":\"1\",\"b\":2,\"c\":\"3\"},\"x\":[]}");
  g_autoptr (GHashTable) map = ocs_json_string_map (object, "m");
  g_autoptr (GHashTable) none = ocs_json_string_map (object, "x");

  g_assert_cmpuint (g_hash_table_size (map), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (map, "c"), ==, "3");
  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
}

static void
test_write (void)
{
  static const char text[] = "{\"z\":[1,-2,true,false,null,\"q\\\"\\\\\\n\\u0001é\"],\"a\":{},\"d\":0.5}";
  g_autoptr (JsonObject) object = parse (text);
  g_autofree char *written = ocs_json_write (object);

  g_assert_cmpstr (written, ==, text);
}

static void
test_write_strange (void)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *written = NULL;

  json_object_set_string_member (object, "latin", "caf\xe9\n");
  json_object_set_double_member (object, "inf", INFINITY);
  ocs_json_set_string (object, "absent", NULL);
  ocs_json_set_object (object, "absent too", NULL);
  written = ocs_json_write (object);
  g_assert_null (strchr (written, '\n'));
  again = parse (written);
  g_assert_cmpstr (ocs_json_string (again, "latin"), ==, "caf\xef\xbf\xbd\n");
  g_assert_false (json_object_has_member (again, "absent"));
  g_assert_true (json_object_get_null_member (again, "inf"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/getters", test_getters);
  g_test_add_func ("/json/map", test_map);
  g_test_add_func ("/json/write", test_write);
  g_test_add_func ("/json/write-strange", test_write_strange);
  return g_test_run ();
}
