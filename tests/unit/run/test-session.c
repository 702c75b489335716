/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole packages through the real ocs-run (OCS_RUN names it), as the worker would start it. */
#include "ipc/error.h"
#include "ipc/json.h"
#include "tests/unit/run/scratch.h"
#include "worker/core/order.h"
#include "worker/core/result.h"
#include "worker/run/family.h"
#include "worker/run/session.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ID "1700000001"
#define FOLDER "packages/" ID

static void
open_state (Scratch *scratch)
{
  g_autofree char *path = NULL;

  scratch_open (scratch);
  path = scratch_path (scratch, FOLDER);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
}

/* subject: the command, name or path. digest: nullable, SHA256. */
static void
give_checked_order (Scratch *scratch, OcsAction action, const char *subject, guint fragments, guint timeout, const char *digest)
{
  OcsOrder order = {.id = (char *)ID, .action = action, .fragments = fragments, .timeout = timeout};
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *text = NULL;

  order.install_path = scratch->path;
  order.command = action == OCS_ACTION_EXECUTE ? (char *)subject : NULL;
  order.name = action == OCS_ACTION_LAUNCH ? (char *)subject : NULL;
  order.path = action == OCS_ACTION_STORE ? (char *)subject : NULL;
  order.digest = (char *)digest;
  order.digest_algo = digest != NULL ? (char *)"SHA256" : NULL;
  object = ocs_order_to_json (&order);
  text = ocs_json_write (object);
  scratch_write (scratch, FOLDER "/" OCS_ORDER_FILE, text);
}

static void
give_order (Scratch *scratch, OcsAction action, const char *subject, guint fragments, guint timeout)
{
  give_checked_order (scratch, action, subject, fragments, timeout, NULL);
}

static void
give_archive (Scratch *scratch, const Item *items)
{
  g_autoptr (GByteArray) bytes = scratch_pack (items, SCRATCH_TAR_GZIP);

  scratch_cut (scratch, FOLDER, ID, bytes, 2);
}

