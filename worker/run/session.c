/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-session"
#include "worker/run/session.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/digest.h"
#include "worker/core/order.h"
#include "worker/core/result.h"
#include "worker/io/durable.h"
#include "worker/io/tree.h"
#include "worker/run/command.h"
#include "worker/run/extract.h"
#include "worker/run/install.h"
#include "worker/run/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define ORDER_MAX (1024 * 1024)
#define OUTPUT_MAX (64 * 1024)
#define GRACE_MS 10000
#define LINGER_MS 2000
#define LOCK_TRIES 50
#define LOCK_PAUSE_US 20000

typedef struct {
  int folder;         /* owned; the package's */
  int lock;           /* owned; held while it is open */
  int run;            /* owned; the unpacked archive, -1 before */
  OcsOrder *order;    /* owned, nullable */
  OcsCapture *output; /* owned */
  char *code;         /* owned, nullable: the result's */
  int exit_status;    /* -1 where no command ran */
} OcsSession;

static void
ocs_session_clear (OcsSession *session)
{
  if (session->run >= 0)
    close (session->run);
  if (session->lock >= 0)
    close (session->lock);
  if (session->folder >= 0)
    close (session->folder);
  g_clear_pointer (&session->order, ocs_order_free);
  g_clear_pointer (&session->output, ocs_capture_free);
  g_clear_pointer (&session->code, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OcsSession, ocs_session_clear)

/* Settles the result; reason (nullable) goes to the output, for the log and ocsctl. */
static void
settle (OcsSession *session, const char *code, const GError *reason)
{
  g_free (session->code);
  session->code = g_strdup (code);
  if (reason != NULL) {
    g_autofree char *line = g_strdup_printf ("%s\n", reason->message);

    ocs_capture_push (session->output, line, strlen (line));
    g_message ("%s: %s", code, reason->message);
  }
}

static gboolean
open_folder (OcsSession *session, const char *state_dir, const char *id, GError **error)
{
  g_autofree char *path = g_build_filename (state_dir, "packages", id, NULL);

  session->folder = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (session->folder >= 0)
    return TRUE;
  if (errno == ENOENT)
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "there is no package %s: %s is not there", id, path);
  else
    ocs_durable_set_error (error, errno, "%s", path);
  return FALSE;
}

/* free: whether the lock is ours now. */
static gboolean
take_lock (OcsSession *session, gboolean *free, GError **error)
{
  *free = FALSE;
  session->lock = openat (session->folder, OCS_SESSION_LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (session->lock < 0) {
    ocs_durable_set_error (error, errno, "%s", OCS_SESSION_LOCK_FILE);
    return FALSE;
  }
  /* A command of a run that was just killed may hold it between its fork and its exec. */
  for (guint i = 0; flock (session->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK && i < LOCK_TRIES; i++)
    g_usleep (LOCK_PAUSE_US);
  if (flock (session->lock, LOCK_EX | LOCK_NB) == 0)
    *free = TRUE;
  else if (errno != EWOULDBLOCK)
    ocs_durable_set_error (error, errno, "%s", OCS_SESSION_LOCK_FILE);
  return *free || errno == EWOULDBLOCK;
}

static gboolean
read_order (OcsSession *session, const char *id, GError **error)
{
  g_autofree char *text = ocs_durable_read (session->folder, OCS_ORDER_FILE, ORDER_MAX, error);
  g_autoptr (JsonObject) object = NULL;

  if (text == NULL)
    return FALSE;
  object = ocs_json_parse (text, strlen (text), error);
  if (object == NULL) {
    g_prefix_error (error, OCS_ORDER_FILE ": ");
    return FALSE;
  }
  session->order = ocs_order_from_json (object, error);
  if (session->order == NULL)
    return FALSE;
  if (strcmp (session->order->id, id) == 0)
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, OCS_ORDER_FILE " is for package %s, not for %s", session->order->id, id);
  return FALSE;
}

/* Field 22 of /proc/self/stat, in clock ticks since boot. */
static guint64
read_start_time (void)
{
  g_autofree char *text = NULL;
  const char *rest;
  unsigned long long value = 0;

  if (!g_file_get_contents ("/proc/self/stat", &text, NULL, NULL) || (rest = strrchr (text, ')')) == NULL)
    return 0;
  if (sscanf (rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &value) != 1)
    return 0;
  return value;
}

static gboolean
write_started (OcsSession *session, GError **error)
{
  g_autofree char *boot_id = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) object = NULL;
  OcsStarted started = {.pid = getpid (), .start_time = read_start_time (), .at = g_get_real_time () / G_USEC_PER_SEC};

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL))
    boot_id = g_strdup ("");
  started.boot_id = g_strstrip (boot_id);
  object = ocs_started_to_json (&started);
  text = ocs_json_write (object);
  return ocs_durable_write (session->folder, OCS_STARTED_FILE, text, error);
}

