/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the set-up assistant has been told so far: texts by field, what is wrong with them, and the settings that they make. Pure. */
#pragma once
#include <glib.h>
#include <json-glib/json-glib.h>

/* In the order of the pages. Flags are "0" or "1". */
typedef enum {
  OCS_DRAFT_SERVER,
  OCS_DRAFT_VERIFY,
  OCS_DRAFT_CA_BUNDLE,
  OCS_DRAFT_SERVER_USER,
  OCS_DRAFT_SERVER_PASSWORD,
  OCS_DRAFT_PROXY_KIND, /* "0" … "3", as ProxyType= */
  OCS_DRAFT_PROXY_HOST,
  OCS_DRAFT_PROXY_PORT,
  OCS_DRAFT_PROXY_USER,
  OCS_DRAFT_PROXY_PASSWORD,
  OCS_DRAFT_TAG,
  OCS_DRAFT_NO_TAG,
  OCS_DRAFT_NO_SOFTWARE,
  OCS_DRAFT_DEBUG,
  OCS_DRAFT_SHOW_TRAY,
} OcsDraftField;
#define OCS_DRAFT_N (OCS_DRAFT_SHOW_TRAY + 1)

typedef struct _OcsDraft OcsDraft;

OcsDraft *ocs_draft_new (void);
void ocs_draft_free (OcsDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsDraft, ocs_draft_free)

/* Takes over what is set: the reply of GetSettings. A secret that is set stays as it is until it is written anew. */
void ocs_draft_read_settings (OcsDraft *draft, JsonObject *reply);
/* Takes over values of Import's reply, in which a secret has no value: it stays what the import makes it until it is written anew. */
void ocs_draft_read_assignments (OcsDraft *draft, JsonArray *values);

/* Borrowed until the next set; never NULL. */
const char *ocs_draft_get (const OcsDraft *draft, OcsDraftField field);
gboolean ocs_draft_is_on (const OcsDraft *draft, OcsDraftField field);
void ocs_draft_set (OcsDraft *draft, OcsDraftField field, const char *text);
/* A secret that is set already and has not been written anew. */
gboolean ocs_draft_is_kept (const OcsDraft *draft, OcsDraftField field);
/* Whether the field means anything as the others are: no proxy has no port. */
gboolean ocs_draft_is_used (const OcsDraft *draft, OcsDraftField field);

/* A sentence, translated, static; NULL where all is right. */
const char *ocs_draft_problem (const OcsDraft *draft, OcsDraftField field);
/* No field from first to last has a problem. */
gboolean ocs_draft_is_good (const OcsDraft *draft, OcsDraftField first, OcsDraftField last);

/* For Configure; transfer full. Holds secrets. */
JsonArray *ocs_draft_assignments (const OcsDraft *draft);
