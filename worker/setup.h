/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the administrator has set up: the ini file and the certificates that it names, as read from disk, with what follows from them. */
#pragma once
#include "worker/core/route.h"
#include "worker/io/space.h"

typedef struct {
  char *path;            /* owned; of the ini file */
  char *state_dir;       /* owned; where the key of this machine is */
  OcsSettings *settings; /* owned; with what is wrong in settings->warnings */
  char *unreadable;      /* owned, nullable; why the ini file could not be read */
  char *ca_pem;          /* owned, nullable; content of CaBundle */
  char *ca_problem;      /* owned, nullable; why CaBundle could not be read */
  char *signers;         /* owned, nullable; content of RequireSignature; NULL also where it cannot be read, which forbids packages */
  char *client_cert;     /* owned, nullable; content of ClientCert */
  char *client_key;      /* owned, nullable, secret; content of ClientKey; NULL exactly where client_cert is */
  char *pac_text;        /* owned, nullable; content of the file of ProxyPac */
  char *proxy_ca;        /* owned, nullable; content of ProxyCa */
} OcsSetup;

/* Never fails: a file that cannot be read is said in the warnings, and nothing is configured then. state_dir: has the key of this machine.
 */
OcsSetup *ocs_setup_load (const char *path, const char *state_dir);
/* What would be, were text the ini file. */
OcsSetup *ocs_setup_load_with (const char *path, const char *state_dir, const char *text, gsize length);
void ocs_setup_free (OcsSetup *setup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsSetup, ocs_setup_free)

/* Whether a contact can be tried at all: OCS_ERROR_NOT_CONFIGURED or OCS_ERROR_TLS. */
gboolean ocs_setup_check (const OcsSetup *setup, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether there is a server to speak to: Local= means that none is, whatever else stands there. */
gboolean ocs_setup_has_server (const OcsSetup *setup);
/* Certificates of the server are not checked. */
gboolean ocs_setup_is_insecure (const OcsSetup *setup);
/* How much disk packages may take. */
OcsSpaceRules ocs_setup_space (const OcsSetup *setup);
/* Pointers into setup. */
OcsTrust ocs_setup_trust (const OcsSetup *setup);
/* Whether both lead to the same places by the same ways. */
gboolean ocs_setup_has_same_ways (const OcsSetup *setup, const OcsSetup *other);
/* A route for a call of dispatch.h, which takes the ways from it that the settings allow. transfer full. */
JsonObject *ocs_setup_route (const OcsSetup *setup, OcsRoutePurpose purpose);
/* FALSE where DirectFallback= does not allow it, or where it is direct anyway. */
gboolean ocs_setup_may_go_direct (const OcsSetup *setup, OcsRoutePurpose purpose);
/* The same without any proxy; NULL where ocs_setup_may_go_direct() says no. For a last try. */
JsonObject *ocs_setup_route_direct (const OcsSetup *setup, OcsRoutePurpose purpose);
