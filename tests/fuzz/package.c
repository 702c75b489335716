/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any row of events for the package machine, two bytes each: whatever comes in whatever order, and with restarts in between, a package runs
 * once at most for an offer, never before its digest was right, and tells one result until it is taken. */
#include "worker/core/package.h"
#include "ipc/error.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define RESTART OCS_EVENT_N
#define NOW G_GINT64_CONSTANT (1800000000)

typedef struct {
  OcsPackage *package; /* owned */
  OcsOffer *offer;     /* owned */
  OcsInfo *info;       /* owned */
  GError *error;       /* owned */
  gint64 now;
  gboolean verified; /* since the bytes were last in doubt */
  guint runs;
  char *told; /* owned, nullable; the result since it stands */
} World;

static GHashTable *
attributes_of (const char *const *pairs)
{
  GHashTable *attributes = g_hash_table_new (g_str_hash, g_str_equal);

  for (; pairs[0] != NULL; pairs += 2)
    g_hash_table_insert (attributes, (gpointer)pairs[0], (gpointer)pairs[1]);
  return attributes;
}

static void
world_open (World *world, gboolean asks)
{
  const char *const offer[] = {"ID", "17", "INFO_LOC", "ocs/download", "PACK_LOC", "ocs/download", "POSTCMD", "REBOOT", NULL};
  const char *const info[] = {"ID",
                              "17",
                              "PRI",
                              "5",
                              "ACT",
                              "EXECUTE",
                              "COMMAND",
                              "true",
                              "FRAGS",
                              "3",
                              "PROTO",
                              "HTTP",
                              "DIGEST",
                              "00000000000000000000000000000000",
                              "DIGEST_ALGO",
                              "MD5",
                              "DIGEST_ENCODE",
                              "Hexa",
                              "NOTIFY_USER",
                              asks ? "1" : "0",
                              NULL};
  g_autoptr (GHashTable) offered = attributes_of (offer);
  g_autoptr (GHashTable) described = attributes_of (info);

  world->package = ocs_package_new ("17", NOW);
  world->offer = ocs_offer_from_attributes (offered, NULL);
  world->info = ocs_info_from_attributes (described, "17", NULL);
  world->error = g_error_new_literal (OCS_ERROR, OCS_ERROR_UNREACHABLE, "x");
  world->now = NOW;
  if (world->offer == NULL || world->info == NULL)
    __builtin_trap ();
}

static void
world_close (World *world)
{
  ocs_package_free (world->package);
  ocs_offer_free (world->offer);
  ocs_info_free (world->info);
  g_error_free (world->error);
  g_free (world->told);
}

/* What the journal holds is all that is left; a run that was not journalled was not begun. */
static void
restart (World *world)
{
  g_autoptr (JsonObject) journal = ocs_package_to_json (world->package);
  OcsPackage *back = ocs_package_from_json (journal, NULL);

  if (back == NULL || back->step > world->package->step)
    __builtin_trap ();
  ocs_package_free (world->package);
  world->package = back;
}

static void
step (World *world, guint kind, guint argument)
{
  const OcsConsent consent = {.step = argument % OCS_CONSENT_N, .serial = argument};
  OcsEvent event = {
      .kind = kind,
      .now = world->now += argument,
      .boot = argument & 8 ? "b-1" : "b-2",
      .up = argument * 100,
      .offer = world->offer,
      .in_history = argument % 7 == 0,
      .info = world->info,
      .fragment = (gint64)(argument % 6) - 1,
      .found = argument & 1,
      .coming = argument & 4 ? TRUE : FALSE,
      .claim = argument % 3,
      .bytes = argument,
      .verdict = argument % OCS_VERDICT_N,
      .beside = argument & 2 ? TRUE : FALSE,
      .pause = argument % 3,
      .error = world->error,
      .consent = &consent,
      .code = argument & 1 ? "SUCCESS" : "EXIT_CODE_1",
      .timeout = 1000000,
      .random = argument / 255.0,
  };

  world->error->code = argument % 16;
  ocs_package_step (world->package, &event);
}

static void
check (World *world, OcsStep before, guint kind)
{
  const OcsPackage *package = world->package;
  OcsDuty duty = ocs_package_next (package, world->now);

  if (before == OCS_STEP_GONE && package->step != OCS_STEP_GONE)
    world->runs = world->verified = 0;
  /* What ocs-run would not start was no run. */
  if (kind == OCS_EVENT_SPOILT && before == OCS_STEP_RUNNING && package->step == OCS_STEP_FETCHING)
    world->runs = 0;
  if (package->step == OCS_STEP_VERIFIED)
    world->verified = TRUE;
  if (package->step < OCS_STEP_VERIFIED)
    world->verified = FALSE;
  if (before != OCS_STEP_RUNNING && package->step == OCS_STEP_RUNNING && (!world->verified || world->runs++ > 0))
    __builtin_trap ();
  if (duty.kind == OCS_DUTY_RUN && package->step != OCS_STEP_VERIFIED && package->step != OCS_STEP_RUNNING)
    __builtin_trap ();
  if (duty.kind == OCS_DUTY_FETCH && (duty.fragment < 1 || duty.fragment > package->info->frags))
    __builtin_trap ();
  if (duty.kind == OCS_DUTY_REPORT && package->result == NULL)
    __builtin_trap ();
  if (package->step == OCS_STEP_FINISHED && before == OCS_STEP_FINISHED && g_strcmp0 (world->told, package->result) != 0)
    __builtin_trap ();
  g_free (world->told);
  world->told = g_strdup (package->step == OCS_STEP_FINISHED ? package->result : NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  World world = {NULL};

  world_open (&world, size > 0 && data[0] & 1);
  for (gsize i = 1; i + 1 < size; i += 2) {
    OcsStep before = world.package->step;
    guint kind = data[i] % (OCS_EVENT_N + 1);

    if (kind == RESTART)
      restart (&world);
    else
      step (&world, kind, data[i + 1]);
    check (&world, before, kind);
  }
  world_close (&world);
  return 0;
}
