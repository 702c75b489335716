/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request as the test server sees it and the reply it will give: values only, no socket. */
#pragma once
#include "tests/lab/lab-rule.h"

typedef struct {
  char *method;        /* owned */
  char *path;          /* owned; decoded, without the query */
  char *query;         /* owned; "a=b&c=d" or "" */
  JsonObject *headers; /* owned; names in lower case → value */
  GByteArray *body;    /* owned */
  gboolean secure;     /* came over TLS */
  gboolean has_length; /* said Content-Length */
  char *user;          /* owned, nullable: of HTTP Basic */
  char *password;      /* owned, nullable */
  JsonObject *record;  /* owned; its line in the log: a handler may add to it */
} OcsLabRequest;

typedef struct {
  guint status;
  char *content_type;  /* owned, nullable */
  GHashTable *headers; /* owned; string → string */
  GBytes *bytes;       /* owned, nullable: the body, if it does not come from fd */
  int fd;              /* owned; -1 for none */
  gint64 offset;       /* of the body's first byte in the object */
  gint64 length;       /* of the body */
  OcsLabRule *rule;    /* owned, nullable */
} OcsLabReply;

const char *ocs_lab_request_header (const OcsLabRequest *request, const char *lower_name); /* borrowed, nullable */
void ocs_lab_request_free (OcsLabRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLabRequest, ocs_lab_request_free)

OcsLabReply *ocs_lab_reply_new (guint status);
/* content_type: nullable. */
OcsLabReply *ocs_lab_reply_new_text (guint status, const char *content_type, const char *text);
/* bytes: transfer full. */
OcsLabReply *ocs_lab_reply_new_bytes (guint status, const char *content_type, GBytes *bytes);
void ocs_lab_reply_free (OcsLabReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLabReply, ocs_lab_reply_free)

void ocs_lab_reply_set_header (OcsLabReply *reply, const char *name, const char *value);
/* Applies what the rule says of status, body and headers, and keeps it for the rest. rule: transfer full. */
void ocs_lab_reply_bend (OcsLabReply *reply, OcsLabRule *rule);
/* Reads from the body at pos, corrupted where the rule says so; -1 where the file cannot be read. */
gssize ocs_lab_reply_read (const OcsLabReply *reply, gint64 pos, char *buffer, gsize size);
