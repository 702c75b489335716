/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a package may be taken, decided in one place. A package runs as root: whoever can forge the offer or the info is root here. */
#pragma once
#include "worker/core/offer.h"

/* How this machine is set up. All pointers are borrowed. */
typedef struct {
  const char *server_url;
  gboolean verify;        /* SSL=1 */
  gboolean has_ca_bundle; /* the file of CaBundle could be read */
  gboolean system_ca;     /* SystemCa=1 */
  gboolean allow_insecure_deployment;
  const char *const *trusted_info_hosts; /* nullable; NULL-terminated */
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
 * Empty (or NULL) is allowed. */
gboolean ocs_trust_allows_postcmd (const OcsTrust *trust, const char *postcmd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Only for an offer that ocs_trust_allows(). */
OcsInfoTrust ocs_trust_for_info (const OcsTrust *trust);
