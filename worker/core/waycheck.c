/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/waycheck.h"
#include "worker/core/bypass.h"
#include "worker/core/hop.h"
#include "worker/core/ways.h"

#include <string.h>

typedef struct {
  OcsWaycheckFunc report;
  gpointer user_data; /* borrowed: the caller's */
} Reporter;

static void
report (const Reporter *reporter, const char *key, char *text)
{
  reporter->report (key, text, reporter->user_data);
  g_free (text);
}

static void
report_all (const Reporter *reporter, const char *key, GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    report (reporter, key, g_strdup_printf ("in %s= something is left out: %s", key, (const char *)problems->pdata[i]));
}

static void
check_hosts (const Reporter *reporter, const char *key, const char *text)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);

  ocs_bypass_free (ocs_bypass_parse (text, FALSE, problems));
  report_all (reporter, key, problems);
}

static void
check_fallback (const Reporter *reporter, OcsSettings *settings)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) hops = ocs_hops_parse (settings->proxy_fallback, settings->proxy_kind, settings->proxy_port, problems);

  report_all (reporter, "ProxyFallback", problems);
  if (settings->proxy_kind == OCS_PROXY_NONE && hops->len > 0)
    report (reporter, "ProxyFallback", g_strdup ("ProxyFallback= does nothing without Proxy= and ProxyType="));
  for (guint i = 0; i < hops->len; i++) {
    const OcsHop *hop = hops->pdata[i];

    if (hop->odd_scheme)
      report (reporter, "ProxyFallback", g_strdup ("ProxyFallback= has a scheme that is not known here: ProxyType= counts"));
    if (hop->has_login)
      report (reporter, "ProxyFallback", g_strdup ("ProxyFallback= holds a login, which is ignored: that of ProxyUser= is used"));
  }
}

static void
check_purposes (const Reporter *reporter, const char *key, const char *text, guint *purposes)
{
  if (!ocs_ways_read_purposes (text, purposes))
    report (reporter, key, g_strdup_printf ("%s= has a word that is not known: write server, info, fragments, all or none", key));
}

static void
resolve_pac (const Reporter *reporter, OcsSettings *settings, const char *folder)
{
  g_autofree char *value = g_steal_pointer (&settings->proxy_pac);

  if (value == NULL)
    return;
  if (g_ascii_strncasecmp (value, "http://", 7) == 0 || g_ascii_strncasecmp (value, "https://", 8) == 0)
    settings->proxy_pac = g_steal_pointer (&value);
  else if (g_ascii_strncasecmp (value, "file:///", 8) == 0)
    settings->proxy_pac = g_strdup (value + 7);
  else if (strstr (value, "://") != NULL)
    report (reporter, "ProxyPac", g_strdup ("ProxyPac= is not used: write an http or https URL, or the path of a file"));
  else
    settings->proxy_pac = g_path_is_absolute (value) ? g_steal_pointer (&value) : g_build_filename (folder, value, NULL);
}

void
ocs_waycheck_resolve (OcsSettings *settings, const char *folder, OcsWaycheckFunc report_func, gpointer user_data)
{
  const Reporter reporter = {report_func, user_data};

  check_purposes (&reporter, "ProxyFor", settings->proxy_for, &settings->proxied);
  check_purposes (&reporter, "DirectFallback", settings->direct_fallback, &settings->direct);
  check_fallback (&reporter, settings);
  check_hosts (&reporter, "ProxyBypass", settings->proxy_bypass);
  check_hosts (&reporter, "ProxyTrusted", settings->proxy_trusted);
  resolve_pac (&reporter, settings, folder);
}