static GPid
start (Scratch *scratch)
{
  g_autofree char *option = g_strconcat ("--state-dir=", scratch->path, NULL);
  const char *const argv[] = {g_getenv ("OCS_RUN"), option, ID, NULL};
  g_autoptr (GError) error = NULL;
  GPid pid = 0;

  g_spawn_async (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

static int
wait_for (GPid pid)
{
  int status = -1;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return status;
}

static OcsResult *
read_result (Scratch *scratch)
{
  g_autofree char *text = scratch_read (scratch, FOLDER "/" OCS_RESULT_FILE);
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) error = NULL;
  OcsResult *result;

  g_assert_nonnull (text);
  object = ocs_json_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  result = ocs_result_from_json (object, &error);
  g_assert_no_error (error);
  return result;
}

static void
assert_run (Scratch *scratch, const char *code, const char *output)
{
  g_autoptr (OcsResult) result = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpint (wait_for (start (scratch)), ==, 0);
  result = read_result (scratch);
  text = scratch_read (scratch, FOLDER "/" OCS_SESSION_OUTPUT_FILE);
  g_test_message ("%s: %s", result->code, text);
  g_assert_cmpstr (result->code, ==, code);
  g_assert_nonnull (strstr (text, output));
  g_assert_false (scratch_has (scratch, FOLDER "/" OCS_SESSION_RUN_FOLDER));
}

static const Item tools[] = {
    {'f', "set-up tool.sh", "#!/bin/sh\necho \"launched $# $1\"\nexit $2\n", 0644},
    {'d', "sub", NULL, 0755},
    {'f', "sub/.hidden", "hidden", 0640},
    {0},
};

static void
test_execute (void)
{
  g_auto (Scratch) scratch = {NULL};

  open_state (&scratch);
  give_archive (&scratch, tools);
  give_order (&scratch, OCS_ACTION_EXECUTE, "cat sub/.hidden && echo \" $OCS_PACKAGE_ID\" && exit 7", 2, 60);
  assert_run (&scratch, "EXIT_CODE_7", "hidden " ID "\n");
}

static void
test_execute_without_archive (void)
{
  g_auto (Scratch) scratch = {NULL};

  open_state (&scratch);
  give_order (&scratch, OCS_ACTION_EXECUTE, "pwd; ls -A | wc -l", 0, 0);
  assert_run (&scratch, "SUCCESS", FOLDER "/run\n0\n");
}

static void
test_launch (void)
{
  g_auto (Scratch) scratch = {NULL};

  open_state (&scratch);
  give_archive (&scratch, tools);
  give_order (&scratch, OCS_ACTION_LAUNCH, "set-up tool.sh 'INSTALL_PATH/x y' 0", 2, 60);
  assert_run (&scratch, "SUCCESS", "launched 2 /");
}

static void
test_store (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autofree char *text = NULL;

  open_state (&scratch);
  give_archive (&scratch, tools);
  give_order (&scratch, OCS_ACTION_STORE, "INSTALL_PATH/stored/here", 2, 60);
  assert_run (&scratch, "SUCCESS", "");
  text = scratch_read (&scratch, "stored/here/sub/.hidden");
  g_assert_cmpstr (text, ==, "hidden");
}

static void
test_final_errors (void)
{
  static const Item evil[] = {{'f', "../stolen", "x"}, {0}};
  static const struct {
    OcsAction action;
    const char *subject;
    const char *code;
    const char *output;
    const Item *items;
    guint fragments;
  } cases[] = {
      {OCS_ACTION_EXECUTE, NULL, "ERR_BAD_PARAM", "COMMAND is empty", tools, 2},
      {OCS_ACTION_LAUNCH, " ", "ERR_BAD_PARAM", "NAME is empty", tools, 2},
      {OCS_ACTION_STORE, "", "ERR_BAD_PARAM", "PATH is empty", tools, 2},
      {OCS_ACTION_STORE, "relative", "ERR_BAD_PARAM", "slash", tools, 2},
      {OCS_ACTION_STORE, "/proc/ocs-nowhere", "ERR_EXECUTE", "/proc/ocs-nowhere", tools, 2},
      {OCS_ACTION_LAUNCH, "nothing", "ERR_EXECUTE", "nothing", tools, 2},
      {OCS_ACTION_LAUNCH, "set-up tool.sh 'x", "ERR_BAD_PARAM", "quotes", tools, 2},
      {OCS_ACTION_EXECUTE, "touch ../ran", "ERR_UNZIP", "../stolen", evil, 2},
      {OCS_ACTION_EXECUTE, "touch ../ran", "ERR_UNZIP", ID "-3", tools, 3},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Scratch) scratch = {NULL};

    open_state (&scratch);
    give_archive (&scratch, cases[i].items);
    give_order (&scratch, cases[i].action, cases[i].subject, cases[i].fragments, 60);
    assert_run (&scratch, cases[i].code, cases[i].output);
    g_assert_false (scratch_has (&scratch, FOLDER "/ran"));
  }
}

static void
test_timeout (void)
{
  g_auto (Scratch) scratch = {NULL};

  open_state (&scratch);
  give_order (&scratch, OCS_ACTION_EXECUTE, "echo before; (setsid sleep 60 &) ; sleep 60", 0, 1);
  assert_run (&scratch, "ERR_EXECUTE_TIMEOUT", "before\n");
}

static void
test_once (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autofree char *count = NULL;

  open_state (&scratch);
  give_order (&scratch, OCS_ACTION_EXECUTE, "echo run >>../count", 0, 60);
  assert_run (&scratch, "SUCCESS", "");
  assert_run (&scratch, "SUCCESS", "");
  count = scratch_read (&scratch, FOLDER "/count");
  g_assert_cmpstr (count, ==, "run\n");
}

/* While one runs, the others leave at once; together they run the package once. */
static void
test_parallel (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autofree char *count = NULL;
  GPid pids[6];

  open_state (&scratch);
  give_order (&scratch, OCS_ACTION_EXECUTE, "echo run >>../count; sleep 0.5", 0, 60);
  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    pids[i] = start (&scratch);
  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    g_assert_cmpint (wait_for (pids[i]), ==, 0);
  assert_run (&scratch, "SUCCESS", "");
  count = scratch_read (&scratch, FOLDER "/count");
  g_assert_cmpstr (count, ==, "run\n");
}

