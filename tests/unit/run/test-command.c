/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "tests/unit/run/scratch.h"
#include "worker/run/command.h"
#include "worker/run/family.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

typedef struct {
  gboolean ran;
  gboolean timed_out;
  int wait_status;
  char *text; /* owned */
  gboolean truncated;
  double seconds;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->text, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
run_shell (Scratch *scratch, const char *text, guint timeout, Outcome *outcome)
{
  const char *const argv[] = {"/bin/sh", "-c", text, NULL};
  const OcsCommand command = {.argv = argv, .folder = scratch->fd, .package = "4711", .timeout = timeout, .grace = 500, .linger = 300};
  g_autoptr (OcsCapture) capture = ocs_capture_new (64 * 1024);
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  outcome->ran = ocs_command_run (&command, capture, &outcome->wait_status, &outcome->timed_out, &error);
  g_assert_no_error (error);
  outcome->seconds = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  outcome->text = ocs_capture_text (capture);
  outcome->truncated = ocs_capture_is_truncated (capture);
}

static void
test_status (void)
{
  static const struct {
    const char *text;
    int wait_status;
  } cases[] = {{"exit 0", 0}, {"exit 3", 3 << 8}, {"exit 255", 255 << 8}, {"kill -9 $$", SIGKILL}, {"kill -15 $$", SIGTERM}};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Scratch) scratch = {NULL};
    g_auto (Outcome) outcome = {0};

    scratch_open (&scratch);
    run_shell (&scratch, cases[i].text, 20000, &outcome);
    g_assert_false (outcome.timed_out);
    g_assert_cmpint (outcome.wait_status & 0xff7f, ==, cases[i].wait_status);
  }
}

static void
test_environment (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_auto (Outcome) outcome = {0};
  const char *ignored;

  scratch_open (&scratch);
  g_setenv ("OCS_TEST_SECRET", "s", TRUE);
  signal (SIGPIPE, SIG_IGN);
  run_shell (&scratch,
             "env; umask; pwd; cat; ps -o pid=,sid= -p $$ >/dev/null; grep SigIgn /proc/self/status; grep SigBlk /proc/self/status", 20000,
             &outcome);
  g_assert_nonnull (strstr (outcome.text, "OCS_PACKAGE_ID=4711\n"));
  g_assert_nonnull (strstr (outcome.text, "LANG=C.UTF-8\n"));
  g_assert_nonnull (strstr (outcome.text, "HOME=/"));
  g_assert_nonnull (strstr (outcome.text, "/usr/sbin:/usr/bin"));
  g_assert_nonnull (strstr (outcome.text, "0022\n"));
  g_assert_nonnull (strstr (outcome.text, scratch.path));
  g_assert_null (strstr (outcome.text, "OCS_TEST_SECRET"));
  ignored = strstr (outcome.text, "SigIgn:\t");
  g_assert_nonnull (ignored);
  /* But for the C library's own two, which make leaves ignored and nobody can set. */
  g_assert_cmphex (g_ascii_strtoull (ignored + strlen ("SigIgn:\t"), NULL, 16) & ~G_GUINT64_CONSTANT (0x180000000), ==, 0);
  g_assert_nonnull (strstr (outcome.text, "SigBlk:\t0000000000000000"));
}

static void
test_output (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_auto (Outcome) outcome = {0};

  scratch_open (&scratch);
  run_shell (&scratch, "echo first; head -c 5000000 /dev/zero | tr '\\0' x; echo; echo last >&2", 20000, &outcome);
  g_assert_true (outcome.truncated);
  g_assert_cmpuint (strlen (outcome.text), <, 66 * 1024);
  g_assert_true (g_str_has_prefix (outcome.text, "first\nxxx"));
  g_assert_true (g_str_has_suffix (outcome.text, "xxx\nlast\n"));
}

/* The whole tree ends, whatever it does to get away, and within time-out and grace. */
static void
test_timeout (gconstpointer data)
{
  g_auto (Scratch) scratch = {NULL};
  g_auto (Outcome) outcome = {0};

  scratch_open (&scratch);
  run_shell (&scratch, data, 300, &outcome);
  g_assert_true (outcome.timed_out);
  g_assert_cmpfloat (outcome.seconds, <, 8);
  g_assert_cmpuint (ocs_family_signal (0), ==, 0);
  g_usleep (1300000);
  g_assert_false (scratch_has (&scratch, "survived"));
}

