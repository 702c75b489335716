/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packages as a server may offer them, for tests of the package machine. */
#pragma once
#include "worker/core/package.h"

#define NOW G_GINT64_CONSTANT (1800000000)

static inline OcsOffer *
make_offer (const char *force)
{
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  OcsOffer *offer;

  g_hash_table_insert (attributes, (gpointer) "ID", (gpointer) "1700000001");
  g_hash_table_insert (attributes, (gpointer) "INFO_LOC", (gpointer) "server.example/download");
  g_hash_table_insert (attributes, (gpointer) "PACK_LOC", (gpointer) "server.example/download");
  g_hash_table_insert (attributes, (gpointer) "FORCE", (gpointer)force);
  offer = ocs_offer_from_attributes (attributes, &error);
  g_assert_no_error (error);
  return offer;
}

static inline OcsInfo *
make_info (const char *frags, const char *pri)
{
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  const char *pairs[][2] = {
      {"ID", "1700000001"},   {"PRI", pri},
      {"ACT", "EXECUTE"},     {"DIGEST", "00000000000000000000000000000000"},
      {"DIGEST_ALGO", "MD5"}, {"DIGEST_ENCODE", "Hexa"},
      {"PROTO", "HTTP"},      {"FRAGS", frags},
      {"COMMAND", "true"},
  };
  OcsInfo *info;

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_hash_table_insert (attributes, (gpointer)pairs[i][0], (gpointer)pairs[i][1]);
  info = ocs_info_from_attributes (attributes, "1700000001", &error);
  g_assert_no_error (error);
  return info;
}

/* Of so many fragments, all still to be fetched; behind a cache that can be asked. */
static inline OcsPackage *
make_fetching (const char *frags)
{
  g_autoptr (OcsOffer) offer = make_offer ("0");
  g_autoptr (OcsInfo) info = make_info (frags, "5");
  OcsPackage *package = ocs_package_new ("1700000001", NOW);

  ocs_package_step (package, &(OcsEvent) {.kind = OCS_EVENT_OFFERED, .now = NOW, .offer = offer});
  ocs_package_step (package, &(OcsEvent) {.kind = OCS_EVENT_DESCRIBED, .now = NOW, .info = info});
  g_assert_cmpint (package->step, ==, OCS_STEP_FETCHING);
  package->may_probe = TRUE;
  return package;
}