/* Who comes second must neither run it nor take it for interrupted. */
static void
test_locked (void)
{
  g_auto (Scratch) scratch = {NULL};
  GPid pid;

  open_state (&scratch);
  give_order (&scratch, OCS_ACTION_EXECUTE, "touch ../running; while [ ! -e ../go ]; do sleep 0.05; done", 0, 60);
  pid = start (&scratch);
  for (guint i = 0; i < 500 && !scratch_has (&scratch, FOLDER "/running"); i++)
    g_usleep (20000);
  g_assert_cmpint (wait_for (start (&scratch)), ==, 0);
  g_assert_false (scratch_has (&scratch, FOLDER "/" OCS_RESULT_FILE));
  scratch_write (&scratch, FOLDER "/go", "");
  g_assert_cmpint (wait_for (pid), ==, 0);
  assert_run (&scratch, "SUCCESS", "");
}

static void
test_interrupted (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) object = NULL;
  GPid pid;

  open_state (&scratch);
  give_order (&scratch, OCS_ACTION_EXECUTE, "echo run >>../count; exec sleep 1", 0, 60);
  pid = start (&scratch);
  for (guint i = 0; i < 500 && !scratch_has (&scratch, FOLDER "/count"); i++)
    g_usleep (20000);
  text = scratch_read (&scratch, FOLDER "/" OCS_STARTED_FILE);
  object = ocs_json_parse (text, strlen (text), NULL);
  g_assert_nonnull (object);
  g_assert_cmpint (ocs_json_int (object, "pid", 0), ==, pid);
  g_assert_cmpint (ocs_json_int (object, "start_time", 0), >, 0);
  g_assert_cmpuint (strlen (ocs_json_string (object, "boot_id")), ==, 36);
  kill (pid, SIGKILL);
  wait_for (pid);
  g_assert_false (scratch_has (&scratch, FOLDER "/" OCS_RESULT_FILE));
  assert_run (&scratch, "ERR_EXECUTE_INTERRUPTED", "cut short");
  assert_run (&scratch, "ERR_EXECUTE_INTERRUPTED", "cut short");
  count = scratch_read (&scratch, FOLDER "/count");
  g_assert_cmpstr (count, ==, "run\n");
}

/* Killed at any moment and started again, it ends with one result and at most one run. */
static void
test_killed_anywhere (void)
{
  for (guint i = 0; i < 40; i++) {
    g_auto (Scratch) scratch = {NULL};
    g_autoptr (OcsResult) result = NULL;
    g_autofree char *count = NULL;
    GPid pid;

    open_state (&scratch);
    give_archive (&scratch, tools);
    give_order (&scratch, OCS_ACTION_EXECUTE, "echo run >>../count", 2, 60);
    pid = start (&scratch);
    g_usleep (i * 1000);
    kill (pid, SIGKILL);
    wait_for (pid);
    /* A child of the first, between fork and exec, still holds the lock: then the second leaves it all to whoever comes next. */
    for (guint n = 0; n < 100 && !scratch_has (&scratch, FOLDER "/" OCS_RESULT_FILE); n++) {
      g_usleep (n * 1000);
      g_assert_cmpint (wait_for (start (&scratch)), ==, 0);
    }
    result = read_result (&scratch);
    g_usleep (20000); /* an orphan of the first may still be writing */
    count = scratch_read (&scratch, FOLDER "/count");
    if (strcmp (result->code, "SUCCESS") == 0)
      g_assert_cmpstr (count, ==, "run\n");
    else
      g_assert_cmpstr (result->code, ==, "ERR_EXECUTE_INTERRUPTED");
    g_assert_true (count == NULL || strcmp (count, "run\n") == 0);
  }
}

/* Nothing runs of bytes that are not those of the digest, be they no archive, another one or only half of one; and it was no run. */
static void
test_other_bytes (gconstpointer data)
{
  g_autoptr (GByteArray) bytes = scratch_pack (tools, GPOINTER_TO_INT (data));
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
  static const Item others[] = {{'f', "set-up tool.sh", "#!/bin/sh\necho stolen\n", 0755}, {0}};
  const char *const changes[] = {"none", "other archive", "no archive", "longer", "missing"};

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_auto (Scratch) scratch = {NULL};
    g_autoptr (GByteArray) copy = i == 1 ? scratch_pack (others, GPOINTER_TO_INT (data)) : g_byte_array_new ();
    g_autofree char *fragment = NULL;

    if (i == 0 || i == 3)
      g_byte_array_append (copy, bytes->data, bytes->len);
    if (i == 2 || i == 3)
      g_byte_array_append (copy, (const guint8 *)"hello", 5);
    open_state (&scratch);
    scratch_cut (&scratch, FOLDER, ID, copy, 2);
    fragment = scratch_path (&scratch, FOLDER "/" ID "-2");
    if (i == 4)
      g_assert_cmpint (g_unlink (fragment), ==, 0);
    give_checked_order (&scratch, OCS_ACTION_EXECUTE, "echo ran >>../count", 2, 60, digest);
    g_test_message ("%s", changes[i]);
    assert_run (&scratch, i == 0 ? "SUCCESS" : "ERR_BAD_DIGEST", "");
    g_assert_cmpint (scratch_has (&scratch, FOLDER "/count"), ==, i == 0);
    g_assert_cmpint (scratch_has (&scratch, FOLDER "/" OCS_STARTED_FILE), ==, i == 0);
  }
}