/* What a package leaves running on purpose lives on, and does not hold us even when it talks. */
static void
test_background (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_auto (Outcome) outcome = {0};
  int status = 0;

  scratch_open (&scratch);
  run_shell (&scratch, "(trap '' PIPE; while :; do echo chat; sleep 0.05; [ -e stop ] && break; done; touch ended) & echo done; exit 4",
             20000, &outcome);
  g_assert_false (outcome.timed_out);
  g_assert_cmpint (outcome.wait_status, ==, 4 << 8);
  g_assert_cmpfloat (outcome.seconds, <, 3);
  g_assert_nonnull (strstr (outcome.text, "done\n"));
  g_assert_cmpuint (ocs_family_signal (0), >, 0);
  scratch_write (&scratch, "stop", "");
  for (guint i = 0; i < 100 && !scratch_has (&scratch, "ended"); i++)
    g_usleep (50000);
  g_assert_true (scratch_has (&scratch, "ended"));
  for (guint i = 0; i < 100 && ocs_family_signal (0) > 0; i++)
    g_usleep (20000);
  ocs_family_reap (0, &status);
}

static void
test_closed_output (void)
{
  g_auto (Scratch) scratch = {NULL};
  g_auto (Outcome) outcome = {0};

  scratch_open (&scratch);
  run_shell (&scratch, "exec >&- 2>&-; sleep 0.3; exit 9", 20000, &outcome);
  g_assert_cmpint (outcome.wait_status, ==, 9 << 8);
}

static void
test_not_started (void)
{
  static const char *const argv[] = {"./nothing", NULL};
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (OcsCapture) capture = ocs_capture_new (100);
  g_autoptr (GError) error = NULL;
  OcsCommand command = {.argv = argv, .package = "1"};
  gboolean timed_out;
  int status;

  scratch_open (&scratch);
  command.folder = scratch.fd;
  g_assert_false (ocs_command_run (&command, capture, &status, &timed_out, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "./nothing"));
}

/* A script without "#!" is what administrators upload. */
static void
test_plain_script (void)
{
  static const char *const argv[] = {"./script", "one two", NULL};
  g_auto (Scratch) scratch = {NULL};
  g_autoptr (OcsCapture) capture = ocs_capture_new (100);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  OcsCommand command = {.argv = argv, .package = "1", .linger = 300};
  gboolean timed_out = TRUE;
  int status = -1;

  scratch_open (&scratch);
  scratch_write (&scratch, "script", "echo \"<$1>\"\n");
  g_assert_cmpint (fchmodat (scratch.fd, "script", 0755, 0), ==, 0);
  command.folder = scratch.fd;
  g_assert_true (ocs_command_run (&command, capture, &status, &timed_out, &error));
  g_assert_no_error (error);
  g_assert_false (timed_out);
  g_assert_cmpint (status, ==, 0);
  text = ocs_capture_text (capture);
  g_assert_cmpstr (text, ==, "<one two>\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command/status", test_status);
  g_test_add_func ("/command/environment", test_environment);
  g_test_add_func ("/command/output", test_output);
  g_test_add_data_func ("/command/timeout/plain", "sleep 1; touch survived", test_timeout);
  g_test_add_data_func ("/command/timeout/grandchildren", "(sleep 1; touch survived) & (sleep 1; touch survived) & wait", test_timeout);
  g_test_add_data_func ("/command/timeout/detached", "setsid sh -c '(sleep 1; touch survived) &' & sleep 30", test_timeout);
  g_test_add_data_func ("/command/timeout/stubborn", "trap '' TERM HUP; (sleep 1.5; touch survived) & sleep 1.5; touch survived",
                        test_timeout);
  g_test_add_data_func ("/command/timeout/chatty", "trap '' TERM; while :; do echo chat; done", test_timeout);
  g_test_add_func ("/command/background", test_background);
  g_test_add_func ("/command/closed-output", test_closed_output);
  g_test_add_func ("/command/not-started", test_not_started);
  g_test_add_func ("/command/plain-script", test_plain_script);
  return g_test_run ();
}
