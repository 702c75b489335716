/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-pages"
#include "tray/assistant/pages.h"

#include "ipc/error.h"
#include "ipc/status.h"
#include "tray/view/words.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>

#define WIDTH 60 /* characters */

static GtkWidget *
text_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), WIDTH);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE);
  return label;
}

static GtkWidget *
box_new (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_container_set_border_width (GTK_CONTAINER (box), 18);
  return box;
}

/* A stack of "wait", with a word and a spinner, and other children. */
static GtkWidget *
stack_new (const char *wait)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_container_add (GTK_CONTAINER (box), spinner);
  gtk_container_add (GTK_CONTAINER (box), text_new (wait));
  gtk_widget_set_valign (box, GTK_ALIGN_START);
  gtk_stack_add_named (GTK_STACK (stack), box, "wait");
  gtk_stack_set_homogeneous (GTK_STACK (stack), FALSE);
  return stack;
}

static void
add_welcome (OcsPages *pages)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE);
  GtkWidget *refusal = gtk_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE);

  pages->welcome = box_new ();
  pages->welcome_stack = stack_new (_ ("Reading what is set…"));
  pages->welcome_refusal = text_new (NULL);
  pages->switch_on = gtk_button_new_with_mnemonic (_ ("S_witch the service on"));
  gtk_widget_set_halign (pages->switch_on, GTK_ALIGN_START);
  gtk_widget_set_no_show_all (pages->switch_on, TRUE);
  gtk_container_add (GTK_CONTAINER (refusal), pages->welcome_refusal);
  gtk_container_add (GTK_CONTAINER (refusal), pages->switch_on);
  pages->import_button = gtk_button_new_with_mnemonic (_ ("_Take over from a file…"));
  pages->import_text = text_new (NULL);
  gtk_widget_set_halign (pages->import_button, GTK_ALIGN_START);
  gtk_container_add (GTK_CONTAINER (box),
                     text_new (_ ("These pages tell this machine which OCS Inventory server it belongs to and how it gets there. "
                                  "Nothing is changed before the last page.")));
  gtk_container_add (GTK_CONTAINER (box),
                     text_new (_ ("An ocsinventory.ini of a Windows machine, or the configuration of the older agent, can be "
                                  "taken over.")));
  gtk_container_add (GTK_CONTAINER (box), pages->import_button);
  gtk_container_add (GTK_CONTAINER (box), pages->import_text);
  gtk_stack_add_named (GTK_STACK (pages->welcome_stack), box, "welcome");
  gtk_stack_add_named (GTK_STACK (pages->welcome_stack), refusal, "refusal");
  gtk_container_add (GTK_CONTAINER (pages->welcome), pages->welcome_stack);
}

/* A page that scrolls: the steps of a trial may be many. */
static GtkWidget *
page_new (GtkWidget *fields, GtkWidget *trial, const char *name)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_WIDE);

  gtk_container_add (GTK_CONTAINER (box), fields);
  gtk_container_add (GTK_CONTAINER (box), trial);
  gtk_widget_set_no_show_all (trial, TRUE); /* what is not to be seen yet stays so */
  return ocs_page_scroller_new (box, name);
}

static void
add_server (OcsPages *pages, OcsForm *form)
{
  GtkWidget *fields = ocs_grid_new ();

  ocs_form_add_text (form, fields, OCS_DRAFT_SERVER, _ ("_Address"), "https://ocs.example.org/ocsinventory");
  ocs_form_add_flag (form, fields, OCS_DRAFT_VERIFY, _ ("_Check the certificate of the server"));
  ocs_form_add_text (form, fields, OCS_DRAFT_CA_BUNDLE, _ ("Ce_rtificates"), "cacert.pem");
  ocs_form_add_text (form, fields, OCS_DRAFT_SERVER_USER, _ ("_User"), _ ("where the server wants a login"));
  ocs_form_add_secret (form, fields, OCS_DRAFT_SERVER_PASSWORD, _ ("_Password"));
  pages->server = page_new (fields, pages->server_trial, _ ("Server"));
}

static void
add_proxy (OcsPages *pages, OcsForm *form)
{
  /* In the order of ProxyType=. */
  const char *const kinds[] = {
      _ ("No proxy"), "HTTP", "SOCKS 4", "SOCKS 5", _ ("HTTP over TLS"), "SOCKS 4a", _ ("SOCKS 5, names here"), NULL};
  GtkWidget *fields = ocs_grid_new ();

  ocs_form_add_choice (form, fields, OCS_DRAFT_PROXY_KIND, _ ("_Kind"), kinds);
  ocs_form_add_text (form, fields, OCS_DRAFT_PROXY_HOST, _ ("_Name or address"), "cache.example.org");
  ocs_form_add_text (form, fields, OCS_DRAFT_PROXY_PORT, _ ("P_ort"), "3128");
  ocs_form_add_text (form, fields, OCS_DRAFT_PROXY_USER, _ ("_User"), _ ("where the proxy wants a login"));
  ocs_form_add_secret (form, fields, OCS_DRAFT_PROXY_PASSWORD, _ ("_Password"));
  pages->proxy = page_new (fields, pages->proxy_trial, _ ("Proxy"));
}

