/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the assistant: what stands on them. */
#pragma once
#include "tray/assistant/form.h"
#include "tray/assistant/units.h"

typedef struct {
  GtkWidget *welcome, *welcome_stack, *welcome_refusal, *switch_on, *import_button, *import_text;
  GtkWidget *server, *server_trial, *proxy, *proxy_trial, *machine;
  GtkWidget *service, *service_words; /* words: what cannot be chosen here, and why */
  GtkWidget *confirm, *confirm_text, *send_now;
  GtkWidget *done, *done_stack, *done_text;
} OcsPages;

/* Fills pages and adds them to the assistant, to which all of them belong. server_trial, proxy_trial: to be set before; floating, they
 * stand below the fields. */
void ocs_pages_add (OcsPages *pages, GtkAssistant *assistant, OcsForm *form);

void ocs_pages_show_welcome (OcsPages *pages);
/* Somebody who may not set this up; error: borrowed. */
void ocs_pages_show_refusal (OcsPages *pages, const GError *error);
/* The same page while the service is switched off, which is why nobody answers; words: nullable, why it could not be switched on. */
void ocs_pages_show_off (OcsPages *pages, const char *words);
/* While nothing is known yet. */
void ocs_pages_show_reading (OcsPages *pages);
/* Whether the service is on, or cannot be switched from here. */
void ocs_pages_show_units (OcsPages *pages, OcsUnitsState units);
/* text: what came of an import. */
void ocs_pages_show_import (OcsPages *pages, const char *text);
/* What the draft amounts to. units: as it is now. */
void ocs_pages_show_summary (OcsPages *pages, const OcsDraft *draft, OcsUnitsState units);
void ocs_pages_show_working (OcsPages *pages);
/* text: how it ended. */
void ocs_pages_show_done (OcsPages *pages, const char *text);
