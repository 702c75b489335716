/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Not translated: whoever helps may speak another language than whom he helps, and compares it with the log. */
#define G_LOG_DOMAIN "ocs-report"
#include "tray/view/report.h"

#define CONTACTS_MAX 20
#define PACKAGES_MAX 100

static void
add_time (GString *text, const char *name, gint64 time)
{
  g_autoptr (GDateTime) utc = time > 0 ? g_date_time_new_from_unix_utc (time) : NULL;
  g_autofree char *words = utc ? g_date_time_format_iso8601 (utc) : g_strdup ("never");
  g_string_append_printf (text, "%s: %s\n", name, words);
}

static const char *
code_of (const OcsReason *reason)
{
  return reason && reason->code ? reason->code : "none";
}

static void
add_contacts (GString *text, const GPtrArray *contacts)
{
  guint first = contacts->len > CONTACTS_MAX ? contacts->len - CONTACTS_MAX : 0;
  for (guint i = first; i < contacts->len; i++) {
    const OcsOutcome *outcome = contacts->pdata[i];
    g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (outcome->time);
    g_autofree char *when = utc ? g_date_time_format_iso8601 (utc) : g_strdup ("?");
    g_string_append_printf (text, "contact %s: %s%s%s\n", when, ocs_outcome_kind_name (outcome->kind), outcome->reason ? ", " : "",
                            outcome->reason ? code_of (outcome->reason) : "");
  }
}

static void
add_packages (GString *text, const GPtrArray *packages)
{
  for (guint i = 0; i < MIN (packages->len, PACKAGES_MAX); i++) {
    const OcsPackageStatus *package = packages->pdata[i];
    g_string_append_printf (text,
                            "package %s: %s, result %s, reason %s, parts %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT ", cache %" G_GINT64_FORMAT
                            ", wan %" G_GINT64_FORMAT "\n",
                            package->id, ocs_step_name (package->step), package->result ? package->result : "none",
                            code_of (package->reason), package->fragments_done, package->fragments_total, package->from_cache,
                            package->from_wan);
  }
  if (packages->len > PACKAGES_MAX)
    g_string_append_printf (text, "and %u packages more\n", packages->len - PACKAGES_MAX);
}

char *
ocs_report_build (const OcsStatus *status, const GPtrArray *contacts, const char *version, gint64 now)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "OCS Companion: tray %s, worker %s\n", version, status->version ? status->version : "?");
  g_string_append_printf (text, "machine: %s\n", status->deviceid ? status->deviceid : "?");
  if (status->tag && *status->tag)
    g_string_append_printf (text, "tag: %s\n", status->tag);
  g_string_append_printf (text, "state: %s, reason %s\n", ocs_state_name (status->state), code_of (status->reason));
  add_time (text, "now", now);
  add_time (text, "worker started", status->started);
  add_time (text, "last contact", status->last_contact);
  add_time (text, "last success", status->last_success);
  add_time (text, "last inventory", status->last_inventory);
  add_time (text, "next contact", status->next_contact);
  g_string_append_printf (text, "proxy: %s, %s, reason %s, cache %" G_GINT64_FORMAT ", wan %" G_GINT64_FORMAT "\n",
                          ocs_proxy_kind_name (status->proxy.kind), ocs_verdict_name (status->proxy.verdict),
                          code_of (status->proxy.reason), status->proxy.from_cache, status->proxy.from_wan);
  add_contacts (text, contacts);
  add_packages (text, status->packages);
  return g_string_free (text, FALSE);
}
