/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tray knows of the worker: its status as it comes, what was asked here, and what goes with them. All windows show this one value
 * and act through it. Must not know widgets. */
#pragma once
#include "ipc/client.h"
#include "tray/view/policy.h"
#include "tray/view/request.h"

typedef struct _OcsModel OcsModel;
typedef void (*OcsModelFunc) (OcsModel *model, gpointer user_data);

struct _OcsModel {
  char *socket;              /* owned */
  OcsClient *client;         /* owned */
  OcsStatus *status;         /* owned; the newest; not running until the first */
  gboolean answered;         /* a status has come */
  OcsRequest request;        /* the last "Send inventory now" */
  OcsPolicy *policy;         /* owned */
  GPtrArray *contacts;       /* owned; element-type OcsOutcome; the newest last */
  GCancellable *cancellable; /* owned; calls that outlive the program's interest */
  char *read;                /* owned, nullable; names the contact after which policy and contacts were read */
  OcsModelFunc on_change;
  gpointer user_data; /* borrowed: outlives us */
};

/* on_change: something may have to be drawn anew. */
OcsModel *ocs_model_new (const char *socket_path, OcsModelFunc on_change, gpointer user_data);
void ocs_model_free (OcsModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsModel, ocs_model_free)

gboolean ocs_model_is_running (const OcsModel *model);
/* A call without anything beside it. parameters: transfer full, nullable. It is not told of the end of the program; user_data must hold
 * what it needs. */
void ocs_model_call_async (OcsModel *model, const char *method, JsonObject *parameters, GAsyncReadyCallback callback, gpointer user_data);
JsonObject *ocs_model_call_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Once more while the last one is not answered does nothing. */
void ocs_model_send_inventory (OcsModel *model);
