/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/route.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const whys[OCS_WHY_N] = {
    [OCS_WHY_FALLBACK] = N_ ("in the place of one that cannot be reached"),
    [OCS_WHY_PAC] = N_ ("named by the PAC file"),
    [OCS_WHY_FOUND] = N_ ("named by a PAC file of this network"),
    [OCS_WHY_ENVIRONMENT] = N_ ("named by the environment of the service"),
    [OCS_WHY_BYPASSED] = N_ ("on the list of exceptions"),
    [OCS_WHY_PURPOSE] = N_ ("set up so for this"),
    [OCS_WHY_PAC_DIRECT] = N_ ("the PAC file says so"),
    [OCS_WHY_LAST_RESORT] = N_ ("no proxy can be reached"),
};

static const struct {
  const char *purpose;
  const char *words;
} purposes[] = {
    {"server", N_ ("To the server")},
    {"info", N_ ("To descriptions of packages")},
    {"fragments", N_ ("To packages")},
};

const char *
ocs_route_why (OcsWhy why)
{
  return (guint)why < OCS_WHY_N && whys[why] != NULL ? _ (whys[why]) : NULL;
}

const char *
ocs_route_purpose (const char *purpose)
{
  for (guint i = 0; i < G_N_ELEMENTS (purposes); i++)
    if (g_strcmp0 (purpose, purposes[i].purpose) == 0)
      return _ (purposes[i].words);
  return purpose;
}

char *
ocs_route_describe (const OcsWay *way)
{
  const char *why = ocs_route_why (way->why);
  g_autofree char *where = NULL;

  if (way->host == NULL)
    where = g_strdup (g_strcmp0 (way->kind, "none") == 0 ? _ ("without a proxy") : _ ("by a proxy"));
  else
    where = g_strdup_printf (strchr (way->host, ':') != NULL ? "[%s]:%d" : "%s:%d", way->host, (int)way->port);
  return why != NULL ? g_strdup_printf (C_ ("the way: why", "%s, %s"), where, why) : g_steal_pointer (&where);
}
