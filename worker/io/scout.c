/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/scout.h"
#include "ipc/json.h"
#include "ipc/status.h"
#include "worker/io/clock.h"

/* Seconds that an answer of a PAC file is taken for, and that a file which cannot be had is not asked for again. */
#define PAC_KEPT 300
#define PROBLEM_KEPT 60
#define PACS_MAX 100
#define AUTHS_MAX 100

typedef struct {
  OcsPacAnswer *answer; /* owned */
  gint64 until;
} Kept;

struct _OcsScout {
  gint references;
  OcsDetours *detours; /* owned */
  GHashTable *pacs;    /* owned; key → Kept */
  GHashTable *ways;    /* owned; purpose → JsonObject */
  char *pac_problem;   /* owned, nullable */
  char *via;           /* owned, nullable */
  GHashTable *auths;   /* owned; "host:port" → how a login was made last */
  gint64 clock;        /* when this machine started by the server's clock, milliseconds; 0: not heard */
};

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  ocs_pac_answer_free (kept->answer);
  g_free (kept);
}

OcsScout *
ocs_scout_new (void)
{
  OcsScout *scout = g_new0 (OcsScout, 1);

  scout->references = 1;
  scout->detours = ocs_detours_new ();
  scout->pacs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, kept_free);
  scout->ways = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_object_unref);
  scout->auths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return scout;
}

OcsScout *
ocs_scout_ref (OcsScout *scout)
{
  g_atomic_int_inc (&scout->references);
  return scout;
}

void
ocs_scout_unref (OcsScout *scout)
{
  if (scout == NULL || !g_atomic_int_dec_and_test (&scout->references))
    return;
  ocs_detours_free (scout->detours);
  g_hash_table_unref (scout->pacs);
  g_hash_table_unref (scout->ways);
  g_hash_table_unref (scout->auths);
  g_free (scout->pac_problem);
  g_free (scout->via);
  g_free (scout);
}

void
ocs_scout_forget (OcsScout *scout)
{
  ocs_detours_forget (scout->detours);
  g_hash_table_remove_all (scout->pacs);
  g_clear_pointer (&scout->pac_problem, g_free);
  g_clear_pointer (&scout->via, g_free);
}

void
ocs_scout_reset (OcsScout *scout)
{
  ocs_scout_forget (scout);
  g_hash_table_remove_all (scout->ways);
}

OcsPacAnswer *
ocs_pac_answer_copy (const OcsPacAnswer *answer)
{
  OcsPacAnswer *copy;

  if (answer == NULL)
    return NULL;
  copy = g_new0 (OcsPacAnswer, 1);
  copy->answer = g_strdup (answer->answer);
  copy->problem = g_strdup (answer->problem);
  copy->found = answer->found;
  return copy;
}

void
ocs_pac_answer_free (OcsPacAnswer *answer)
{
  if (answer == NULL)
    return;
  g_free (answer->answer);
  g_free (answer->problem);
  g_free (answer);
}

const OcsPacAnswer *
ocs_scout_pac (OcsScout *scout, const char *key, gint64 now)
{
  Kept *kept = g_hash_table_lookup (scout->pacs, key);

  return kept != NULL && now < kept->until ? kept->answer : NULL;
}

void
ocs_scout_keep_pac (OcsScout *scout, const char *key, OcsPacAnswer *answer, gint64 now)
{
  Kept *kept = g_new0 (Kept, 1);

  if (g_hash_table_size (scout->pacs) >= PACS_MAX)
    g_hash_table_remove_all (scout->pacs);
  kept->answer = answer;
  kept->until = now + (answer->answer != NULL ? PAC_KEPT : PROBLEM_KEPT);
  g_hash_table_insert (scout->pacs, g_strdup (key), kept);
  g_free (scout->pac_problem);
  scout->pac_problem = g_strdup (answer->problem);
}

OcsDetours *
ocs_scout_detours (OcsScout *scout)
{
  return scout->detours;
}

JsonObject *
ocs_scout_way (OcsScout *scout, const char *purpose)
{
  return g_hash_table_lookup (scout->ways, purpose);
}

/* Without what is secret in it. */
void
ocs_scout_keep_way (OcsScout *scout, const char *purpose, JsonObject *way)
{
  JsonObject *copy = json_object_new ();

  ocs_json_set_string (copy, "kind", ocs_json_string (way, "kind"));
  ocs_json_set_string (copy, "host", ocs_json_string (way, "host"));
  json_object_set_int_member (copy, "port", ocs_json_int (way, "port", 0));
  ocs_json_set_string (copy, "why", ocs_json_string (way, "why"));
  json_object_set_boolean_member (copy, "login", ocs_json_string (way, "user") != NULL || ocs_json_string (way, "keytab") != NULL);
  g_hash_table_insert (scout->ways, g_strdup (purpose), copy);
}

const char *
ocs_scout_pac_problem (OcsScout *scout)
{
  return scout->pac_problem;
}

const char *
ocs_scout_via (OcsScout *scout)
{
  return scout->via;
}

void
ocs_scout_keep_via (OcsScout *scout, const char *via)
{
  g_free (scout->via);
  scout->via = *via != '\0' ? g_strdup (via) : NULL;
}

const char *
ocs_scout_auth (OcsScout *scout, const char *proxy)
{
  return g_hash_table_lookup (scout->auths, proxy);
}

/* The courier does not ask again for what a proxy has told it once, so this is kept when other ways are set up. */
void
ocs_scout_keep_auth (OcsScout *scout, const char *proxy, const char *auth)
{
  if (g_hash_table_size (scout->auths) >= AUTHS_MAX)
    g_hash_table_remove_all (scout->auths);
  g_hash_table_insert (scout->auths, g_strdup (proxy), g_strdup (auth));
}

void
ocs_scout_keep_clock (OcsScout *scout, gint64 start)
{
  scout->clock = start;
}

gint64
ocs_scout_clock (OcsScout *scout)
{
  return scout->clock;
}

gint64
ocs_scout_skew (OcsScout *scout)
{
  return scout->clock != 0 ? ocs_clock_now () - (scout->clock + ocs_clock_monotonic ()) / 1000 : OCS_CLOCK_UNKNOWN;
}