/* Killed while it unpacks: nothing has run, so that it runs now. */
static void
test_killed_while_unpacking (void)
{
  g_auto (Scratch) scratch = {NULL};

  open_state (&scratch);
  give_archive (&scratch, tools);
  give_order (&scratch, OCS_ACTION_EXECUTE, "test ! -e left && echo ran", 2, 60);
  /* What such a run leaves. */
  scratch_write (&scratch, FOLDER "/lock", "");
  g_assert_cmpint (mkdirat (scratch.fd, FOLDER "/run", 0700), ==, 0);
  scratch_write (&scratch, FOLDER "/run/left", "half");
  assert_run (&scratch, "SUCCESS", "ran\n");
}

static void
test_refused (void)
{
  static const struct {
    const char *order; /* NULL for none */
    OcsError code;
  } cases[] = {
      {NULL, OCS_ERROR_NOT_FOUND},
      {"", OCS_ERROR_INVALID_DATA},
      {"[]", OCS_ERROR_INVALID_DATA},
      {"{\"version\":1,\"id\":\"2\",\"action\":\"STORE\",\"path\":\"/x\",\"fragments\":0,\"timeout\":0}", OCS_ERROR_INVALID_DATA},
      {"{\"version\":9,\"id\":\"" ID "\"}", OCS_ERROR_UNSUPPORTED},
  };
  g_autoptr (GError) error = NULL;
  g_auto (Scratch) scratch = {NULL};

  open_state (&scratch);
  g_assert_false (ocs_session_run (scratch.path, "../" ID, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_false (ocs_session_run (scratch.path, "2", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_clear_error (&error);
    if (cases[i].order != NULL)
      scratch_write (&scratch, FOLDER "/" OCS_ORDER_FILE, cases[i].order);
    g_assert_false (ocs_session_run (scratch.path, ID, &error));
    g_assert_error (error, OCS_ERROR, (int)cases[i].code);
    g_assert_false (scratch_has (&scratch, FOLDER "/" OCS_STARTED_FILE));
    g_assert_false (scratch_has (&scratch, FOLDER "/" OCS_RESULT_FILE));
  }
}

int
main (int argc, char **argv)
{
  umask (022);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/execute", test_execute);
  g_test_add_func ("/session/execute-without-archive", test_execute_without_archive);
  g_test_add_func ("/session/launch", test_launch);
  g_test_add_func ("/session/store", test_store);
  g_test_add_func ("/session/final-errors", test_final_errors);
  g_test_add_func ("/session/timeout", test_timeout);
  g_test_add_func ("/session/once", test_once);
  g_test_add_func ("/session/parallel", test_parallel);
  g_test_add_func ("/session/locked", test_locked);
  g_test_add_func ("/session/interrupted", test_interrupted);
  g_test_add_func ("/session/killed-anywhere", test_killed_anywhere);
  g_test_add_func ("/session/refused", test_refused);
  g_test_add_func ("/session/killed-while-unpacking", test_killed_while_unpacking);
  g_test_add_data_func ("/session/other-bytes/tar", GINT_TO_POINTER (SCRATCH_TAR), test_other_bytes);
  g_test_add_data_func ("/session/other-bytes/tar.gz", GINT_TO_POINTER (SCRATCH_TAR_GZIP), test_other_bytes);
  g_test_add_data_func ("/session/other-bytes/zip", GINT_TO_POINTER (SCRATCH_ZIP), test_other_bytes);
  return g_test_run ();
}
