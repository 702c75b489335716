/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody else's configuration as keys of ours: an ini of the Windows agent, ocsinventory-agent.cfg of the Perl agent (UnixAgent
 * Config.pm), or settings of the environment (http_proxy …). Pure. */
#pragma once
#include "worker/core/assign.h"

typedef enum { OCS_IMPORT_INI, OCS_IMPORT_PERL, OCS_IMPORT_ENVIRONMENT } OcsImportKind;

typedef struct {
  GPtrArray *values;   /* owned; element-type OcsAssign */
  GPtrArray *warnings; /* owned; element-type char*: what the reader should look at */
  GPtrArray *left_out; /* owned; element-type char*: "key: why", never a secret */
  char *base;          /* owned, nullable; PERL: basevardir */
  char *server;        /* owned, nullable; PERL: server as it stands there, of which the Perl agent makes a folder's name */
} OcsImport;

/* Never fails: what cannot be taken over is in left_out. What is empty there is not set here. */
OcsImport *ocs_import_parse (const char *bytes, gsize length, OcsImportKind kind);
void ocs_import_free (OcsImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsImport, ocs_import_free)

/* "ini", "perl", "environment". */
gboolean ocs_import_kind_from_name (const char *name, OcsImportKind *kind) G_GNUC_WARN_UNUSED_RESULT;
/* By what stands there: a [section] makes it an ini, http_proxy and its like an environment. */
OcsImportKind ocs_import_guess (const char *bytes, gsize length);
