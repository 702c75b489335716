/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/info.h"

#include <string.h>

#define ID "1700000001"

static const char *const usual[] = {
    "ID",
    ID,
    "PRI",
    "5",
    "ACT",
    "EXECUTE",
    "DIGEST",
    "d41d8cd98f00b204e9800998ecf8427e",
    "PROTO",
    "HTTP",
    "FRAGS",
    "2",
    "DIGEST_ALGO",
    "MD5",
    "DIGEST_ENCODE",
    "Hexa",
    "COMMAND",
    "sh install.sh && true",
    "NOTIFY_USER",
    "0",
    "NOTIFY_TEXT",
    "",
    "NOTIFY_COUNTDOWN",
    "",
    "NOTIFY_CAN_ABORT",
    "0",
    "NOTIFY_CAN_DELAY",
    "0",
    "NEED_DONE_ACTION",
    "0",
    "NEED_DONE_ACTION_TEXT",
    "",
    "GARDEFOU",
    "rien",
};

/* The usual attributes, with those of changes (name, value or "-" for absent …) made. */
static OcsInfo *
info_with (const char *const *changes, GError **error)
{
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (usual); i += 2)
    g_hash_table_insert (attributes, (gpointer)usual[i], (gpointer)usual[i + 1]);
  for (guint i = 0; changes != NULL && changes[i] != NULL; i += 2)
    if (g_str_equal (changes[i + 1], "-"))
      g_hash_table_remove (attributes, changes[i]);
    else
      g_hash_table_insert (attributes, (gpointer)changes[i], (gpointer)changes[i + 1]);
  return ocs_info_from_attributes (attributes, ID, error);
}

static void
test_usual (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsInfo) info = info_with (NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (info->id, ==, ID);
  g_assert_cmpint (info->pri, ==, 5);
  g_assert_cmpint (info->action, ==, OCS_ACTION_EXECUTE);
  g_assert_cmpstr (info->digest, ==, "d41d8cd98f00b204e9800998ecf8427e");
  g_assert_cmpstr (info->digest_algo, ==, "MD5");
  g_assert_cmpstr (info->digest_encode, ==, "Hexa");
  g_assert_false (info->https);
  g_assert_cmpint (info->frags, ==, 2);
  g_assert_cmpstr (info->command, ==, "sh install.sh && true");
  g_assert_cmpstr (info->path, ==, "");
  g_assert_false (info->notify_user);
  g_assert_cmpint (info->notify_countdown, ==, 120);
}

