/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-assistant"
#include "tray/assistant/assistant.h"

#include "ipc/error.h"
#include "ipc/json.h"
#include "tray/assistant/form.h"
#include "tray/assistant/pages.h"
#include "tray/assistant/textfile.h"
#include "tray/assistant/units.h"
#include "tray/late.h"
#include "tray/trial.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>

#define DATA "ocs-assistant"
#define RETRY_MS 500
#define RETRIES 20
#define FILE_MAX (48 * 1024) /* a message of the worker's socket is 64 KiB at most */

typedef struct {
  GtkAssistant *window; /* borrowed: it owns us */
  OcsModel *model;      /* borrowed: outlives us */
  OcsDraft *draft;      /* owned */
  OcsForm *form;        /* owned */
  OcsPages pages;       /* borrowed from window */
  JsonObject *import;   /* owned, nullable; parameters of the Import to be made before anything else is set: it holds the logins */
  gboolean imported;    /* and it was made */
  OcsUnitsState units;  /* as they are */
  guint retry;          /* source id; while the service starts */
  guint retries;        /* that are left */
} Assistant;

static void
assistant_free (gpointer data)
{
  Assistant *assistant = data;

  g_clear_handle_id (&assistant->retry, g_source_remove);
  ocs_form_free (assistant->form);
  ocs_draft_free (assistant->draft);
  g_clear_pointer (&assistant->import, json_object_unref);
  g_free (assistant);
}

static void
on_window_destroy (GtkWidget *window, gpointer user_data)
{
  g_object_set_data (G_OBJECT (window), DATA, NULL);
}

static void
call (Assistant *assistant, const char *method, JsonObject *parameters, OcsLateFunc func)
{
  ocs_late_call (assistant->model, GTK_WIDGET (assistant->window), DATA, method, parameters, func);
}

/* What was tried is not what stands there now. */
static void
check_pages (gpointer user_data)
{
  Assistant *assistant = user_data;
  const OcsPages *pages = &assistant->pages;
  gboolean server = ocs_draft_is_good (assistant->draft, OCS_DRAFT_SERVER, OCS_DRAFT_SERVER_PASSWORD);
  gboolean proxy = ocs_draft_is_good (assistant->draft, OCS_DRAFT_PROXY_KIND, OCS_DRAFT_PROXY_PASSWORD);

  ocs_trial_clear (pages->server_trial);
  ocs_trial_clear (pages->proxy_trial);
  ocs_trial_set_possible (pages->server_trial, server && proxy);
  ocs_trial_set_possible (pages->proxy_trial, server && proxy);
  gtk_assistant_set_page_complete (assistant->window, pages->server, server);
  gtk_assistant_set_page_complete (assistant->window, pages->proxy, proxy);
  gtk_assistant_set_page_complete (assistant->window, pages->machine,
                                   ocs_draft_is_good (assistant->draft, OCS_DRAFT_TAG, OCS_DRAFT_SHOW_TRAY));
}

static void on_settings (gpointer owner, JsonObject *reply, const GError *error);

static void
read_settings (Assistant *assistant)
{
  JsonObject *parameters = json_object_new ();

  json_object_set_boolean_member (parameters, "all", TRUE);
  call (assistant, "GetSettings", parameters, on_settings);
}

static gboolean
on_retry_due (gpointer user_data)
{
  Assistant *assistant = user_data;

  assistant->retry = 0;
  assistant->retries--;
  read_settings (assistant);
  return G_SOURCE_REMOVE;
}

/* A service that was just switched on takes a moment to listen. */
static void
show_refusal (Assistant *assistant, const GError *error)
{
  gboolean absent = g_error_matches (error, OCS_ERROR, OCS_ERROR_UNREACHABLE);

  if (absent && assistant->retries > 0)
    assistant->retry = g_timeout_add (RETRY_MS, on_retry_due, assistant);
  else if (absent && assistant->units == OCS_UNITS_OFF)
    ocs_pages_show_off (&assistant->pages, NULL);
  else
    ocs_pages_show_refusal (&assistant->pages, error);
}

