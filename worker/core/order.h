/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the worker wants ocs-run to do: the content of order.json in a package's folder, written before ocs-run is started. Pure. */
#pragma once
#include "worker/core/action.h"
#include <json-glib/json-glib.h>

#define OCS_ORDER_FILE "order.json"
#define OCS_ORDER_VERSION 1
/* Fragments of one package; a console cannot make more, and it bounds every loop over them. */
#define OCS_ORDER_FRAGMENTS_MAX 1000000

typedef struct {
  char *id; /* owned; digits */
  OcsAction action;
  char *command;      /* owned, nullable; for EXECUTE */
  char *name;         /* owned, nullable; for LAUNCH: "file arguments" */
  char *path;         /* owned, nullable; for STORE */
  char *install_path; /* owned, nullable; what the literal INSTALL_PATH stands for */
  guint fragments;    /* 0: there is no archive */
  char *digest;       /* owned, nullable; of the fragments, as ocs_digest_matches() takes it */
  char *digest_algo;  /* owned, nullable: then the digest is not checked again */
  guint timeout;      /* seconds, 0 for none */
} OcsOrder;

void ocs_order_free (OcsOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsOrder, ocs_order_free)

/* 1 to 32 ASCII digits: such an id can be a folder's name and a unit's instance. */
gboolean ocs_order_id_is_valid (const char *id);

/* transfer full. */
JsonObject *ocs_order_to_json (const OcsOrder *order);
/* OCS_ERROR_UNSUPPORTED for a newer version, OCS_ERROR_INVALID_DATA (names the member) for anything wrong. A command, name or path that
 * is missing is not wrong here: it is the package's result (ERR_BAD_PARAM). */
OcsOrder *ocs_order_from_json (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The order's command, name or path, by its action, with INSTALL_PATH replaced (windows agent: in PATH, COMMAND and NAME). transfer
 * full; NULL where it is missing or blank. */
char *ocs_order_subject (const OcsOrder *order);
/* The attribute of the info file that ocs_order_subject() comes from: "COMMAND". */
const char *ocs_order_subject_name (const OcsOrder *order);
