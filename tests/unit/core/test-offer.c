/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/offer.h"

#include <string.h>

static GHashTable *
attributes_new (void)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  const char *const pairs[] = {"TYPE",      "PACK",
                               "ID",        "1700000001",
                               "INFO_LOC",  "ocs:8443/download",
                               "PACK_LOC",  "ocs/download",
                               "CERT_PATH", "INSTALL_PATH",
                               "CERT_FILE", "INSTALL_PATH/cacert.pem",
                               "SCHEDULE",  "",
                               "POSTCMD",   "REBOOT",
                               "FORCE",     "0"};

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i += 2)
    g_hash_table_insert (attributes, (gpointer)pairs[i], g_strdup (pairs[i + 1]));
  return attributes;
}

static OcsOffer *
offer_with (const char *name, const char *value, GError **error)
{
  g_autoptr (GHashTable) attributes = attributes_new ();

  if (value != NULL)
    g_hash_table_insert (attributes, (gpointer)name, g_strdup (value));
  else
    g_hash_table_remove (attributes, name);
  return ocs_offer_from_attributes (attributes, error);
}

static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsOffer) offer = offer_with ("FORCE", "1", &error);
  g_autoptr (OcsOffer) bare = offer_with ("PACK_LOC", NULL, NULL);
  g_autoptr (OcsOffer) spaced = offer_with ("ID", " 17 ", NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (offer->id, ==, "1700000001");
  g_assert_cmpstr (offer->info_loc, ==, "ocs:8443/download");
  g_assert_cmpstr (offer->pack_loc, ==, "ocs/download");
  g_assert_cmpstr (offer->schedule, ==, "");
  g_assert_cmpstr (offer->postcmd, ==, "REBOOT");
  g_assert_cmpstr (offer->cert_path, ==, "INSTALL_PATH");
  g_assert_cmpstr (offer->cert_file, ==, "INSTALL_PATH/cacert.pem");
  g_assert_true (offer->force);
  g_assert_cmpstr (bare->pack_loc, ==, "");
  g_assert_false (bare->force);
  g_assert_cmpstr (spaced->id, ==, "17");
}

static void
test_bad (void)
{
  g_autofree char *huge = g_strnfill (10000, 'x');
  const char *const cases[][2] = {
      {"ID", NULL},
      {"ID", ""},
      {"ID", "../../etc"},
      {"ID", "123456789012345678901"},
      {"INFO_LOC", NULL},
      {"INFO_LOC", "https://ocs/download"},
      {"INFO_LOC", "user@ocs/download"},
      {"INFO_LOC", "ocs/../x"},
      {"PACK_LOC", "ocs /x"},
      {"POSTCMD", "a\nb"},
      {"POSTCMD", huge},
      {"SCHEDULE", "\x1b"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (OcsOffer) offer = offer_with (cases[i][0], cases[i][1], &error);

    g_assert_null (offer);
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, cases[i][0]));
  }
}

static void
assert_equal (const OcsOffer *offer, const OcsOffer *other)
{
  g_assert_cmpstr (other->id, ==, offer->id);
  g_assert_cmpstr (other->info_loc, ==, offer->info_loc);
  g_assert_cmpstr (other->pack_loc, ==, offer->pack_loc);
  g_assert_cmpstr (other->schedule, ==, offer->schedule);
  g_assert_cmpstr (other->postcmd, ==, offer->postcmd);
  g_assert_cmpstr (other->cert_path, ==, offer->cert_path);
  g_assert_cmpstr (other->cert_file, ==, offer->cert_file);
  g_assert_cmpint (other->force, ==, offer->force);
}

static void
test_json (void)
{
  g_autoptr (OcsOffer) offer = offer_with ("FORCE", "1", NULL);
  g_autoptr (OcsOffer) copy = ocs_offer_copy (offer);
  g_autoptr (JsonObject) object = ocs_offer_to_json (offer);
  g_autoptr (OcsOffer) back = ocs_offer_from_json (object, NULL);
  g_autoptr (GError) error = NULL;

  assert_equal (offer, copy);
  assert_equal (offer, back);
  g_assert_null (ocs_offer_copy (NULL));
  json_object_set_string_member (object, "id", "../x");
  g_assert_null (ocs_offer_from_json (object, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offer/good", test_good);
  g_test_add_func ("/offer/bad", test_bad);
  g_test_add_func ("/offer/json", test_json);
  return g_test_run ();
}