static void
test_tolerant (void)
{
  const char *const changes[] = {"ACT",
                                 "launch",
                                 "NAME",
                                 "./a-b.sh --x",
                                 "PROTO",
                                 "https",
                                 "DIGEST_ALGO",
                                 "sha256",
                                 "DIGEST_ENCODE",
                                 "BASE64",
                                 "DIGEST",
                                 " ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0 ",
                                 "NOTIFY_USER",
                                 "1",
                                 "NOTIFY_COUNTDOWN",
                                 "0",
                                 "NOTIFY_TEXT",
                                 "a\nb",
                                 "NOTIFY_CAN_DELAY",
                                 "2",
                                 "NEED_DONE_ACTION",
                                 "-",
                                 NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsInfo) info = info_with (changes, &error);

  g_assert_no_error (error);
  g_assert_cmpint (info->action, ==, OCS_ACTION_LAUNCH);
  g_assert_cmpstr (info->name, ==, "./a-b.sh --x");
  g_assert_true (info->https);
  g_assert_cmpstr (info->digest_algo, ==, "SHA256");
  g_assert_cmpstr (info->digest_encode, ==, "Base64");
  g_assert_cmpstr (info->digest, ==, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0");
  g_assert_true (info->notify_user);
  g_assert_true (info->notify_can_delay);
  g_assert_cmpint (info->notify_countdown, ==, 0);
  g_assert_cmpstr (info->notify_text, ==, "a\nb");
}

/* Command-only packages come with FRAGS="0" DIGEST="", from older consoles with FRAGS="". */
static void
test_command_only (void)
{
  const char *const empty[] = {"FRAGS", "", "DIGEST", "", "PROTO", "-", "DIGEST_ALGO", "-", "DIGEST_ENCODE", "odd", NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsInfo) info = info_with (empty, &error);

  g_assert_no_error (error);
  g_assert_cmpint (info->frags, ==, 0);
  g_assert_cmpstr (info->digest, ==, "");
  g_assert_cmpstr (info->digest_encode, ==, "");
}

static void
test_odd (void)
{
  g_autofree char *huge = g_strnfill (70000, 'x');
  const char *const cases[][2] = {
      {"ID", "-"},
      {"ID", "17"},
      {"ID", "../x"},
      {"PRI", "-"},
      {"PRI", ""},
      {"PRI", "-1"},
      {"PRI", "100"},
      {"PRI", "x"},
      {"ACT", "-"},
      {"ACT", ""},
      {"ACT", "RUN"},
      {"DIGEST", "-"},
      {"DIGEST", ""},
      {"DIGEST", "a b"},
      {"DIGEST", "d41d8cd98f00b204e9800998ecf8427"},
      {"DIGEST", "d41d8cd98f00b204e9800998ecf8427e0"},
      {"DIGEST", "d41d8cd98f00b204e9800998ecf8427g"},
      {"DIGEST", "1B2M2Y8AsgTpgAmY7PhCf"},
      {"DIGEST", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
      {"DIGEST", "<x>"},
      {"DIGEST_ALGO", "-"},
      {"DIGEST_ALGO", "MD4"},
      {"DIGEST_ENCODE", ""},
      {"DIGEST_ENCODE", "x"},
      {"PROTO", "-"},
      {"PROTO", ""},
      {"PROTO", "FTP"},
      {"FRAGS", "-"},
      {"FRAGS", "-1"},
      {"FRAGS", "1000001"},
      {"FRAGS", "2.5"},
      {"FRAGS", "9999999999999999999999"},
      {"COMMAND", "-"},
      {"COMMAND", " \n"},
      {"COMMAND", huge},
      {"PATH", "a\nb"},
      {"NAME", "a\nb"},
      {"NOTIFY_USER", "yes"},
      {"NOTIFY_COUNTDOWN", "-5"},
      {"NOTIFY_COUNTDOWN", "99999999"},
      {"NOTIFY_CAN_ABORT", "x"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *const changes[] = {cases[i][0], cases[i][1], NULL};
    g_autoptr (GError) error = NULL;
    g_autoptr (OcsInfo) info = info_with (changes, &error);

    if (info != NULL)
      g_error ("%s=%.20s is taken", cases[i][0], cases[i][1]);
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, cases[i][0]));
  }
}

static void
test_needs (void)
{
  const char *const launch[] = {"ACT", "LAUNCH", NULL};
  const char *const store[] = {"ACT", "STORE", "PATH", " ", NULL};
  g_autoptr (GError) error = NULL;

  g_assert_null (info_with (launch, &error));
  g_assert_nonnull (strstr (error->message, "NAME"));
  g_clear_error (&error);
  g_assert_null (info_with (store, &error));
  g_assert_nonnull (strstr (error->message, "PATH"));
}

static void
test_json (void)
{
  const char *const changes[] = {"NOTIFY_USER", "1", "NOTIFY_TEXT", "Grüße & <b>", "PROTO", "HTTPS", NULL};
  g_autoptr (OcsInfo) info = info_with (changes, NULL);
  g_autoptr (OcsInfo) copy = ocs_info_copy (info);
  g_autoptr (JsonObject) object = ocs_info_to_json (copy);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsInfo) back = ocs_info_from_json (object, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (back->id, ==, ID);
  g_assert_cmpint (back->pri, ==, 5);
  g_assert_cmpstr (back->notify_text, ==, "Grüße & <b>");
  g_assert_true (back->notify_user);
  g_assert_true (back->https);
  g_assert_cmpint (back->frags, ==, 2);
  g_assert_cmpint (back->notify_countdown, ==, 120);
  g_assert_null (ocs_info_copy (NULL));
  json_object_set_int_member (object, "FRAGS", 2); /* not how we write it */
  g_assert_null (ocs_info_from_json (object, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  json_object_remove_member (object, "ID");
  g_assert_null (ocs_info_from_json (object, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/info/usual", test_usual);
  g_test_add_func ("/info/tolerant", test_tolerant);
  g_test_add_func ("/info/command-only", test_command_only);
  g_test_add_func ("/info/odd", test_odd);
  g_test_add_func ("/info/needs", test_needs);
  g_test_add_func ("/info/json", test_json);
  return g_test_run ();
}