static void
add_machine (OcsPages *pages, OcsForm *form)
{
  pages->machine = ocs_form_page_new ();
  ocs_form_add_text (form, pages->machine, OCS_DRAFT_TAG, _ ("_Tag of this machine"), _ ("as branch-17; may stay empty"));
  ocs_form_add_flag (form, pages->machine, OCS_DRAFT_NO_TAG, _ ("Ne_ver ask people for the tag"));
  ocs_form_add_flag (form, pages->machine, OCS_DRAFT_NO_SOFTWARE, _ ("Leave the _software out of the inventory"));
  ocs_form_add_flag (form, pages->machine, OCS_DRAFT_DEBUG, _ ("Say _more in the log"));
  ocs_form_add_flag (form, pages->machine, OCS_DRAFT_SHOW_TRAY, _ ("Show the _icon to people"));
  pages->service = gtk_check_button_new_with_mnemonic (_ ("_Run the service, also after each start of the machine"));
  pages->service_words = text_new (NULL);
  gtk_label_set_line_wrap (GTK_LABEL (gtk_bin_get_child (GTK_BIN (pages->service))), TRUE);
  gtk_style_context_add_class (gtk_widget_get_style_context (pages->service_words), GTK_STYLE_CLASS_DIM_LABEL);
  ocs_form_add_widget (pages->machine, pages->service);
  ocs_form_add_widget (pages->machine, pages->service_words);
  ocs_pages_show_units (pages, OCS_UNITS_NONE);
}

static void
add_confirm (OcsPages *pages)
{
  pages->confirm = box_new ();
  pages->confirm_text = text_new (NULL);
  pages->send_now = gtk_check_button_new_with_mnemonic (_ ("_Contact the server at once and send the inventory"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (pages->send_now), TRUE);
  gtk_label_set_line_wrap (GTK_LABEL (gtk_bin_get_child (GTK_BIN (pages->send_now))), TRUE);
  gtk_container_add (GTK_CONTAINER (pages->confirm), pages->confirm_text);
  gtk_container_add (GTK_CONTAINER (pages->confirm), pages->send_now);
}

static void
add_done (OcsPages *pages)
{
  pages->done = box_new ();
  pages->done_stack = stack_new (_ ("Applying…"));
  pages->done_text = text_new (NULL);
  gtk_stack_add_named (GTK_STACK (pages->done_stack), pages->done_text, "done");
  gtk_container_add (GTK_CONTAINER (pages->done), pages->done_stack);
}

static void
append (GtkAssistant *assistant, GtkWidget *page, GtkAssistantPageType type, const char *title, gboolean complete)
{
  gtk_assistant_append_page (assistant, page);
  gtk_assistant_set_page_type (assistant, page, type);
  gtk_assistant_set_page_title (assistant, page, title);
  gtk_assistant_set_page_complete (assistant, page, complete);
  gtk_widget_show_all (page);
}

void
ocs_pages_add (OcsPages *pages, GtkAssistant *assistant, OcsForm *form)
{
  add_welcome (pages);
  add_server (pages, form);
  add_proxy (pages, form);
  add_machine (pages, form);
  add_confirm (pages);
  add_done (pages);
  append (assistant, pages->welcome, GTK_ASSISTANT_PAGE_INTRO, _ ("Set up"), FALSE);
  append (assistant, pages->server, GTK_ASSISTANT_PAGE_CONTENT, _ ("Server"), FALSE);
  append (assistant, pages->proxy, GTK_ASSISTANT_PAGE_CONTENT, _ ("Proxy"), TRUE);
  append (assistant, pages->machine, GTK_ASSISTANT_PAGE_CONTENT, _ ("This machine"), TRUE);
  /* Incomplete until it is seen, or GTK offers to jump over what nobody has looked at yet. */
  append (assistant, pages->confirm, GTK_ASSISTANT_PAGE_CONFIRM, _ ("Apply"), FALSE);
  append (assistant, pages->done, GTK_ASSISTANT_PAGE_SUMMARY, _ ("Done"), TRUE);
}

void
ocs_pages_show_welcome (OcsPages *pages)
{
  gtk_stack_set_visible_child_name (GTK_STACK (pages->welcome_stack), "welcome");
}

void
ocs_pages_show_refusal (OcsPages *pages, const GError *error)
{
  g_autoptr (OcsReason) reason = ocs_reason_new_from_error (error);
  g_autofree char *happened = ocs_words_reason (reason);
  g_autofree char *text =
      g_error_matches (error, OCS_ERROR, OCS_ERROR_DENIED)
          ? g_strdup (_ ("Your administrator has not finished setting up this machine. Only administrators can do it: ask yours."))
          : g_strdup (happened != NULL ? happened : error->message);

  gtk_label_set_text (GTK_LABEL (pages->welcome_refusal), text);
  gtk_stack_set_visible_child_name (GTK_STACK (pages->welcome_stack), "refusal");
}

void
ocs_pages_show_off (OcsPages *pages, const char *words)
{
  gtk_label_set_text (GTK_LABEL (pages->welcome_refusal),
                      words != NULL ? words : _ ("The service is switched off: nothing can be read or set before it runs."));
  gtk_widget_set_visible (pages->switch_on, TRUE);
  gtk_stack_set_visible_child_name (GTK_STACK (pages->welcome_stack), "refusal");
}

void
ocs_pages_show_reading (OcsPages *pages)
{
  gtk_stack_set_visible_child_name (GTK_STACK (pages->welcome_stack), "wait");
}

void
ocs_pages_show_units (OcsPages *pages, OcsUnitsState units)
{
  gboolean known = units != OCS_UNITS_NONE;

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (pages->service), units != OCS_UNITS_OFF);
  gtk_widget_set_sensitive (pages->service, known);
  gtk_label_set_text (GTK_LABEL (pages->service_words),
                      known ? "" : _ ("This machine is not run by systemd, so the service cannot be switched from here."));
  gtk_widget_set_no_show_all (pages->service_words, TRUE);
  gtk_widget_set_visible (pages->service_words, !known);
}