/* Whether what was read is what the worker has verified; FALSE with the result settled. hasher: transfer full. */
static gboolean
check_digest (OcsSession *session, OcsFragments *fragments, OcsHasher *hasher)
{
  gboolean read = ocs_fragments_watch_rest (fragments);
  int number = errno;
  g_autoptr (OcsDigest) digest = ocs_hasher_end (hasher);
  g_autoptr (GError) problem = NULL;

  if (!read)
    ocs_durable_set_error (&problem, number, "cannot read the fragments");
  else if (ocs_digest_matches (digest, session->order->digest, NULL, &problem))
    return TRUE;
  settle (session, OCS_RESULT_BAD_DIGEST, problem);
  return FALSE;
}

/* Hashes what it unpacks: between the worker's look at the fragments and now there may have been a power cut. Bytes that are not right are
 * told as such, whatever the archive seems to be. */
static gboolean
extract (OcsSession *session, const OcsExtractLimits *limits, GError **error)
{
  const OcsOrder *order = session->order;
  g_autoptr (GError) local = NULL;
  g_autoptr (OcsDigest) digest = order->digest_algo != NULL ? ocs_digest_new (order->digest_algo, error) : NULL;
  g_autoptr (OcsFragments) fragments = NULL;
  OcsHasher *hasher;
  gboolean extracted;

  if (order->digest_algo != NULL && digest == NULL)
    return FALSE;
  fragments = ocs_fragments_open (session->folder, order->id, order->fragments, &local);
  if (fragments == NULL) {
    settle (session, digest != NULL ? OCS_RESULT_BAD_DIGEST : OCS_RESULT_UNZIP, local);
    return FALSE;
  }
  hasher = digest != NULL ? ocs_hasher_new (g_steal_pointer (&digest)) : NULL;
  ocs_fragments_watch (fragments, hasher);
  extracted = ocs_extract (fragments, session->run, limits, error);
  return (hasher == NULL || check_digest (session, fragments, hasher)) && extracted;
}

/* The empty or filled folder to run in. FALSE with the result settled. */
static gboolean
unpack (OcsSession *session)
{
  g_autoptr (GError) problem = NULL;
  OcsExtractLimits limits;

  ocs_tree_remove (session->folder, OCS_SESSION_RUN_FOLDER);
  session->run = ocs_tree_open (session->folder, OCS_SESSION_RUN_FOLDER, &problem);
  if (session->run >= 0 && session->order->fragments == 0)
    return TRUE;
  ocs_extract_limits_from_space (session->folder, &limits);
  if (session->run >= 0 && extract (session, &limits, &problem))
    return TRUE;
  if (session->code == NULL)
    settle (session, ocs_error_code (problem) == OCS_ERROR_NO_SPACE ? OCS_RESULT_OUT_OF_SPACE : OCS_RESULT_UNZIP, problem);
  return FALSE;
}

static void
run_command (OcsSession *session, const char *const *argv)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *code = NULL;
  gboolean timed_out = FALSE;
  int wait_status = 0;
  OcsCommand command = {
      .argv = argv,
      .folder = session->run,
      .package = session->order->id,
      .timeout = MIN (session->order->timeout, G_MAXUINT / 1000) * 1000,
      .grace = GRACE_MS,
      .linger = LINGER_MS,
  };

  if (!ocs_command_run (&command, session->output, &wait_status, &timed_out, &problem)) {
    settle (session, OCS_RESULT_EXECUTE, problem);
    return;
  }
  code = ocs_result_code_from_wait (session->order->action, wait_status, timed_out);
  session->exit_status = ocs_result_exit_status (wait_status);
  settle (session, code, NULL);
}

static void
run_shell (OcsSession *session, const char *text)
{
  const char *const argv[] = {"/bin/sh", "-c", text, NULL};

  run_command (session, argv);
}

static void
run_launch (OcsSession *session, const char *name)
{
  g_autoptr (GError) problem = NULL;
  g_auto (GStrv) argv = ocs_launch_prepare (session->run, name, &problem);

  if (argv != NULL)
    run_command (session, (const char *const *)argv);
  else
    settle (session, ocs_error_code (problem) == OCS_ERROR_INVALID_DATA ? OCS_RESULT_BAD_PARAM : OCS_RESULT_EXECUTE, problem);
}

