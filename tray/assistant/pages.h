/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the assistant: what stands on them. */
#pragma once
#include "tray/assistant/form.h"

typedef struct {
  GtkWidget *welcome, *welcome_stack, *welcome_refusal, *import_button, *import_text;
  GtkWidget *server, *server_trial, *proxy, *proxy_trial, *machine;
  GtkWidget *confirm, *confirm_text, *send_now;
  GtkWidget *done, *done_stack, *done_text;
} OcsPages;

/* Fills pages and adds them to the assistant, to which all of them belong. server_trial, proxy_trial: to be set before; floating, they
 * stand below the fields. */
void ocs_pages_add (OcsPages *pages, GtkAssistant *assistant, OcsForm *form);

void ocs_pages_show_welcome (OcsPages *pages);
/* Somebody who may not set this up; error: borrowed. */
void ocs_pages_show_refusal (OcsPages *pages, const GError *error);
/* text: what came of an import. */
void ocs_pages_show_import (OcsPages *pages, const char *text);
/* What the draft amounts to. */
void ocs_pages_show_summary (OcsPages *pages, const OcsDraft *draft);
void ocs_pages_show_working (OcsPages *pages);
/* text: how it ended. */
void ocs_pages_show_done (OcsPages *pages, const char *text);
