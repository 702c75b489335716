/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-service"
#include "ipc/service.h"
#include "ipc/json.h"
#include <string.h>

static const char service_description[] =
    "# What every Varlink service answers.\n"
    "interface org.varlink.service\n\n"
    "method GetInfo() -> (vendor: string, product: string, version: string, url: string, interfaces: []string)\n"
    "method GetInterfaceDescription(interface: string) -> (description: string)\n\n"
    "error InterfaceNotFound (interface: string)\n"
    "error MethodNotFound (method: string)\n"
    "error MethodNotImplemented (method: string)\n"
    "error InvalidParameter (parameter: string)\n"
    "error PermissionDenied ()\n"
    "error ExpectedMore ()\n";

JsonObject *
ocs_service_reply (JsonObject *parameters)
{
  JsonObject *reply = json_object_new ();

  json_object_set_object_member (reply, "parameters", parameters != NULL ? parameters : json_object_new ());
  return reply;
}

JsonObject *
ocs_service_error (const char *name, const char *member, const char *value)
{
  JsonObject *reply = json_object_new ();
  JsonObject *parameters = json_object_new ();

  if (member != NULL)
    ocs_json_set_string (parameters, member, value);
  json_object_set_string_member (reply, "error", name);
  json_object_set_object_member (reply, "parameters", parameters);
  return reply;
}

JsonObject *
ocs_service_refuse (const char *name, const char *member, const char *value)
{
  g_autofree char *qualified = g_strconcat (OCS_SERVICE_INTERFACE ".", name, NULL);

  return ocs_service_error (qualified, member, value);
}

static JsonObject *
info (const OcsServerConfig *config)
{
  JsonObject *parameters = json_object_new ();
  JsonArray *interfaces = json_array_new ();

  json_array_add_string_element (interfaces, OCS_SERVICE_INTERFACE);
  json_array_add_string_element (interfaces, config->interface);
  json_object_set_string_member (parameters, "vendor", "OCS Companion");
  json_object_set_string_member (parameters, "product", "OCS Companion");
  json_object_set_string_member (parameters, "version", OCS_VERSION);
  json_object_set_string_member (parameters, "url", "");
  json_object_set_array_member (parameters, "interfaces", interfaces);
  return ocs_service_reply (parameters);
}

static JsonObject *
description (const OcsServerConfig *config, const char *interface)
{
  JsonObject *parameters;

  if (interface == NULL)
    return ocs_service_refuse ("InvalidParameter", "parameter", "interface");
  if (strcmp (interface, OCS_SERVICE_INTERFACE) != 0 && strcmp (interface, config->interface) != 0)
    return ocs_service_refuse ("InterfaceNotFound", "interface", interface);
  parameters = json_object_new ();
  json_object_set_string_member (parameters, "description",
                                 strcmp (interface, config->interface) == 0 ? config->description : service_description);
  return ocs_service_reply (parameters);
}

JsonObject *
ocs_service_answer (const OcsServerConfig *config, const char *method, JsonObject *parameters)
{
  g_autofree char *qualified = NULL;

  if (strcmp (method, "GetInfo") == 0)
    return info (config);
  if (strcmp (method, "GetInterfaceDescription") == 0)
    return description (config, ocs_json_string (parameters, "interface"));
  qualified = g_strconcat (OCS_SERVICE_INTERFACE ".", method, NULL);
  return ocs_service_refuse ("MethodNotFound", "method", qualified);
}

JsonObject *
ocs_service_no_method (const OcsServerConfig *config, const char *method, const char *name)
{
  g_autofree char *declaration = g_strconcat ("\nmethod ", name, "(", NULL);
  gboolean declared = strstr (config->description, declaration) != NULL;

  return ocs_service_refuse (declared ? "MethodNotImplemented" : "MethodNotFound", "method", method);
}