/* Who may not set up anything is told so, and nothing else is to be seen. */
static void
on_settings (gpointer owner, JsonObject *reply, const GError *error)
{
  Assistant *assistant = owner;

  if (reply == NULL) {
    show_refusal (assistant, error);
    return;
  }
  ocs_draft_read_settings (assistant->draft, reply);
  ocs_form_refresh (assistant->form);
  ocs_pages_show_welcome (&assistant->pages);
  gtk_assistant_set_page_complete (assistant->window, assistant->pages.welcome, TRUE);
  check_pages (assistant);
}

static void
append_strings (GString *text, JsonObject *reply, const char *member, const char *title)
{
  JsonArray *lines = ocs_json_array (reply, member);

  for (guint i = 0; lines != NULL && i < json_array_get_length (lines); i++) {
    JsonNode *line = json_array_get_element (lines, i);

    if (i == 0)
      g_string_append_printf (text, "\n%s", title);
    if (JSON_NODE_HOLDS_VALUE (line) && json_node_get_string (line) != NULL)
      g_string_append_printf (text, "\n• %s", json_node_get_string (line));
  }
}

static void
on_imported (gpointer owner, JsonObject *reply, const GError *error)
{
  Assistant *assistant = owner;
  g_autoptr (GString) text = g_string_new (NULL);

  if (reply == NULL) {
    g_autofree char *words = ocs_words_sentence (error->message);

    ocs_pages_show_import (&assistant->pages, words);
    g_clear_pointer (&assistant->import, json_object_unref);
    return;
  }
  if (ocs_json_array (reply, "values") != NULL)
    ocs_draft_read_assignments (assistant->draft, ocs_json_array (reply, "values"));
  ocs_form_refresh (assistant->form);
  check_pages (assistant);
  g_string_append (text, _ ("The file is read: see on the next pages whether all is right."));
  append_strings (text, reply, "warnings", _ ("What is to be looked at:"));
  append_strings (text, reply, "left_out", _ ("What is left out:"));
  ocs_pages_show_import (&assistant->pages, text->str);
}

/* Which of the two forms it is: only an ini has sections. */
static const char *
kind_of (const char *text)
{
  return g_regex_match_simple ("^\\s*\\[[^\\]]+\\]", text, G_REGEX_MULTILINE, 0) ? "ini" : "perl";
}

static void
import_text (Assistant *assistant, const char *text)
{
  JsonObject *parameters = json_object_new ();

  json_object_set_string_member (parameters, "text", text);
  json_object_set_string_member (parameters, "kind", kind_of (text));
  json_object_set_boolean_member (parameters, "check", TRUE);
  g_clear_pointer (&assistant->import, json_object_unref);
  assistant->import = json_object_ref (parameters);
  call (assistant, "Import", parameters, on_imported);
}

static void
on_file_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) window = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = ocs_textfile_read_finish (result, &error);
  Assistant *assistant = g_object_get_data (G_OBJECT (window), DATA);

  if (assistant == NULL)
    return;
  if (text != NULL)
    import_text (assistant, text);
  else if (g_error_matches (error, OCS_ERROR, OCS_ERROR_INVALID_DATA))
    ocs_pages_show_import (&assistant->pages, _ ("The file is too large to be a configuration."));
  else if (g_error_matches (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED))
    ocs_pages_show_import (&assistant->pages, _ ("That is no plain file."));
  else
    ocs_pages_show_import (&assistant->pages, error->message);
}

/* Everything may have ended while the dialog stood there; the window is kept for it. */
static void
on_chosen (GtkNativeDialog *chooser, int response, gpointer user_data)
{
  GtkWidget *window = user_data;
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;

  if (file != NULL && g_object_get_data (G_OBJECT (window), DATA) != NULL)
    ocs_textfile_read_async (file, FILE_MAX, NULL, on_file_read, g_object_ref (window));
  g_object_unref (chooser);
}

