/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The methods of the socket that are an administrator's: settings, and dropping a package. Who calls has been found to be one, but for
 * ocs_admin_get_settings(). */
#pragma once
#include "ipc/call.h"
#include "worker/agent.h"
#include "worker/core/rights.h"

/* Where these handlers work; user_data of each. */
typedef struct {
  OcsSite *site; /* borrowed: outlives the service, as agent */
  OcsAgent *agent;
} OcsAdmin;

/* Answers with what this class may see of them. */
void ocs_admin_get_settings (OcsCall *call, OcsRightsClass rights, const OcsAdmin *admin);
void ocs_admin_configure (OcsCall *call, JsonObject *parameters, gpointer user_data);
void ocs_admin_import (OcsCall *call, JsonObject *parameters, gpointer user_data);
/* What the values of Configure and the text of Import, in parameters, would make of the setup, the values last; transfer full. Both
 * nullable. */
OcsSetup *ocs_admin_draft (OcsAdmin *admin, JsonObject *parameters, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_admin_drop_package (OcsCall *call, JsonObject *parameters, gpointer user_data);
