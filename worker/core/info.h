/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A package's own description: the attributes of the DOWNLOAD element in its info file, as OCSInventory-ocsreports
 * require/teledeploy/PackageBuilder.php writes them. Pure. */
#pragma once
#include "worker/core/action.h"

#include <json-glib/json-glib.h>

#define OCS_INFO_FRAGMENTS_MAX 1000000

typedef struct {
  char *id; /* owned */
  int pri;  /* 0 … 99; 0 is the most urgent */
  OcsAction action;
  char *digest;        /* owned, never NULL; empty without fragments, not checked here against any bytes */
  char *digest_algo;   /* owned, never NULL; MD5, SHA1, SHA256 or SHA512; empty without fragments */
  char *digest_encode; /* owned, never NULL; Hexa or Base64; empty without fragments */
  gboolean https;      /* PROTO: how fragments are fetched */
  gint64 frags;        /* 0 … OCS_INFO_FRAGMENTS_MAX */
  char *path;          /* owned, never NULL; where STORE puts it */
  char *name;          /* owned, never NULL; what LAUNCH starts, with its arguments */
  char *command;       /* owned, never NULL; what EXECUTE gives to the shell */
  gboolean notify_user;
  char *notify_text;       /* owned, never NULL */
  gint64 notify_countdown; /* seconds; 0: none; 120 where the console left it empty */
  gboolean notify_can_abort;
  gboolean notify_can_delay;
  gboolean need_done_action;
  char *need_done_action_text; /* owned, never NULL */
  char *signature;             /* owned, nullable; the file ID-sig in base64, put here by who fetched it; see signature.h */
} OcsInfo;

/* attributes: string → string. id: the package that was asked for. OCS_ERROR_INVALID_DATA names the attribute that is missing, empty
 * or odd; a DIGEST that cannot be one of its DIGEST_ALGO is odd. An empty FRAGS is 0, an absent one is an error; ACT, PROTO, DIGEST_ALGO
 * and DIGEST_ENCODE are taken in any case. */
OcsInfo *ocs_info_from_attributes (GHashTable *attributes, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
OcsInfo *ocs_info_copy (const OcsInfo *info); /* NULL for NULL */
void ocs_info_free (OcsInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsInfo, ocs_info_free)

JsonObject *ocs_info_to_json (const OcsInfo *info);
/* Checks everything again: OCS_ERROR_INVALID_DATA. */
OcsInfo *ocs_info_from_json (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
