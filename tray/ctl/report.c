/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl report: what a help desk asks for, in one archive. It holds what its caller may see, without logins and names of people; what the
 * caller may not see is named. */
#define G_LOG_DOMAIN "ocs-report"
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/names.h"
#include "tray/ctl/bundle.h"
#include "tray/ctl/command.h"
#include "tray/view/redact.h"
#include <glib/gi18n-lib.h>
#include <sys/utsname.h>

#define LOG_LINES 1000

/* streams: each reply is a line of its file. */
static const struct {
  const char *file;
  const char *method;
  gboolean streams;
} parts[] = {
    {"status.json", "GetStatus", FALSE}, {"packages.json", "ListPackages", FALSE},
    {"proxy.json", "GetProxy", FALSE},   {"contacts.json", "GetHistory", FALSE},
    {"log.jsonl", "GetLog", TRUE},
};

static JsonObject *
parameters_of (const char *method)
{
  JsonObject *parameters = json_object_new ();

  if (g_str_equal (method, "GetLog"))
    json_object_set_int_member (parameters, "lines", LOG_LINES);
  return parameters;
}

static char *
read_stream (OcsCtl *ctl, const char *method, GError **error)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (OcsWire) wire = ocs_ctl_stream (ctl, method, parameters_of (method), OCS_CTL_TIMEOUT, error);
  gboolean continues = wire != NULL;

  while (continues) {
    g_autoptr (JsonObject) reply = ocs_wire_receive (wire, &continues, error);
    g_autofree char *line = reply != NULL ? ocs_json_write (reply) : NULL;

    if (line == NULL)
      return NULL;
    if (json_object_get_size (reply) > 0)
      g_string_append_printf (lines, "%s\n", line);
  }
  return wire != NULL ? g_strdup (lines->str) : NULL;
}

static char *
read_part (OcsCtl *ctl, guint part, GError **error)
{
  g_autoptr (JsonObject) reply = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (parts[part].streams)
    return read_stream (ctl, parts[part].method, error);
  reply = ocs_ctl_call (ctl, parts[part].method, parameters_of (parts[part].method), error);
  if (reply == NULL)
    return NULL;
  node = json_node_alloc ();
  json_node_init_object (node, reply);
  return json_to_string (node, TRUE);
}

/* Where the programs run; what the machine holds is the inventory's business. */
static char *
describe_system (void)
{
  g_autofree char *release = NULL;
  struct utsname system = {0};

  if (!g_file_get_contents ("/etc/os-release", &release, NULL, NULL))
    release = g_strdup ("");
  uname (&system);
  return g_strdup_printf ("ocsctl %s\n%s %s %s\n\n%s", OCS_VERSION, system.sysname, system.release, system.machine, release);
}

static gboolean
add_redacted (OcsBundle *bundle, const char *file, const char *text, GError **error)
{
  g_autofree char *clean = ocs_redact (text);

  return ocs_bundle_add (bundle, file, clean, error);
}

/* A part that is denied, or that an older worker does not have, is missing with its reason; a worker that is gone leaves the rest. */
static gboolean
add_parts (OcsCtl *ctl, OcsBundle *bundle, GError **error)
{
  g_autoptr (GString) missing = g_string_new (NULL);
  g_autofree char *system = describe_system ();

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autoptr (GError) why = NULL;
    g_autofree char *text = read_part (ctl, i, &why);

    if (text == NULL)
      g_string_append_printf (missing, "%s: %s\n", parts[i].file, why->message);
    else if (!add_redacted (bundle, parts[i].file, text, error))
      return FALSE;
  }
  return add_redacted (bundle, "system.txt", system, error)
         && (missing->len == 0 || add_redacted (bundle, "missing.txt", missing->str, error));
}

gboolean
ocs_command_report (OcsCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now (ctl->zone);
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%d-%H-%M-%S");
  g_autofree char *folder = g_strdup_printf ("ocs-report-%s-%s", g_get_host_name (), stamp);
  g_autofree char *path = arguments[0] != NULL ? g_strdup (arguments[0]) : g_strconcat (folder, ".tar.gz", NULL);
  g_autoptr (OcsBundle) bundle = ocs_bundle_new (path, folder, error);

  if (bundle == NULL || !add_parts (ctl, bundle, error) || !ocs_bundle_finish (bundle, error))
    return FALSE;
  if (ctl->json) {
    g_autoptr (JsonObject) reply = json_object_new ();

    json_object_set_string_member (reply, "file", path);
    ocs_ctl_print_json (reply);
  } else {
    g_autofree char *line = g_strdup_printf (_ ("%s is written. Look through it before you send it to anybody.\n"), path);

    ocs_ctl_print (line);
  }
  return TRUE;
}
