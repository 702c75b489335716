/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a package may be taken, decided in one place. A package runs as root: whoever can forge the offer or the info is root here. */
#pragma once
#include "worker/core/info.h"
#include "worker/core/offer.h"

/* How this machine is set up. All pointers are borrowed. */
typedef struct {
  const char *server_url;
  gboolean verify;        /* SSL=1 */
  gboolean has_ca_bundle; /* the file of CaBundle could be read */
  gboolean system_ca;     /* SystemCa=1 */
  gboolean allow_insecure_deployment;
  const char *const *trusted_info_hosts; /* nullable; NULL-terminated */
  gboolean requires_signature;           /* RequireSignature= is set, whether its file could be read or not */
  const char *signers;                   /* nullable; that file, PEM */
} OcsTrust;

/* How the info file is to be fetched, always over https. Nothing set but verify: no certificate is accepted. */
typedef struct {
  gboolean verify;
  gboolean use_ca_bundle;
  gboolean system_ca;
} OcsInfoTrust;

/* OCS_ERROR_UNTRUSTED; the message says which setting would allow it. POSTCMD is judged on its own, see below. */
gboolean ocs_trust_allows (const OcsTrust *trust, const OcsOffer *offer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Of a server without https only REBOOT and SHUTDOWN are taken: POSTCMD comes with the PROLOG reply, that anybody on the way can change.
 * Where signatures are required it is part of what is signed, and ocs_trust_allows_info() judges it. Empty (or NULL) is allowed. */
gboolean ocs_trust_allows_postcmd (const OcsTrust *trust, const char *postcmd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the info, with its signature where one is required, may be acted upon together with the offer's POSTCMD. Nothing takes the
 * signature's place: neither https nor AllowInsecureDeployment. */
gboolean ocs_trust_allows_info (const OcsTrust *trust, const OcsOffer *offer, const OcsInfo *info,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All of the above, in this order. info: NULL where it is not known yet. */
gboolean ocs_trust_allows_package (const OcsTrust *trust, const OcsOffer *offer, const OcsInfo *info,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Only for an offer that ocs_trust_allows(). */
OcsInfoTrust ocs_trust_for_info (const OcsTrust *trust);
