/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How this machine reaches its server, in words, and the steps of a diagnosis. Pure. */
#pragma once
#include "ipc/status.h"
#include <glib.h>

typedef struct {
  char *server;     /* owned */
  char *encryption; /* owned, nullable; TLS, and whether the certificate is checked */
  char *proxy;      /* owned; kind and address */
  char *login;      /* owned, nullable; without a proxy */
  char *cache;      /* owned, nullable; what the proxy does with packages */
  char *trouble;    /* owned, nullable; what is wrong with the proxy */
  char *ways;       /* owned, nullable; a line for each purpose: by which way, and why by that */
  char *savings;    /* owned, nullable */
} OcsConnection;

OcsConnection *ocs_connection_build (const OcsStatus *status);
void ocs_connection_free (OcsConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsConnection, ocs_connection_free)

typedef struct {
  char *name;       /* owned; "Open a connection" */
  char *words;      /* owned; "All right (12 ms)", or what is wrong and what to do */
  char *why;        /* owned, nullable; what is wrong and what to do alone, behind the name: for the head of the list */
  const char *icon; /* borrowed; tells the result without words */
  gboolean bad;     /* failed, or a warning */
} OcsTestStep;

/* A reply of TestProxy; NULL where it holds no step. A name or result of a newer worker is shown as it is. Transfer full. */
OcsTestStep *ocs_test_step_from_json (JsonObject *reply);
void ocs_test_step_free (OcsTestStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsTestStep, ocs_test_step_free)
/* What it all means. steps: how many there were; bad: those that were not all right. Transfer full. */
char *ocs_test_step_summary (guint steps, guint bad);
