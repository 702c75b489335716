/* SPDX-License-Identifier: GPL-3.0-or-later */
/* org.varlink.service, which every Varlink service answers (varlink.org/Service), and the envelope of a reply. Pure. */
#pragma once
#include "ipc/call.h"

#define OCS_SERVICE_INTERFACE "org.varlink.service"

/* The whole reply, transfer full: {"parameters": …} or {"error": …, "parameters": {member: value}}. */
JsonObject *ocs_service_reply (JsonObject *parameters);
/* name: qualified; member: nullable. */
JsonObject *ocs_service_error (const char *name, const char *member, const char *value);
/* An error of org.varlink.service. */
JsonObject *ocs_service_refuse (const char *name, const char *member, const char *value);
/* method: unqualified, of org.varlink.service. */
JsonObject *ocs_service_answer (const OcsServerConfig *config, const char *method, JsonObject *parameters);
/* Why there is no such method: it is declared and not served here, or it is unknown. method: qualified; name: its last part. */
JsonObject *ocs_service_no_method (const OcsServerConfig *config, const char *method, const char *name);
