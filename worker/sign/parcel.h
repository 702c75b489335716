/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A package's folder on the server, as the console has made it: info, ID-1 … ID-N, and the signature ID-sig. */
#pragma once
#include "worker/core/info.h"

typedef struct {
  char *folder;  /* owned */
  OcsInfo *info; /* owned */
  char *text;    /* owned; what is signed, see signature.h */
} OcsParcel;

/* postcmd: nullable; of the activation. The fragments must have the digest that info promises: nobody should sign what he has not got.
 * OCS_ERROR names the file. */
OcsParcel *ocs_parcel_open (const char *folder, const char *postcmd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_parcel_free (OcsParcel *parcel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsParcel, ocs_parcel_free)

/* key and certificate: PEM. Writes ID-sig, readable for all. */
gboolean ocs_parcel_sign (const OcsParcel *parcel, const char *key, const char *certificate, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a machine that has certificates as RequireSignature= would take it. */
gboolean ocs_parcel_check (const OcsParcel *parcel, const char *certificates, GError **error) G_GNUC_WARN_UNUSED_RESULT;
