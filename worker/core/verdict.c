/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/verdict.h"
#include <string.h>

/* The words of X-Cache and X-Cache-Status, tried in this order: "TCP_REFRESH_HIT" is no plain hit. */
static const struct {
  const char *word;
  OcsVerdict verdict;
} words[] = {
    {"revalidate", OCS_VERDICT_REVALIDATED}, /* Apache's mod_cache without the d, nginx with it */
    {"refresh_hit", OCS_VERDICT_REVALIDATED},
    {"refreshhit", OCS_VERDICT_REVALIDATED},
    {"refresh_unmodified", OCS_VERDICT_REVALIDATED},
    {"miss", OCS_VERDICT_MISS},
    {"expired", OCS_VERDICT_MISS},
    {"refresh_modified", OCS_VERDICT_MISS},
    {"hit", OCS_VERDICT_HIT},
    {"stale", OCS_VERDICT_HIT},
    {"updating", OCS_VERDICT_HIT},
    {"bypass", OCS_VERDICT_BYPASS},
    {"pass", OCS_VERDICT_BYPASS},
    {"none", OCS_VERDICT_BYPASS},
};

/* Who stands at the far end of the WAN: a hit there has crossed it. */
static const char *const far_caches[] = {"cloudfront", "akamai",   "cloudflare", "fastly", "edgecast",
                                         "1.1 google", "bunnycdn", "keycdn",     "ecacc ("};

