/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A package of three fragments and what may happen to it, for the tests of the package machine. */
#pragma once
#include "ipc/error.h"
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

typedef struct {
  OcsOffer *offer;
  OcsOffer *forced;
  OcsInfo *info;
  OcsInfo *empty;
  GError *error;
  OcsPackage *package;
} Case;

static inline void
set_up (Case *c, gconstpointer data)
{
  c->offer = make_offer ("0");
  c->forced = make_offer ("1");
  c->info = make_info ("3", "5");
  c->empty = make_info ("0", "5");
  c->error = g_error_new_literal (OCS_ERROR, OCS_ERROR_UNREACHABLE, "no way");
  c->package = ocs_package_new ("1700000001", NOW);
}

static inline void
tear_down (Case *c, gconstpointer data)
{
  ocs_offer_free (c->offer);
  ocs_offer_free (c->forced);
  ocs_info_free (c->info);
  ocs_info_free (c->empty);
  g_error_free (c->error);
  ocs_package_free (c->package);
}

static inline OcsEvent
make_event (Case *c, OcsEventKind kind)
{
  return (OcsEvent) {
      .kind = kind,
      .now = NOW,
      .offer = c->offer,
      .info = c->info,
      .fragment = 1,
      .bytes = 100,
      .verdict = OCS_VERDICT_MISS,
      .error = c->error,
      .code = kind == OCS_EVENT_REJECTED ? "ERR_BAD_PARAM" : "SUCCESS",
      .timeout = 86400,
      .random = 0.5,
  };
}

static inline gboolean
feed (Case *c, OcsEventKind kind)
{
  OcsEvent event = make_event (c, kind);

  return ocs_package_step (c->package, &event);
}

static inline void
feed_fragment (Case *c, gint64 number, OcsVerdict verdict, gint64 pause)
{
  OcsEvent event = make_event (c, OCS_EVENT_FRAGMENT);

  event.fragment = number;
  event.verdict = verdict;
  event.pause = pause;
  ocs_package_step (c->package, &event);
}

static inline OcsDutyKind
duty (Case *c, gint64 now)
{
  return ocs_package_next (c->package, now).kind;
}

static inline void
fetch_all (Case *c)
{
  for (gint64 i = 1; i <= 3; i++)
    feed_fragment (c, i, OCS_VERDICT_HIT, 0);
}
