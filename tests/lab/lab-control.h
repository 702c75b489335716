/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test server as a whole: which part answers which path, and the control interface under /_lab/ (JSON):
 *   GET  /_lab/log     {"log": [every request but the control's own: time, method, path, query_string, secure, headers, status, sent,
 *                      complete, seconds; for /ocsinventory also query, deviceid, xml]}
 *   GET  /_lab/state   {"devices", "packages", "config", "rules": [{"pattern", "used"}]}
 *   POST /_lab/config  members to set            POST /_lab/package  {"id", "dir" …}: offer it (see lab-ocs.h, lab-device.h)
 *   POST /_lab/rule    a rule (see lab-rule.h)   POST /_lab/redeploy {"id", "device", "force"}
 *   POST /_lab/drop    {"id"}: offer it no more  POST /_lab/rules/clear, /_lab/log/clear, /_lab/reset (everything)
 * /download/ID/FILE comes from the package's dir, or else from the root folder. */
#pragma once
#include "tests/lab/lab-ocs.h"

typedef struct {
  GPtrArray *rules; /* owned; element-type OcsLabRule */
  GPtrArray *log;   /* owned; element-type JsonObject */
  OcsLabOcs *ocs;   /* owned */
  char *root;       /* owned, nullable: what /download serves beside the packages */
} OcsLabControl;

OcsLabControl *ocs_lab_control_new (const char *root);
void ocs_lab_control_free (OcsLabControl *control);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLabControl, ocs_lab_control_free)

/* An OcsLabHandler. */
OcsLabReply *ocs_lab_control_serve (OcsLabRequest *request, gpointer control);