static void
on_import_clicked (GtkButton *button, gpointer user_data)
{
  Assistant *assistant = user_data;
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_ ("Take over a configuration"), GTK_WINDOW (assistant->window),
                                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_data (chooser, "response", G_CALLBACK (on_chosen), g_object_ref (assistant->window),
                         (GClosureNotify)(void (*) (void))g_object_unref, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
on_sent (gpointer owner, JsonObject *reply, const GError *error)
{
  Assistant *assistant = owner;

  ocs_pages_show_done (&assistant->pages, reply != NULL ? _ ("All is set. The server is being contacted: the icon shows how it goes.")
                                                        : _ ("All is set. The server is contacted by itself later."));
}

static void
show_failure (Assistant *assistant, const GError *error)
{
  const char *form =
      assistant->imported ? _ ("The file was taken over, but not what was changed on the pages.") : _ ("Nothing was changed.");
  g_autofree char *words = ocs_words_sentence (error->message);
  g_autofree char *text = g_strdup_printf ("%s\n\n%s", form, words);

  ocs_pages_show_done (&assistant->pages, text);
}

static gboolean
wants_service (const Assistant *assistant)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (assistant->pages.service));
}

static void
finish (Assistant *assistant)
{
  if (assistant->units == OCS_UNITS_OFF)
    ocs_pages_show_done (&assistant->pages, _ ("All is set. The service is switched off: nothing is done before it is switched on."));
  else if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (assistant->pages.send_now)))
    call (assistant, "SendInventory", NULL, on_sent);
  else
    ocs_pages_show_done (&assistant->pages, _ ("All is set. The server is contacted by itself later."));
}

/* NULL where the window has gone. */
static Assistant *
assistant_of (GtkWidget *window)
{
  return g_object_get_data (G_OBJECT (window), DATA);
}

static void
on_units_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) window = user_data;
  g_autoptr (GError) error = NULL;
  gboolean set = ocs_units_set_finish (result, &error);
  Assistant *assistant = assistant_of (window);

  if (assistant == NULL)
    return;
  if (set) {
    assistant->units = assistant->units == OCS_UNITS_OFF ? OCS_UNITS_ON : OCS_UNITS_OFF;
    finish (assistant);
  } else {
    g_autofree char *words = ocs_words_sentence (error->message);
    g_autofree char *text = g_strdup_printf ("%s\n\n%s", _ ("All is set, but the service could not be switched."), words);

    ocs_pages_show_done (&assistant->pages, text);
  }
}

static void
on_switched_on (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) window = user_data;
  g_autoptr (GError) error = NULL;
  gboolean set = ocs_units_set_finish (result, &error);
  Assistant *assistant = assistant_of (window);

  if (assistant == NULL)
    return;
  if (!set) {
    g_autofree char *words = ocs_words_sentence (error->message);

    ocs_pages_show_off (&assistant->pages, words);
    return;
  }
  assistant->units = OCS_UNITS_ON;
  assistant->retries = RETRIES;
  ocs_pages_show_units (&assistant->pages, assistant->units);
  read_settings (assistant);
}

static void
on_switch_on_clicked (GtkButton *button, gpointer user_data)
{
  Assistant *assistant = user_data;

  ocs_pages_show_reading (&assistant->pages);
  ocs_units_set_async (TRUE, on_switched_on, g_object_ref (assistant->window));
}

/* Before anything is asked of the worker, so that its silence can be explained. */
static void
on_units_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) window = user_data;
  OcsUnitsState units = ocs_units_read_finish (result);
  Assistant *assistant = assistant_of (window);

  if (assistant == NULL)
    return;
  assistant->units = units;
  ocs_pages_show_units (&assistant->pages, units);
  read_settings (assistant);
}

static void
on_configured (gpointer owner, JsonObject *reply, const GError *error)
{
  Assistant *assistant = owner;

  if (reply == NULL)
    show_failure (assistant, error);
  else if (assistant->units != OCS_UNITS_NONE && wants_service (assistant) != (assistant->units == OCS_UNITS_ON))
    ocs_units_set_async (wants_service (assistant), on_units_set, g_object_ref (assistant->window));
  else
    finish (assistant);
}

