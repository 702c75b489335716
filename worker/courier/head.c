/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/head.h"
#include "worker/core/verdict.h"
#include <string.h>

OcsHead *
ocs_head_new (void)
{
  OcsHead *head = g_new0 (OcsHead, 1);

  head->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return head;
}

void
ocs_head_free (OcsHead *head)
{
  if (head == NULL)
    return;
  g_hash_table_unref (head->fields);
  g_free (head);
}

static void
head_start (OcsHead *head, const char *line)
{
  const char *code = strchr (line, ' ');

  g_hash_table_remove_all (head->fields);
  head->size = 0;
  head->status = code != NULL ? (int)CLAMP (g_ascii_strtoll (code + 1, NULL, 10), 0, 999) : 0;
  head->answers += head->status >= 200;
}

gboolean
ocs_head_add_line (OcsHead *head, const char *line, gsize length)
{
  g_autofree char *copy = g_strndup (line, length);
  g_autofree char *text = g_utf8_make_valid (copy, -1);
  const char *before;
  char *value;

  if (g_ascii_strncasecmp (text, "HTTP/", 5) == 0) {
    head_start (head, text);
    return TRUE;
  }
  head->size += length;
  if (head->size > OCS_HEAD_MAX)
    return FALSE;
  value = strchr (text, ':');
  if (value == NULL || value == text)
    return TRUE;
  *value++ = '\0';
  g_strstrip (value);
  for (char *at = text; *at != '\0'; at++)
    *at = g_ascii_tolower (*at);
  before = g_hash_table_lookup (head->fields, text);
  g_hash_table_replace (head->fields, g_strdup (text), before != NULL ? g_strconcat (before, ", ", value, NULL) : g_strdup (value));
  return TRUE;
}

const char *
ocs_head_get (const OcsHead *head, const char *name)
{
  return g_hash_table_lookup (head->fields, name);
}

/* Digits only, then one of the characters of end (its NUL included). */
static gboolean
read_number (const char **at, const char *end, gint64 *number)
{
  char *rest;
  guint64 value;

  if (!g_ascii_isdigit (**at))
    return FALSE;
  value = g_ascii_strtoull (*at, &rest, 10);
  if (value > G_MAXINT64 || memchr (end, *rest, strlen (end) + 1) == NULL)
    return FALSE;
  *number = (gint64)value;
  *at = rest;
  return TRUE;
}

gint64
ocs_head_get_size (const OcsHead *head, const char *name)
{
  const char *text = ocs_head_get (head, name);
  gint64 size;

  return text != NULL && read_number (&text, "", &size) ? size : -1;
}

gboolean
ocs_head_get_range (const OcsHead *head, gint64 *start, gint64 *total)
{
  const char *at = ocs_head_get (head, "content-range");
  gint64 last;

  if (at == NULL || g_ascii_strncasecmp (at, "bytes ", 6) != 0)
    return FALSE;
  at += 6;
  if (!read_number (&at, "-", start) || *at++ != '-' || !read_number (&at, "/", &last) || *at++ != '/' || last < *start)
    return FALSE;
  *total = -1;
  if (strcmp (at, "*") == 0)
    return TRUE;
  return read_number (&at, "", total) && *total > last;
}

char *
ocs_head_dup_validator (const OcsHead *head)
{
  const char *etag = ocs_head_get (head, "etag");

  /* A weak one must not be used with If-Range (RFC 9110 section 13.1.5). */
  if (etag != NULL && *etag == '"')
    return g_strdup (etag);
  return g_strdup (ocs_head_get (head, "last-modified"));
}

static const char *
get_nginx_status (const OcsHead *head)
{
  static const char *const names[] = {"x-cache-status", "x-proxy-cache", "x-nginx-cache", "x-nginx-cache-status"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (ocs_head_get (head, names[i]) != NULL)
      return ocs_head_get (head, names[i]);
  return NULL;
}

OcsVerdict
ocs_head_verdict (const OcsHead *head, gboolean refresh)
{
  OcsVerdictHeaders headers = {
      .status = head->status,
      .refresh = refresh,
      .cache_status = ocs_head_get (head, "cache-status"),
      .x_cache = ocs_head_get (head, "x-cache"),
      .x_cache_lookup = ocs_head_get (head, "x-cache-lookup"),
      .x_cache_status = get_nginx_status (head),
      .x_varnish = ocs_head_get (head, "x-varnish"),
      .age = ocs_head_get (head, "age"),
      .via = ocs_head_get (head, "via"),
      .x_squid_error = ocs_head_get (head, "x-squid-error"),
      .x_served_by = ocs_head_get (head, "x-served-by"),
      .server = ocs_head_get (head, "server"),
  };

  return head->asked > head->answers ? OCS_VERDICT_UNKNOWN : ocs_verdict_read (&headers);
}