static gboolean
is_far (const char *lower)
{
  for (guint i = 0; i < G_N_ELEMENTS (far_caches); i++)
    if (strstr (lower, far_caches[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* The last member of a comma-separated list that no far cache has written, in lower case; NULL where there is none. */
static char *
nearest_member (const char *list)
{
  g_auto (GStrv) members = NULL;

  if (list == NULL)
    return NULL;
  members = g_strsplit (list, ",", 64);
  for (guint i = g_strv_length (members); i > 0; i--) {
    g_autofree char *lower = g_ascii_strdown (g_strstrip (members[i - 1]), -1);

    if (*lower != '\0' && !is_far (lower))
      return g_steal_pointer (&lower);
  }
  return NULL;
}

static OcsVerdict
verdict_from_word (const char *member)
{
  g_autofree char *word = g_strndup (member, strcspn (member, " ;"));

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (word, words[i].word) != NULL)
      return words[i].verdict;
  return OCS_VERDICT_UNKNOWN;
}

/* The value of a parameter of a Cache-Status member, "" where it stands alone, NULL where it is absent or "?0". */
static char *
status_parameter (char *const *parts, const char *name)
{
  for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (parts[i], "=", 2);
    const char *value;

    if (pair[0] == NULL || strcmp (g_strstrip (pair[0]), name) != 0)
      continue;
    value = pair[1] != NULL ? g_strstrip (pair[1]) : "";
    return strcmp (value, "?0") == 0 ? NULL : g_strdup (value);
  }
  return NULL;
}

/* Squid 6 with delay pools, as Debian builds it, does not say "fwd=miss" but only how its lookup ended (LogTags::cacheStatusSource()). */
static OcsVerdict
verdict_from_lookup (const char *detail, gboolean refresh)
{
  if (g_strcmp0 (detail, "match") == 0)
    return refresh ? OCS_VERDICT_MISS : OCS_VERDICT_SHARED;
  return g_strcmp0 (detail, "mismatch") == 0 || g_strcmp0 (detail, "no-cache") == 0 ? OCS_VERDICT_MISS : OCS_VERDICT_UNKNOWN;
}

/* RFC 9211 section 2. Squid 6 writes "fwd=miss;detail=match" where the lookup found an object in flight. */
static OcsVerdict
verdict_from_cache_status (const char *list, gboolean refresh)
{
  g_autofree char *member = nearest_member (list);
  g_auto (GStrv) parts = member != NULL ? g_strsplit (member, ";", 32) : NULL;
  g_autofree char *hit = NULL, *fwd = NULL, *fwd_status = NULL, *collapsed = NULL, *detail = NULL;

  if (parts == NULL)
    return OCS_VERDICT_UNKNOWN;
  hit = status_parameter (parts, "hit");
  fwd = status_parameter (parts, "fwd");
  fwd_status = status_parameter (parts, "fwd-status");
  collapsed = status_parameter (parts, "collapsed");
  detail = status_parameter (parts, "detail");
  if (g_strcmp0 (fwd_status, "304") == 0)
    return OCS_VERDICT_REVALIDATED;
  if (hit != NULL)
    return OCS_VERDICT_HIT;
  if (fwd == NULL || *fwd == '\0')
    return verdict_from_lookup (detail, refresh);
  if (strcmp (fwd, "bypass") == 0 || strcmp (fwd, "method") == 0)
    return OCS_VERDICT_BYPASS;
  if (collapsed != NULL || (!refresh && strstr (fwd, "miss") != NULL && g_strcmp0 (detail, "match") == 0))
    return OCS_VERDICT_SHARED;
  return OCS_VERDICT_MISS;
}

/* Whether a content network has served the answer that names itself elsewhere than where it says hit: a site's Squid says
 * "HIT from NAME", many others only "HIT". */
static gboolean
is_from_far (const OcsVerdictHeaders *headers)
{
  g_autofree char *server = g_ascii_strdown (headers->server != NULL ? headers->server : "", -1);

  return (headers->x_served_by != NULL && g_ascii_strncasecmp (headers->x_served_by, "cache-", 6) == 0) || is_far (server);
}

static OcsVerdict
verdict_from_x_cache (const OcsVerdictHeaders *headers)
{
  g_autofree char *member = nearest_member (headers->x_cache);
  g_autofree char *lookup = nearest_member (headers->x_cache_lookup);
  OcsVerdict verdict;

  if (member == NULL || (strstr (member, " from ") == NULL && is_from_far (headers)))
    return OCS_VERDICT_UNKNOWN;
  verdict = verdict_from_word (member);
  /* A request that joined an object in flight: Squid had found it (lookup) although the answer counts as a miss. */
  if (verdict == OCS_VERDICT_MISS && !headers->refresh && lookup != NULL && verdict_from_word (lookup) == OCS_VERDICT_HIT)
    return OCS_VERDICT_SHARED;
  return verdict;
}

/* "[uScMsSf …]": a small letter names what is told, the character after it tells; c is the cache, s the origin's answer
 * (Apache Traffic Server's administrator guide, FAQ on the Via header). */
static OcsVerdict
verdict_from_traffic_server (const char *via)
{
  const char *at = via != NULL ? g_strrstr (via, "ApacheTrafficServer") : NULL;
  char cache = ' ', origin = ' ';

  at = at != NULL ? strchr (at, '[') : NULL;
  if (at == NULL)
    return OCS_VERDICT_UNKNOWN;
  for (at++; at[0] != '\0' && at[1] != '\0' && at[0] != ']' && at[0] != ':'; at += 2) {
    if (at[0] == 'c')
      cache = at[1];
    else if (at[0] == 's')
      origin = at[1];
  }
  if (cache == 'H' || cache == 'R')
    return OCS_VERDICT_HIT;
  /* Read while it is written: debug Via codes of 9.2, VIA_IN_CACHE_RWW_HIT. */
  if (cache == 'W')
    return OCS_VERDICT_SHARED;
  if (cache == 'S')
    return origin == 'N' ? OCS_VERDICT_REVALIDATED : OCS_VERDICT_MISS;
  if (cache == 'M' || cache == 'A')
    return OCS_VERDICT_MISS;
  return cache == 'N' ? OCS_VERDICT_BYPASS : OCS_VERDICT_UNKNOWN;
}

/* One number is the request, a second one the request that fetched the object (Varnish's http headers reference). */
static OcsVerdict
verdict_from_varnish (const char *x_varnish)
{
  const char *at = x_varnish;

  if (at == NULL)
    return OCS_VERDICT_UNKNOWN;
  while (*at == ' ')
    at++;
  if (!g_ascii_isdigit (*at))
    return OCS_VERDICT_UNKNOWN;
  while (g_ascii_isdigit (*at))
    at++;
  while (*at == ' ')
    at++;
  return g_ascii_isdigit (*at) ? OCS_VERDICT_HIT : OCS_VERDICT_MISS;
}

/* An age alone may come from beyond the WAN. Traffic Server as it is shipped says nothing but its name as the server's, and an age of 0
 * for a miss and in the first second of a hit. */
static OcsVerdict
verdict_from_age (const OcsVerdictHeaders *headers)
{
  g_autofree char *via = nearest_member (headers->via);
  gboolean is_near = (via != NULL && !(g_str_equal (via, "1.1 varnish") && is_from_far (headers)))
                     || (headers->server != NULL && g_str_has_prefix (headers->server, "ATS/"));

  if (!is_near || headers->age == NULL)
    return OCS_VERDICT_UNKNOWN;
  return g_ascii_strtoll (headers->age, NULL, 10) > 0 ? OCS_VERDICT_HIT : OCS_VERDICT_UNKNOWN;
}

OcsVerdict
ocs_verdict_read (const OcsVerdictHeaders *headers)
{
  OcsVerdict verdict;
  g_autofree char *nginx = nearest_member (headers->x_cache_status);

  /* Squid's answer to only-if-cached names a hit and an age that are not true; other error pages say nothing about the object. */
  if (headers->status >= 400 || headers->x_squid_error != NULL)
    return headers->status == 504 ? OCS_VERDICT_MISS : OCS_VERDICT_UNKNOWN;
  verdict = verdict_from_cache_status (headers->cache_status, headers->refresh);
  if (verdict == OCS_VERDICT_UNKNOWN)
    verdict = verdict_from_x_cache (headers);
  if (verdict == OCS_VERDICT_UNKNOWN && nginx != NULL)
    verdict = verdict_from_word (nginx);
  if (verdict == OCS_VERDICT_UNKNOWN)
    verdict = verdict_from_traffic_server (headers->via);
  if (verdict == OCS_VERDICT_UNKNOWN)
    verdict = verdict_from_varnish (headers->x_varnish);
  return verdict != OCS_VERDICT_UNKNOWN ? verdict : verdict_from_age (headers);
}

gboolean
ocs_verdict_is_from_cache (OcsVerdict verdict)
{
  return verdict == OCS_VERDICT_HIT || verdict == OCS_VERDICT_REVALIDATED || verdict == OCS_VERDICT_SHARED;
}