static void
run_store (OcsSession *session, const char *path)
{
  g_autoptr (GError) problem = NULL;

  if (ocs_install (session->run, path, &problem)) {
    settle (session, OCS_RESULT_SUCCESS, NULL);
    return;
  }
  switch ((int)ocs_error_code (problem)) {
  case OCS_ERROR_NO_SPACE:
    settle (session, OCS_RESULT_OUT_OF_SPACE, problem);
    break;
  case OCS_ERROR_INVALID_DATA:
    settle (session, OCS_RESULT_BAD_PARAM, problem);
    break;
  default:
    settle (session, OCS_RESULT_EXECUTE, problem);
  }
}

/* Unpacks and runs the order; the result is settled afterwards, whatever happened. started.json stands before anything runs: until then a
 * run that is cut short is none. FALSE where it cannot be written: then nothing has run. */
static gboolean
carry_out (OcsSession *session, GError **error)
{
  g_autofree char *subject = ocs_order_subject (session->order);

  if (subject == NULL) {
    g_autoptr (GError) problem =
        g_error_new (OCS_ERROR, OCS_ERROR_INVALID_DATA, "%s is empty: correct the package", ocs_order_subject_name (session->order));

    settle (session, OCS_RESULT_BAD_PARAM, problem);
    return TRUE;
  }
  if (!unpack (session))
    return TRUE;
  if (!write_started (session, error))
    return FALSE;
  switch (session->order->action) {
  case OCS_ACTION_EXECUTE:
    run_shell (session, subject);
    break;
  case OCS_ACTION_LAUNCH:
    run_launch (session, subject);
    break;
  case OCS_ACTION_STORE:
    run_store (session, subject);
    break;
  }
  return TRUE;
}

static void
remove_run (OcsSession *session)
{
  if (session->run >= 0)
    close (session->run);
  session->run = -1;
  if (!ocs_tree_remove (session->folder, OCS_SESSION_RUN_FOLDER))
    g_message ("something of " OCS_SESSION_RUN_FOLDER "/ could not be removed");
}

/* The output first: who sees the result may read it. A full disk must not cost the result, so what was unpacked gives way to it. */
static gboolean
write_result (OcsSession *session, GError **error)
{
  OcsResult result = {.code = session->code,
                      .exit_status = session->exit_status,
                      .at = g_get_real_time () / G_USEC_PER_SEC,
                      .output_truncated = ocs_capture_is_truncated (session->output)};
  g_autoptr (JsonObject) object = ocs_result_to_json (&result);
  g_autofree char *text = ocs_json_write (object);
  g_autofree char *output = ocs_capture_text (session->output);
  g_autoptr (GError) problem = NULL;

  if (ocs_durable_write (session->folder, OCS_SESSION_OUTPUT_FILE, output, &problem)
      && ocs_durable_write (session->folder, OCS_RESULT_FILE, text, NULL))
    return TRUE;
  remove_run (session);
  if (problem != NULL && !ocs_durable_write (session->folder, OCS_SESSION_OUTPUT_FILE, output, NULL))
    g_message ("the output is lost: %s", problem->message);
  return ocs_durable_write (session->folder, OCS_RESULT_FILE, text, error);
}

static gboolean
finish (OcsSession *session, GError **error)
{
  gboolean written = write_result (session, error);

  remove_run (session);
  return written;
}

static gboolean
interrupt (OcsSession *session, GError **error)
{
  g_autoptr (GError) reason =
      g_error_new (OCS_ERROR, OCS_ERROR_INTERRUPTED, "the run was cut short by a crash or a restart; it is not repeated");

  settle (session, OCS_RESULT_INTERRUPTED, reason);
  return finish (session, error);
}

gboolean
ocs_session_run (const char *state_dir, const char *id, GError **error)
{
  g_auto (OcsSession) session = {.folder = -1, .lock = -1, .run = -1, .exit_status = -1};
  gboolean is_free;

  if (!ocs_order_id_is_valid (id)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "\"%.64s\" is no package: an ID is digits only", id);
    return FALSE;
  }
  session.output = ocs_capture_new (OUTPUT_MAX);
  if (!open_folder (&session, state_dir, id, error) || !take_lock (&session, &is_free, error))
    return FALSE;
  if (!is_free)
    return TRUE;
  if (ocs_durable_exists (session.folder, OCS_RESULT_FILE)) {
    remove_run (&session);
    return TRUE;
  }
  if (ocs_durable_exists (session.folder, OCS_STARTED_FILE))
    return interrupt (&session, error);
  if (!read_order (&session, id, error))
    return FALSE;
  if (carry_out (&session, error))
    return finish (&session, error);
  remove_run (&session);
  return FALSE;
}
