/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Static files with validators and ranges (RFC 9110 §13, §14). */
#include "tests/lab/lab-files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

gboolean
ocs_lab_files_is_safe (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  for (guint i = 0; parts[i]; i++) {
    if (!*parts[i] || g_str_equal (parts[i], ".") || g_str_equal (parts[i], ".."))
      return FALSE;
  }
  return parts[0] != NULL;
}

static char *
http_date (time_t when)
{
  char text[64];
  struct tm tm;
  gmtime_r (&when, &tm);
  strftime (text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
  return g_strdup (text);
}

/* bytes=A-B, A- or -N of an object of this size: TRUE and first/last, FALSE for a form that is ignored; *unmet where nothing is in range.
 */
static gboolean
parse_range (const char *text, gint64 size, gint64 *first, gint64 *last, gboolean *unmet)
{
  char *end = NULL;
  *unmet = FALSE;
  if (!text || !g_str_has_prefix (text, "bytes=") || strchr (text, ','))
    return FALSE;
  text += strlen ("bytes=");
  if (*text == '-') {
    gint64 tail = g_ascii_strtoll (text + 1, &end, 10);
    *first = MAX (size - tail, 0);
    *last = size - 1;
    *unmet = tail <= 0 || size == 0;
    return end != text + 1 && !*end;
  }
  *first = g_ascii_strtoll (text, &end, 10);
  if (end == text || *end != '-')
    return FALSE;
  text = end + 1;
  *last = *text ? g_ascii_strtoll (text, &end, 10) : size - 1;
  if (*text && *end)
    return FALSE;
  *last = MIN (*last, size - 1);
  *unmet = *first >= size;
  return *unmet || *first <= *last;
}

static gboolean
not_modified (const OcsLabRequest *request, const char *etag, const char *modified)
{
  const char *match = ocs_lab_request_header (request, "if-none-match");
  const char *since = ocs_lab_request_header (request, "if-modified-since");
  if (match)
    return strstr (match, etag) != NULL || g_str_equal (match, "*");
  return since && g_str_equal (since, modified);
}

static void
apply_range (const OcsLabRequest *request, OcsLabReply *reply, const char *etag, const char *modified)
{
  const char *condition = ocs_lab_request_header (request, "if-range");
  gint64 first = 0, last = 0;
  gint64 size = reply->length;
  gboolean unmet;
  if (condition && !g_str_equal (condition, etag) && !g_str_equal (condition, modified))
    return;
  if (!parse_range (ocs_lab_request_header (request, "range"), size, &first, &last, &unmet))
    return;
  g_autofree char *text = unmet ? g_strdup_printf ("bytes */%" G_GINT64_FORMAT, size)
                                : g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, first, last, size);
  ocs_lab_reply_set_header (reply, "Content-Range", text);
  reply->status = unmet ? 416 : 206;
  reply->offset = unmet ? 0 : first;
  reply->length = unmet ? 0 : last - first + 1;
}

OcsLabReply *
ocs_lab_files_serve (const OcsLabRequest *request, const char *file)
{
  struct stat info;
  int fd = open (file, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return ocs_lab_reply_new_text (404, "text/html", "<html><body><h1>Not Found</h1></body></html>\n");
  OcsLabReply *reply = ocs_lab_reply_new (200);
  reply->fd = fd;
  if (fstat (fd, &info) < 0 || !S_ISREG (info.st_mode)) {
    reply->status = 403;
    return reply;
  }
  g_autofree char *modified = http_date (info.st_mtim.tv_sec);
  g_autofree char *etag = g_strdup_printf ("\"%lx-%lx\"", (unsigned long)info.st_size,
                                           (unsigned long)(info.st_mtim.tv_sec * 1000000 + info.st_mtim.tv_nsec / 1000));
  reply->length = info.st_size;
  ocs_lab_reply_set_header (reply, "Last-Modified", modified);
  ocs_lab_reply_set_header (reply, "ETag", etag);
  ocs_lab_reply_set_header (reply, "Accept-Ranges", "bytes");
  /* With the length of the object, which has no body here: Squid takes what a 304 says for that of its copy. */
  if (not_modified (request, etag, modified))
    reply->status = 304;
  else
    apply_range (request, reply, etag, modified);
  return reply;
}
