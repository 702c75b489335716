/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The methods of org.ocscompanion.Courier, each in a file of its own. user_data is the OcsErrands. */
#pragma once
#include "ipc/server.h"

void ocs_attest_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
/* The same method in either role: control asks with the login of the server, bulk without. */
void ocs_diagnose_server_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
void ocs_diagnose_object_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
void ocs_exchange_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
void ocs_confined_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
void ocs_describe_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
void ocs_label_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
void ocs_probe_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
void ocs_scan_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
void ocs_findproxy_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
void ocs_fetch_call (OcsCall *call, JsonObject *parameters, gpointer user_data);
