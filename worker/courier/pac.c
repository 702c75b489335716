/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-pac"
#include "worker/courier/pac.h"
#include "ipc/error.h"
#include "worker/core/url.h"
#include <signal.h>
#include <string.h>

/* It may look names up, which takes time; its processor time is limited to less, see fence.c. */
#define SECONDS_MAX 15

typedef struct {
  GSubprocess *child; /* owned */
  char *script;       /* owned */
  char *answer;       /* owned; room for OCS_PAC_ANSWER_MAX and a sign */
  gsize length;
  guint timer;
  gboolean late;
  GSource *watch; /* owned, nullable; for the caller's cancellable */
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_clear_handle_id (&run->timer, g_source_remove);
  if (run->child != NULL)
    g_subprocess_force_exit (run->child);
  g_clear_object (&run->child);
  if (run->watch != NULL)
    g_source_destroy (run->watch);
  g_clear_pointer (&run->watch, g_source_unref);
  g_free (run->script);
  g_free (run->answer);
  g_free (run);
}

static void
return_failure (GTask *task, OcsError code, const char *message)
{
  g_task_return_new_error (task, OCS_ERROR, (int)code, "%s", message);
}

static void
return_complaint (GTask *task, Run *run)
{
  g_autofree char *valid = g_utf8_make_valid (run->answer + 1, (gssize)run->length - 1);

  g_strdelimit (valid, "\n\r\t", ' ');
  g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the PAC file cannot be evaluated (%.300s): mend it",
                           g_strstrip (valid));
}

static void
on_child_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *run = g_task_get_task_data (task);

  g_subprocess_wait_finish (run->child, result, NULL);
  g_clear_handle_id (&run->timer, g_source_remove);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (run->late || (g_subprocess_get_if_signaled (run->child) && g_subprocess_get_term_sig (run->child) == SIGXCPU)
      || (g_subprocess_get_if_signaled (run->child) && g_subprocess_get_term_sig (run->child) == SIGKILL))
    return_failure (task, OCS_ERROR_TIMED_OUT, "the PAC file does not come to an end: mend its FindProxyForURL()");
  else if (run->length > 1 && run->answer[0] == '-')
    return_complaint (task, run);
  else if (run->length > 1 && run->answer[0] == '+' && g_subprocess_get_successful (run->child))
    g_task_return_pointer (task, g_utf8_make_valid (run->answer + 1, (gssize)run->length - 1), g_free);
  else
    return_failure (task, OCS_ERROR_INVALID_DATA, "the PAC file gives no answer: mend its FindProxyForURL()");
}

static void
on_answer_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Run *run = g_task_get_task_data (task);

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &run->length, NULL);
  /* What says more than an answer has room for is none. */
  if (run->length > OCS_PAC_ANSWER_MAX)
    g_subprocess_force_exit (run->child);
  g_subprocess_wait_async (run->child, NULL, on_child_ended, task);
}

static void
on_script_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  /* A child that does not want to read it all says why itself. */
  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_output_stream_close (G_OUTPUT_STREAM (source), NULL, NULL);
  g_object_unref (user_data);
}

static gboolean
on_timer (gpointer user_data)
{
  Run *run = user_data;

  run->timer = 0;
  run->late = TRUE;
  g_subprocess_force_exit (run->child);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Run *run = user_data;

  g_subprocess_force_exit (run->child);
  return G_SOURCE_REMOVE;
}

static void
watch (Run *run, GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;
  run->watch = g_cancellable_source_new (cancellable);
  g_source_set_callback (run->watch, (GSourceFunc)(void (*) (void))on_cancelled, run, NULL);
  g_source_attach (run->watch, NULL);
}

static GSubprocess *
spawn (const char *program, const char *target, const char *host, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  char *environment[] = {NULL};
  g_autofree char *self = program == NULL ? g_file_read_link ("/proc/self/exe", NULL) : NULL;
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *path = program != NULL ? g_strdup (program) : g_build_filename (folder != NULL ? folder : ".", "ocs-pac", NULL);
  g_autoptr (GError) local = NULL;
  GSubprocess *child;

  g_subprocess_launcher_set_environ (launcher, environment);
  g_subprocess_launcher_set_cwd (launcher, "/");
  child = g_subprocess_launcher_spawn (launcher, &local, path, target, host, NULL);
  if (child == NULL)
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED, "PAC files cannot be evaluated here (%s): reinstall ocs-companion",
                 local->message);
  return child;
}

void
ocs_pac_find_async (const char *program, const char *script, const char *target, GCancellable *cancellable, GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsUrl) url = ocs_url_parse (target, &error);
  g_autofree char *shown = NULL;
  Run *run = g_new0 (Run, 1);

  g_task_set_task_data (task, run, run_free);
  if (url == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_clear_pointer (&url->path, g_free);
  url->path = g_strdup ("/");
  shown = ocs_url_to_string (url);
  run->child = spawn (program, shown, url->host, &error);
  if (run->child == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  run->script = g_strdup (script);
  run->answer = g_malloc0 (OCS_PAC_ANSWER_MAX + 2);
  run->timer = g_timeout_add_seconds (SECONDS_MAX, on_timer, run);
  watch (run, cancellable);
  g_output_stream_write_all_async (g_subprocess_get_stdin_pipe (run->child), run->script, strlen (run->script), G_PRIORITY_DEFAULT, NULL,
                                   on_script_written, g_object_ref (task));
  g_input_stream_read_all_async (g_subprocess_get_stdout_pipe (run->child), run->answer, OCS_PAC_ANSWER_MAX + 1, G_PRIORITY_DEFAULT, NULL,
                                 on_answer_read, g_steal_pointer (&task));
}

char *
ocs_pac_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
