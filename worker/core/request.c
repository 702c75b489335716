/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/request.h"
#include "worker/core/xml.h"

char *
ocs_request_prolog (const char *deviceid)
{
  GString *out = g_string_new (OCS_XML_DECLARATION);

  ocs_xml_open (out, 0, "REQUEST");
  ocs_xml_append_element (out, 1, "DEVICEID", deviceid);
  ocs_xml_append_element (out, 1, "QUERY", "PROLOG");
  ocs_xml_close (out, 0, "REQUEST");
  return g_string_free (out, FALSE);
}

static void
append_attribute (GString *out, const char *name, const char *value)
{
  g_string_append_printf (out, " %s=\"", name);
  ocs_xml_append_text (out, value);
  g_string_append_c (out, '"');
}

char *
ocs_request_result (const char *deviceid, const char *package_id, const char *code)
{
  GString *out = g_string_new (OCS_XML_DECLARATION "<REQUEST");

  append_attribute (out, "DEVICEID", deviceid);
  append_attribute (out, "ERR", code);
  append_attribute (out, "ID", package_id);
  append_attribute (out, "QUERY", "DOWNLOAD");
  g_string_append (out, " />\n");
  return g_string_free (out, FALSE);
}
