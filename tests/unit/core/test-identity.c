/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/identity.h"

#define HERE "aaaabbbbccccddddeeeeffff00001111"
#define BOARD "4c4c4544-0042-3510-8052-b4c04f4a5931"

static OcsIdentityChange
settle (const OcsIdentity *kept, const char *machine_id, const char *uuid, const char *preset, const char *host, OcsIdentity **settled)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 22, 14, 5, 6);
  OcsMachineFacts facts = {.machine_id = machine_id, .uuid = uuid, .preset = preset, .host_name = host, .now = now};

  return ocs_identity_settle (kept, &facts, settled);
}

static void
test_first (void)
{
  g_autoptr (OcsIdentity) first = NULL;
  g_autoptr (OcsIdentity) preset = NULL;
  g_autoptr (OcsIdentity) refused = NULL;

  g_assert_cmpint (settle (NULL, HERE, BOARD, NULL, "pc.example.org", &first), ==, OCS_IDENTITY_MADE);
  g_assert_cmpstr (first->deviceid, ==, "pc-2026-11-22-14-05-06");
  g_assert_cmpstr (first->machine_id, ==, HERE);
  g_assert_null (first->old_deviceid);
  /* A reimaged machine gets its old row back, and nothing is merged. */
  g_assert_cmpint (settle (NULL, HERE, BOARD, "old-2020-01-01-00-00-00", "pc", &preset), ==, OCS_IDENTITY_MADE);
  g_assert_cmpstr (preset->deviceid, ==, "old-2020-01-01-00-00-00");
  g_assert_null (preset->old_deviceid);
  settle (NULL, HERE, BOARD, "not a deviceid", "pc", &refused);
  g_assert_cmpstr (refused->deviceid, ==, "pc-2026-11-22-14-05-06");
}

static void
test_same_machine (void)
{
  g_autoptr (OcsIdentity) kept = NULL;
  const char *const hosts[] = {"pc", "renamed", "localhost"};

  settle (NULL, HERE, BOARD, NULL, "pc", &kept);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_autoptr (OcsIdentity) now = NULL;

    g_assert_cmpint (settle (kept, HERE, BOARD, NULL, hosts[i], &now), ==, OCS_IDENTITY_KEPT);
    g_assert_cmpstr (now->deviceid, ==, kept->deviceid);
    g_assert_null (now->old_deviceid);
  }
}

static void
test_clones (void)
{
  const struct {
    const char *machine_id, *uuid;
    OcsIdentityChange change;
  } rows[] = {
      {"00000000000000000000000000000002", BOARD, OCS_IDENTITY_CLONED},
      {HERE, "4c4c4544-0000-0000-0000-b4c04f4a5931", OCS_IDENTITY_CLONED},
      {NULL, BOARD, OCS_IDENTITY_KEPT},
      {"uninitialized", BOARD, OCS_IDENTITY_KEPT},
      {"", BOARD, OCS_IDENTITY_KEPT},
      {HERE, NULL, OCS_IDENTITY_KEPT},
      {HERE, "00000000-0000-0000-0000-000000000000", OCS_IDENTITY_KEPT},
      {HERE, "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", OCS_IDENTITY_KEPT},
      {HERE, "03000200-0400-0500-0006-000700080009", OCS_IDENTITY_KEPT},
      {HERE, "4C4C4544-0042-3510-8052-B4C04F4A5931", OCS_IDENTITY_KEPT},
  };
  g_autoptr (OcsIdentity) kept = NULL;

  settle (NULL, HERE, BOARD, NULL, "original", &kept);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (OcsIdentity) now = NULL;

    g_assert_cmpint (settle (kept, rows[i].machine_id, rows[i].uuid, NULL, "copy", &now), ==, rows[i].change);
    g_assert_null (now->old_deviceid);
    g_assert_cmpstr (now->deviceid, ==, rows[i].change == OCS_IDENTITY_CLONED ? "copy-2026-11-22-14-05-06" : kept->deviceid);
    g_assert_nonnull (now->machine_id);
    if (rows[i].change == OCS_IDENTITY_KEPT)
      g_assert_cmpstr (now->uuid, !=, rows[i].uuid != NULL && rows[i].uuid[0] == '0' ? rows[i].uuid : "");
  }
}

static void
test_renamed_by_the_administrator (void)
{
  g_autoptr (OcsIdentity) kept = NULL;
  g_autoptr (OcsIdentity) renamed = NULL;
  g_autoptr (OcsIdentity) again = NULL;
  g_autoptr (OcsIdentity) back = NULL;
  g_autoptr (JsonObject) object = NULL;

  settle (NULL, HERE, BOARD, NULL, "pc", &kept);
  g_assert_cmpint (settle (kept, HERE, BOARD, "desk-2026-01-02-03-04-05", "pc", &renamed), ==, OCS_IDENTITY_RENAMED);
  g_assert_cmpstr (renamed->deviceid, ==, "desk-2026-01-02-03-04-05");
  g_assert_cmpstr (renamed->old_deviceid, ==, kept->deviceid);
  /* Told again until the server has taken it. */
  object = ocs_identity_to_json (renamed);
  back = ocs_identity_from_json (object);
  g_assert_cmpint (settle (back, HERE, BOARD, "desk-2026-01-02-03-04-05", "pc", &again), ==, OCS_IDENTITY_KEPT);
  g_assert_cmpstr (again->old_deviceid, ==, kept->deviceid);
}

static void
test_broken (void)
{
  g_autoptr (JsonObject) object = json_object_new ();

  g_assert_null (ocs_identity_from_json (object));
  json_object_set_string_member (object, "deviceid", "nonsense");
  g_assert_null (ocs_identity_from_json (object));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/first", test_first);
  g_test_add_func ("/identity/same-machine", test_same_machine);
  g_test_add_func ("/identity/clones", test_clones);
  g_test_add_func ("/identity/renamed-by-the-administrator", test_renamed_by_the_administrator);
  g_test_add_func ("/identity/broken", test_broken);
  return g_test_run ();
}
