/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/webpage.h"
#include <string.h>

#define LOOKED_AT 1024

static gboolean
is_html (const char *content_type)
{
  return content_type != NULL
         && (g_ascii_strncasecmp (content_type, "text/html", 9) == 0 || g_ascii_strncasecmp (content_type, "application/xhtml", 17) == 0);
}

gboolean
ocs_webpage_is_one (const char *content_type, const guint8 *bytes, gsize length)
{
  static const char bom[] = "\xef\xbb\xbf";
  g_autofree char *start = g_strndup (length > 0 ? (const char *)bytes : "", MIN (length, LOOKED_AT));
  const char *at = g_str_has_prefix (start, bom) ? start + strlen (bom) : start;

  while (g_ascii_isspace (*at))
    at++;
  if (g_ascii_strncasecmp (at, "<!doctype html", 14) == 0 || g_ascii_strncasecmp (at, "<html", 5) == 0)
    return TRUE;
  /* A comment or a script may come first; what calls itself a page and has no angle bracket is a text that somebody named wrongly. */
  return *at == '<' && is_html (content_type);
}

/* The host of "host:port", an IPv6 address in its brackets. */
static gsize
host_length (const char *authority)
{
  const char *end = *authority == '[' ? strchr (authority, ']') : NULL;

  return end != NULL ? (gsize)(end + 1 - authority) : strcspn (authority, ":/?#");
}

gboolean
ocs_webpage_leads_away (const char *location, const char *server)
{
  const char *host = strstr (location, "//");
  const char *at;
  gsize length;

  if (host == NULL || (gsize)(host - location) > strcspn (location, "/?#"))
    return FALSE;
  host += 2;
  at = memchr (host, '@', strcspn (host, "/?#"));
  if (at != NULL)
    host = at + 1;
  length = host_length (host);
  return length != host_length (server) || g_ascii_strncasecmp (host, server, length) != 0;
}
