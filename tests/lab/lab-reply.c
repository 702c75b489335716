/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds replies and reads their bodies. Pacing and cutting of a body belong to lab-http. */
#include "tests/lab/lab-reply.h"

#include <string.h>
#include <unistd.h>

const char *
ocs_lab_request_header (const OcsLabRequest *request, const char *lower_name)
{
  return json_object_get_string_member_with_default (request->headers, lower_name, NULL);
}

void
ocs_lab_request_free (OcsLabRequest *request)
{
  g_free (request->method);
  g_free (request->path);
  g_free (request->query);
  g_free (request->user);
  g_free (request->password);
  json_object_unref (request->headers);
  json_object_unref (request->record);
  g_byte_array_unref (request->body);
  g_free (request);
}

OcsLabReply *
ocs_lab_reply_new (guint status)
{
  OcsLabReply *reply = g_new0 (OcsLabReply, 1);
  reply->status = status;
  reply->fd = -1;
  reply->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return reply;
}

OcsLabReply *
ocs_lab_reply_new_bytes (guint status, const char *content_type, GBytes *bytes)
{
  OcsLabReply *reply = ocs_lab_reply_new (status);
  reply->content_type = g_strdup (content_type);
  reply->bytes = bytes;
  reply->length = (gint64)g_bytes_get_size (bytes);
  return reply;
}

OcsLabReply *
ocs_lab_reply_new_text (guint status, const char *content_type, const char *text)
{
  return ocs_lab_reply_new_bytes (status, content_type, g_bytes_new (text, strlen (text)));
}

void
ocs_lab_reply_free (OcsLabReply *reply)
{
  g_free (reply->content_type);
  g_hash_table_unref (reply->headers);
  g_clear_pointer (&reply->bytes, g_bytes_unref);
  g_clear_pointer (&reply->rule, ocs_lab_rule_unref);
  if (reply->fd >= 0)
    close (reply->fd);
  g_free (reply);
}

void
ocs_lab_reply_set_header (OcsLabReply *reply, const char *name, const char *value)
{
  g_hash_table_insert (reply->headers, g_strdup (name), g_strdup (value));
}

static void
replace_body (OcsLabReply *reply, const char *body)
{
  g_clear_pointer (&reply->bytes, g_bytes_unref);
  reply->bytes = g_bytes_new (body, strlen (body));
  reply->offset = 0;
  reply->length = (gint64)strlen (body);
  g_hash_table_remove (reply->headers, "Content-Range");
  if (reply->status == 206)
    reply->status = 200;
}

void
ocs_lab_reply_bend (OcsLabReply *reply, OcsLabRule *rule)
{
  GHashTableIter iter;
  gpointer name, value;
  if (rule->body)
    replace_body (reply, rule->body);
  if (rule->status)
    reply->status = rule->status;
  if (rule->content_type) {
    g_free (reply->content_type);
    reply->content_type = g_strdup (rule->content_type);
  }
  if (rule->no_validators || rule->body) {
    g_hash_table_remove (reply->headers, "ETag");
    g_hash_table_remove (reply->headers, "Last-Modified");
  }
  g_hash_table_iter_init (&iter, rule->headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    ocs_lab_reply_set_header (reply, name, value);
  reply->rule = rule;
}

static void
corrupt (const OcsLabReply *reply, gint64 pos, char *buffer, gssize got)
{
  const OcsLabRule *rule = reply->rule;
  if (!rule || rule->corrupt_at < 0)
    return;
  gint64 first = reply->offset + pos;
  for (gint64 i = MAX (rule->corrupt_at, first); i < MIN (rule->corrupt_at + rule->corrupt_length, first + got); i++)
    buffer[i - first] = (char)~buffer[i - first];
}

gssize
ocs_lab_reply_read (const OcsLabReply *reply, gint64 pos, char *buffer, gsize size)
{
  gsize want = MIN (size, (gsize)MAX (reply->length - pos, 0));
  gssize got = 0;
  if (want == 0)
    return 0;
  if (reply->bytes) {
    memcpy (buffer, (const char *)g_bytes_get_data (reply->bytes, NULL) + pos, want);
    got = (gssize)want;
  } else if (reply->fd >= 0) {
    got = pread (reply->fd, buffer, want, reply->offset + pos);
  }
  corrupt (reply, pos, buffer, got);
  return got;
}
