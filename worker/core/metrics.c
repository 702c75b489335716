/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/metrics.h"

#define PREFIX "ocs_companion_"

static void
head (GString *text, const char *name, const char *type, const char *help)
{
  g_string_append_printf (text, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name, type);
}

static void
one (GString *text, const char *name, const char *type, const char *help, gint64 value)
{
  head (text, name, type, help);
  g_string_append_printf (text, PREFIX "%s %" G_GINT64_FORMAT "\n", name, value);
}

/* A label's value: of our own names only, but the version may one day hold anything. */
static void
labelled (GString *text, const char *name, const char *label, const char *value, gint64 number)
{
  g_autofree char *escaped = g_strescape (value, NULL);

  g_string_append_printf (text, PREFIX "%s{%s=\"%s\"} %" G_GINT64_FORMAT "\n", name, label, escaped, number);
}

static void
add_state (GString *text, const OcsStatus *status)
{
  head (text, "state", "gauge", "1 for the state that the worker is in.");
  for (guint state = 0; state < OCS_STATE_NOT_RUNNING; state++)
    labelled (text, "state", "state", ocs_state_name ((OcsState)state), status->state == state);
  head (text, "problem", "gauge", "1 where there is a reason for the state, by its code.");
  if (status->reason != NULL)
    labelled (text, "problem", "code", status->reason->code, 1);
}

static void
add_packages (GString *text, const OcsStatus *status)
{
  guint steps[OCS_STEP_N] = {0};
  guint failed = 0;

  for (guint i = 0; i < status->packages->len; i++) {
    const OcsPackageStatus *package = status->packages->pdata[i];

    steps[package->step]++;
    failed += package->result != NULL && !g_str_has_prefix (package->result, "SUCCESS");
  }
  head (text, "packages", "gauge", "Packages that the worker knows of, by their step.");
  for (guint step = 0; step < OCS_STEP_N; step++)
    labelled (text, "packages", "step", ocs_step_name ((OcsStep)step), steps[step]);
  one (text, "packages_failed", "gauge", "Packages whose result is not a success.", failed);
}

char *
ocs_metrics_format (const OcsStatus *status, const OcsTally *tally)
{
  GString *text = g_string_new (NULL);

  head (text, "info", "gauge", "1, with the version of the worker.");
  labelled (text, "info", "version", status->version, 1);
  add_state (text, status);
  one (text, "insecure", "gauge", "1 where the server's certificate is not checked.", status->insecure);
  one (text, "warnings", "gauge", "What is wrong in the configuration, number of lines.", g_strv_length (status->warnings));
  one (text, "start_time_seconds", "gauge", "When the worker started.", status->started);
  one (text, "contacts_total", "counter", "Contacts with the server, also those that failed.", tally->contacts);
  one (text, "contact_failures_total", "counter", "Contacts with the server that failed.", tally->failures);
  one (text, "inventories_total", "counter", "Inventories that the server took.", tally->inventories);
  one (text, "last_contact_timestamp_seconds", "gauge", "The last try to contact the server, 0 for never.", status->last_contact);
  one (text, "last_success_timestamp_seconds", "gauge", "The last contact that worked, 0 for never.", status->last_success);
  one (text, "last_inventory_timestamp_seconds", "gauge", "The last inventory that the server took, 0 for never.", status->last_inventory);
  one (text, "next_contact_timestamp_seconds", "gauge", "When the server is contacted next.", status->next_contact);
  head (text, "package_bytes_total", "counter", "Bytes of packages, by where they came from.");
  labelled (text, "package_bytes_total", "source", "cache", status->proxy.from_cache);
  labelled (text, "package_bytes_total", "source", "wan", status->proxy.from_wan);
  add_packages (text, status);
  return g_string_free (text, FALSE);
}
