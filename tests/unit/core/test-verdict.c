/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/verdict.h"

typedef struct {
  const char *name;
  OcsVerdictHeaders headers;
  OcsVerdict verdict;
} Case;

static const Case cases[] = {
    {"nothing", {.status = 200}, OCS_VERDICT_UNKNOWN},

    {"squid5/hit",
     {.status = 200, .x_cache = "HIT from site", .x_cache_lookup = "HIT from site:3128", .age = "20", .via = "1.1 site (squid/5.7)"},
     OCS_VERDICT_HIT},
    {"squid5/miss",
     {.status = 200, .x_cache = "MISS from site", .x_cache_lookup = "MISS from site:3128", .via = "1.1 site (squid/5.7)"},
     OCS_VERDICT_MISS},
    {"squid5/shared", {.status = 200, .x_cache = "MISS from site", .x_cache_lookup = "HIT from site:3128"}, OCS_VERDICT_SHARED},
    {"squid5/refresh",
     {.status = 200, .refresh = TRUE, .x_cache = "MISS from site", .x_cache_lookup = "HIT from site:3128"},
     OCS_VERDICT_MISS},
    {"squid5/partial", {.status = 206, .x_cache = "HIT from site", .x_cache_lookup = "HIT from site:3128"}, OCS_VERDICT_HIT},
    {"squid5/none", {.status = 200, .x_cache = "NONE from site", .x_cache_lookup = "NONE from site:3128"}, OCS_VERDICT_BYPASS},
    {"squid5/only-if-cached",
     {.status = 504, .x_cache = "HIT from site", .age = "1700000000", .x_squid_error = "ERR_ONLY_IF_CACHED_MISS 0"},
     OCS_VERDICT_MISS},
    {"squid5/error page", {.status = 403, .x_cache = "HIT from site", .x_squid_error = "ERR_ACCESS_DENIED 0"}, OCS_VERDICT_UNKNOWN},
    {"squid5/error as 200", {.status = 200, .x_cache = "HIT from site", .x_squid_error = "ERR_DNS_FAIL 0"}, OCS_VERDICT_UNKNOWN},
    {"squid5/child missed, parent hit", {.status = 200, .x_cache = "HIT from parent, MISS from site"}, OCS_VERDICT_MISS},
    {"squid6/hit", {.status = 200, .cache_status = "site;hit;detail=match"}, OCS_VERDICT_HIT},
    {"squid6/miss", {.status = 200, .cache_status = "site;fwd=miss;detail=mismatch"}, OCS_VERDICT_MISS},
    {"squid6/shared", {.status = 200, .cache_status = "site;fwd=miss;detail=match"}, OCS_VERDICT_SHARED},
    {"squid6/refresh", {.status = 200, .refresh = TRUE, .cache_status = "site;fwd=request;detail=match"}, OCS_VERDICT_MISS},

    {"squid6 with delay pools/miss",
     {.status = 200, .cache_status = "site;detail=mismatch", .via = "1.1 site (squid/6.13)"},
     OCS_VERDICT_MISS},
    {"squid6 with delay pools/shared", {.status = 200, .cache_status = "site;detail=match"}, OCS_VERDICT_SHARED},
    {"squid6 with delay pools/refresh", {.status = 200, .refresh = TRUE, .cache_status = "site;detail=match"}, OCS_VERDICT_MISS},
    {"squid6 with delay pools/past the cache", {.status = 200, .refresh = TRUE, .cache_status = "site;detail=no-cache"}, OCS_VERDICT_MISS},
    {"squid6/revalidated is its hit", {.status = 200, .cache_status = "site;hit;detail=mismatch"}, OCS_VERDICT_HIT},

    {"rfc9211/hit", {.status = 200, .cache_status = "ExampleCache; hit; ttl=30"}, OCS_VERDICT_HIT},
    {"rfc9211/hit is false", {.status = 200, .cache_status = "ExampleCache; hit=?0; fwd=uri-miss; stored"}, OCS_VERDICT_MISS},
    {"rfc9211/revalidated", {.status = 200, .cache_status = "ExampleCache; fwd=stale; fwd-status=304"}, OCS_VERDICT_REVALIDATED},
    {"rfc9211/revalidated hit", {.status = 200, .cache_status = "ExampleCache; hit; fwd-status=304"}, OCS_VERDICT_REVALIDATED},
    {"rfc9211/stale and new", {.status = 200, .cache_status = "ExampleCache; fwd=stale; fwd-status=200"}, OCS_VERDICT_MISS},
    {"rfc9211/collapsed", {.status = 200, .cache_status = "ExampleCache; fwd=uri-miss; collapsed"}, OCS_VERDICT_SHARED},
    {"rfc9211/not collapsed", {.status = 200, .cache_status = "ExampleCache; fwd=uri-miss; collapsed=?0"}, OCS_VERDICT_MISS},
    {"rfc9211/bypass", {.status = 200, .cache_status = "ExampleCache; fwd=bypass"}, OCS_VERDICT_BYPASS},
    {"rfc9211/the last is the nearest", {.status = 200, .cache_status = "\"Far\"; hit, Near; fwd=uri-miss; stored"}, OCS_VERDICT_MISS},
    {"rfc9211/before x-cache", {.status = 200, .cache_status = "a; hit", .x_cache = "MISS from a"}, OCS_VERDICT_HIT},
    {"rfc9211/says nothing", {.status = 200, .cache_status = "a; ttl=3", .x_cache = "HIT from a"}, OCS_VERDICT_HIT},
    {"rfc9211/garbage", {.status = 200, .cache_status = ";;=;,,;fwd"}, OCS_VERDICT_UNKNOWN},

    {"varnish/hit", {.status = 200, .x_varnish = "32770 3", .age = "0", .via = "1.1 varnish (Varnish/7.1)"}, OCS_VERDICT_HIT},
    {"varnish/miss", {.status = 200, .x_varnish = "32770", .age = "0", .via = "1.1 varnish (Varnish/7.1)"}, OCS_VERDICT_MISS},
    {"varnish/x-cache", {.status = 200, .x_cache = "HIT", .x_varnish = "5"}, OCS_VERDICT_HIT},
    {"varnish/garbage", {.status = 200, .x_varnish = "abc 3"}, OCS_VERDICT_UNKNOWN},

    {"nginx/hit", {.status = 200, .x_cache_status = "HIT"}, OCS_VERDICT_HIT},
    {"nginx/miss", {.status = 200, .x_cache_status = "MISS"}, OCS_VERDICT_MISS},
    {"nginx/expired", {.status = 200, .x_cache_status = "EXPIRED"}, OCS_VERDICT_MISS},
    {"nginx/stale", {.status = 200, .x_cache_status = "STALE"}, OCS_VERDICT_HIT},
    {"nginx/updating", {.status = 200, .x_cache_status = "UPDATING"}, OCS_VERDICT_HIT},
    {"nginx/revalidated", {.status = 200, .x_cache_status = "REVALIDATED"}, OCS_VERDICT_REVALIDATED},
    {"nginx/bypass", {.status = 200, .x_cache_status = "BYPASS"}, OCS_VERDICT_BYPASS},

    {"ats/hit", {.status = 200, .via = "http/1.1 site (ApacheTrafficServer/9.2.3 [uScHs f p eN:t cCHp s ])"}, OCS_VERDICT_HIT},
    {"ats/ram hit", {.status = 200, .via = "http/1.1 site (ApacheTrafficServer/9.2.3 [cRs f ])"}, OCS_VERDICT_HIT},
    {"ats/miss", {.status = 200, .via = "http/1.1 site (ApacheTrafficServer/9.2.3 [uScMsSfWpSeN:t cCMp sS])"}, OCS_VERDICT_MISS},
    {"ats/revalidated",
     {.status = 200, .via = "http/1.1 site (ApacheTrafficServer/9.2.3 [uScSsNfUpSeN:t cCSp sS])"},
     OCS_VERDICT_REVALIDATED},
    {"ats/stale and new", {.status = 200, .via = "http/1.1 site (ApacheTrafficServer/9.2.3 [cSsSfU])"}, OCS_VERDICT_MISS},
    {"ats/while it is written",
     {.status = 200, .via = "http/1.1 traffic_server (ApacheTrafficServer/9.2.9 [uScWs f p eN:t cCHp s ])"},
     OCS_VERDICT_SHARED},
    {"ats/cut", {.status = 200, .via = "http/1.1 site (ApacheTrafficServer/9.2.3 [c"}, OCS_VERDICT_UNKNOWN},
    {"ats/no codes", {.status = 200, .via = "http/1.1 site (ApacheTrafficServer/9.2.3)"}, OCS_VERDICT_UNKNOWN},

    {"cdn/cloudfront hit crossed the wan", {.status = 200, .x_cache = "Hit from cloudfront"}, OCS_VERDICT_UNKNOWN},
    {"cdn/behind squid", {.status = 200, .x_cache = "Hit from cloudfront, MISS from site"}, OCS_VERDICT_MISS},
    {"cdn/refresh hit of a site's cache", {.status = 200, .x_cache = "TCP_REFRESH_HIT from site"}, OCS_VERDICT_REVALIDATED},
    {"cdn/tcp_mem_hit", {.status = 200, .x_cache = "TCP_MEM_HIT from site"}, OCS_VERDICT_HIT},

    {"cdn/akamai",
     {.status = 200, .x_cache = "TCP_MEM_HIT from a23-1-2-3.deploy.akamaitechnologies.com (AkamaiGHost/10.0.1-1234) (-)"},
     OCS_VERDICT_UNKNOWN},
    {"cdn/fastly names nobody",
     {.status = 200, .x_cache = "HIT, HIT", .x_served_by = "cache-iad-1, cache-fra-2", .age = "9", .via = "1.1 varnish, 1.1 varnish"},
     OCS_VERDICT_UNKNOWN},
    {"cdn/fastly behind squid",
     {.status = 200, .x_cache = "HIT, HIT, MISS from site", .x_served_by = "cache-iad-1, cache-fra-2"},
     OCS_VERDICT_MISS},
    {"cdn/cloudflare", {.status = 200, .x_cache = "HIT", .server = "cloudflare", .age = "5"}, OCS_VERDICT_UNKNOWN},
    {"cdn/google", {.status = 200, .age = "5", .via = "1.1 google"}, OCS_VERDICT_UNKNOWN},
    {"cdn/edgecast", {.status = 200, .x_cache = "HIT", .server = "ECAcc (fra/ABCD)"}, OCS_VERDICT_UNKNOWN},

    /* As recorded by the lab's caches of Debian 12. */
    {"debian12/squid 5.7 miss",
     {.status = 200,
      .x_cache = "MISS from ocs-lab-plain",
      .x_cache_lookup = "MISS from ocs-lab-plain:22203",
      .via = "1.1 ocs-lab-plain (squid/5.7)"},
     OCS_VERDICT_MISS},
    {"debian12/squid 5.7 not held",
     {.status = 504,
      .x_squid_error = "ERR_ONLY_IF_CACHED_MISS 0",
      .x_cache = "MISS from ocs-lab-plain",
      .x_cache_lookup = "MISS from ocs-lab-plain:22203"},
     OCS_VERDICT_MISS},
    {"debian12/ats 9.2 miss",
     {.status = 200,
      .server = "ATS/9.2.9",
      .age = "0",
      .via = "http/1.0 traffic_server (ApacheTrafficServer/9.2.9 [uScMsSfWpSeN:t cCMp sS])"},
     OCS_VERDICT_MISS},
    {"debian12/ats 9.2 hit",
     {.status = 200,
      .server = "ATS/9.2.9",
      .age = "1",
      .via = "http/1.0 traffic_server (ApacheTrafficServer/9.2.9 [uScHs f p eN:t cCHp s ])"},
     OCS_VERDICT_HIT},
    {"debian12/ats 9.2 not held",
     {.status = 504, .server = "ATS/9.2.9", .via = "http/1.1 traffic_server (ApacheTrafficServer/9.2.9 [uScMs f p eT:t cCMp s ])"},
     OCS_VERDICT_MISS},
    {"debian12/ats 9.2 as shipped, hit", {.status = 200, .server = "ATS/9.2.9", .age = "1"}, OCS_VERDICT_HIT},
    {"debian12/ats 9.2 as shipped, miss or a hit at once", {.status = 200, .server = "ATS/9.2.9", .age = "0"}, OCS_VERDICT_UNKNOWN},
    {"debian12/nginx 1.22 hit", {.status = 200, .server = "nginx/1.22.1", .x_cache_status = "HIT"}, OCS_VERDICT_HIT},
    {"debian12/nginx 1.22 without its header", {.status = 200, .server = "nginx/1.22.1"}, OCS_VERDICT_UNKNOWN},
    {"debian12/varnish 7.1 miss", {.status = 200, .x_varnish = "3", .age = "0", .via = "1.1 varnish (Varnish/7.1)"}, OCS_VERDICT_MISS},
    {"debian12/varnish 7.1 hit", {.status = 200, .x_varnish = "32770 4", .age = "1", .via = "1.1 varnish (Varnish/7.1)"}, OCS_VERDICT_HIT},

    {"apache mod_cache/hit", {.status = 200, .x_cache = "HIT from www.example.org", .age = "3"}, OCS_VERDICT_HIT},
    {"apache mod_cache/revalidate", {.status = 200, .x_cache = "REVALIDATE from www.example.org"}, OCS_VERDICT_REVALIDATED},
    {"apache mod_cache/miss", {.status = 200, .x_cache = "MISS from www.example.org"}, OCS_VERDICT_MISS},
    {"caddy souin/hit",
     {.status = 200, .cache_status = "Souin; hit; ttl=119; key=GET-http-x; detail=DEFAULT", .age = "1"},
     OCS_VERDICT_HIT},
    {"caddy souin/miss", {.status = 200, .cache_status = "Souin; fwd=uri-miss; stored; key=GET-http-x"}, OCS_VERDICT_MISS},

    {"age/with via", {.status = 200, .age = "7", .via = "1.1 site"}, OCS_VERDICT_HIT},
    {"age/zero", {.status = 200, .age = "0", .via = "1.1 site"}, OCS_VERDICT_UNKNOWN},
    {"age/without via", {.status = 200, .age = "7"}, OCS_VERDICT_UNKNOWN},
    {"age/far via", {.status = 200, .age = "7", .via = "1.1 abc.cloudfront.net (CloudFront)"}, OCS_VERDICT_UNKNOWN},
    {"age/garbage", {.status = 200, .age = "-", .via = "1.1 site"}, OCS_VERDICT_UNKNOWN},
};

static void
test_case (gconstpointer data)
{
  const Case *one = data;

  g_assert_cmpstr (ocs_verdict_name (ocs_verdict_read (&one->headers)), ==, ocs_verdict_name (one->verdict));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/verdict/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  return g_test_run ();
}
