/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-textfile"
#include "tray/assistant/textfile.h"
#include "ipc/error.h"

typedef struct {
  char *bytes; /* owned; room for one more than most, which tells that there are more */
  gsize most;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->bytes);
  g_free (reading);
}

/* task: transfer full; error: transfer full, of GIO. */
static void
fail (GTask *task, GError *error)
{
  g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_FAILED, "%s", error->message);
  g_error_free (error);
  g_object_unref (task);
}

static char *
text_of (const char *bytes, gsize length, GError **error)
{
  return g_utf8_validate (bytes, (gssize)length, NULL) ? g_strndup (bytes, length)
                                                       : g_convert (bytes, (gssize)length, "UTF-8", "WINDOWS-1252", NULL, NULL, error);
}

static void
on_all_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  gsize length = 0;
  char *text;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error)) {
    fail (task, error);
    return;
  }
  if (length > reading->most) {
    g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the file is too large: choose another");
    g_object_unref (task);
    return;
  }
  text = text_of (reading->bytes, length, &error);
  if (text == NULL) {
    fail (task, error);
    return;
  }
  g_task_return_pointer (task, text, g_free);
  g_object_unref (task);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);

  if (stream == NULL) {
    fail (task, error);
    return;
  }
  reading->bytes = g_malloc (reading->most + 1);
  g_input_stream_read_all_async (G_INPUT_STREAM (stream), reading->bytes, reading->most + 1, G_PRIORITY_DEFAULT,
                                 g_task_get_cancellable (task), on_all_read, task);
}

/* Who opens a pipe waits until somebody writes, and a device may never end. */
static void
on_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);

  if (info == NULL) {
    fail (task, error);
    return;
  }
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR) {
    g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_UNSUPPORTED, "that is no plain file: choose another");
    g_object_unref (task);
    return;
  }
  g_file_read_async (G_FILE (source), G_PRIORITY_DEFAULT, g_task_get_cancellable (task), on_opened, task);
}

void
ocs_textfile_read_async (GFile *file, gsize most, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (file, cancellable, callback, user_data);
  Reading *reading = g_new0 (Reading, 1);

  reading->most = most;
  g_task_set_task_data (task, reading, reading_free);
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, cancellable, on_known, task);
}

char *
ocs_textfile_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