void
ocs_pages_show_import (OcsPages *pages, const char *text)
{
  gtk_label_set_text (GTK_LABEL (pages->import_text), text);
}

static void
add_line (GString *text, const char *line)
{
  g_string_append_printf (text, "%s• %s", text->len > 0 ? "\n" : "", line);
}

static char *
describe_proxy (const OcsDraft *draft)
{
  if (!ocs_draft_is_on (draft, OCS_DRAFT_PROXY_KIND))
    return g_strdup (_ ("The server is reached without a proxy."));
  return g_strdup_printf (_ ("The server is reached through %s, port %s."), ocs_draft_get (draft, OCS_DRAFT_PROXY_HOST),
                          ocs_draft_get (draft, OCS_DRAFT_PROXY_PORT));
}

static void
add_service (GString *text, const OcsPages *pages, OcsUnitsState units)
{
  gboolean on = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (pages->service));

  if (units != OCS_UNITS_NONE && !on)
    add_line (text, _ ("The service is switched off: no inventory is sent, and no package comes."));
  else if (units == OCS_UNITS_OFF)
    add_line (text, _ ("The service is switched on."));
  gtk_widget_set_sensitive (pages->send_now, on);
}

void
ocs_pages_show_summary (OcsPages *pages, const OcsDraft *draft, OcsUnitsState units)
{
  const char *tag = ocs_draft_get (draft, OCS_DRAFT_TAG);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *server = g_strdup_printf (_ ("This machine belongs to %s."), ocs_draft_get (draft, OCS_DRAFT_SERVER));
  g_autofree char *proxy = describe_proxy (draft);
  g_autofree char *tagged = g_strdup_printf (_ ("Its tag is %s."), tag);

  add_line (text, server);
  if (!ocs_draft_is_on (draft, OCS_DRAFT_VERIFY))
    add_line (text, _ ("The server's certificate is not checked: nothing is installed, and anybody on the way can listen."));
  add_line (text, proxy);
  if (*tag != '\0')
    add_line (text, tagged);
  if (ocs_draft_is_on (draft, OCS_DRAFT_NO_SOFTWARE))
    add_line (text, _ ("The software is left out of the inventory."));
  if (!ocs_draft_is_on (draft, OCS_DRAFT_SHOW_TRAY))
    add_line (text, _ ("People do not see the icon."));
  add_service (text, pages, units);
  gtk_label_set_text (GTK_LABEL (pages->confirm_text), text->str);
}

void
ocs_pages_show_working (OcsPages *pages)
{
  gtk_stack_set_visible_child_name (GTK_STACK (pages->done_stack), "wait");
}

void
ocs_pages_show_done (OcsPages *pages, const char *text)
{
  gtk_label_set_text (GTK_LABEL (pages->done_text), text);
  gtk_stack_set_visible_child_name (GTK_STACK (pages->done_stack), "done");
}