static void
on_prepare (GtkAssistant *window, GtkWidget *page, gpointer user_data)
{
  Assistant *assistant = user_data;

  if (page != assistant->pages.confirm)
    return;
  ocs_pages_show_summary (&assistant->pages, assistant->draft, assistant->units);
  gtk_assistant_set_page_complete (window, page, TRUE);
}

static void
configure (Assistant *assistant)
{
  JsonObject *parameters = json_object_new ();

  json_object_set_array_member (parameters, "values", ocs_draft_assignments (assistant->draft));
  json_object_set_boolean_member (parameters, "check", FALSE);
  call (assistant, "Configure", parameters, on_configured);
}

/* What the file says and no page shows stays; what was changed since on the pages goes over it. */
static void
on_import_made (gpointer owner, JsonObject *reply, const GError *error)
{
  Assistant *assistant = owner;

  if (reply == NULL) {
    show_failure (assistant, error);
    return;
  }
  assistant->imported = TRUE;
  configure (assistant);
}

static void
on_apply (GtkAssistant *window, gpointer user_data)
{
  Assistant *assistant = user_data;

  ocs_pages_show_working (&assistant->pages);
  if (assistant->import == NULL) {
    configure (assistant);
    return;
  }
  json_object_set_boolean_member (assistant->import, "check", FALSE);
  call (assistant, "Import", g_steal_pointer (&assistant->import), on_import_made);
}

static void
on_close (GtkAssistant *window, gpointer user_data)
{
  gtk_widget_destroy (GTK_WIDGET (window));
}

/* With what a file that is to be taken over sets besides. */
static JsonObject *
draft_parameters (gpointer user_data)
{
  const Assistant *assistant = user_data;
  JsonObject *parameters = json_object_new ();

  json_object_set_array_member (parameters, "values", ocs_draft_assignments (assistant->draft));
  if (assistant->import != NULL) {
    json_object_set_string_member (parameters, "text", ocs_json_string (assistant->import, "text"));
    json_object_set_string_member (parameters, "kind", ocs_json_string (assistant->import, "kind"));
  }
  return parameters;
}

static GtkWidget *
trial_new (Assistant *assistant)
{
  return ocs_trial_new (assistant->model, _ ("_Test"), _ ("Tries the way to the server with what stands on these pages. Nothing is saved."),
                        draft_parameters, assistant);
}

GtkWidget *
ocs_assistant_new (GtkApplication *application, OcsModel *model)
{
  Assistant *assistant = g_new0 (Assistant, 1);
  GtkWidget *window = gtk_assistant_new ();

  assistant->window = GTK_ASSISTANT (window);
  assistant->model = model;
  assistant->draft = ocs_draft_new ();
  assistant->form = ocs_form_new (assistant->draft, check_pages, assistant);
  assistant->pages.server_trial = trial_new (assistant);
  assistant->pages.proxy_trial = trial_new (assistant);
  ocs_pages_add (&assistant->pages, assistant->window, assistant->form);
  ocs_form_refresh (assistant->form);
  check_pages (assistant);
  g_object_set_data_full (G_OBJECT (window), DATA, assistant, assistant_free);
  gtk_window_set_application (GTK_WINDOW (window), application);
  gtk_window_set_title (GTK_WINDOW (window), _ ("Set up OCS Companion"));
  gtk_window_set_default_size (GTK_WINDOW (window), 680, 480);
  g_signal_connect (window, "prepare", G_CALLBACK (on_prepare), assistant);
  g_signal_connect (window, "apply", G_CALLBACK (on_apply), assistant);
  g_signal_connect (window, "close", G_CALLBACK (on_close), NULL);
  g_signal_connect (window, "cancel", G_CALLBACK (on_close), NULL);
  g_signal_connect (window, "destroy", G_CALLBACK (on_window_destroy), NULL);
  g_signal_connect (assistant->pages.import_button, "clicked", G_CALLBACK (on_import_clicked), assistant);
  g_signal_connect (assistant->pages.switch_on, "clicked", G_CALLBACK (on_switch_on_clicked), assistant);
  ocs_units_read_async (on_units_read, g_object_ref (window));
  return window;
}
