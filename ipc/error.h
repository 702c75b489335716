/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* One domain for the whole project; a code is named by what its reader can do about it.
 * Messages start in lower case, have no full stop and never hold a secret. */
#define OCS_ERROR (ocs_error_quark ())
typedef enum {
  OCS_ERROR_FAILED,            /* something else: read the message */
  OCS_ERROR_INVALID_DATA,      /* mend the file or the argument that is named */
  OCS_ERROR_UNSUPPORTED,       /* this version cannot do that */
  OCS_ERROR_DENIED,            /* ask somebody who may */
  OCS_ERROR_BUSY,              /* try again in a moment */
  OCS_ERROR_NOT_FOUND,         /* there is no such thing */
  OCS_ERROR_CANCELLED,         /* somebody ended it */
  OCS_ERROR_TIMED_OUT,         /* it took too long */
  OCS_ERROR_UNREACHABLE,       /* no way to the server */
  OCS_ERROR_PROXY_UNREACHABLE, /* no way to the proxy */
  OCS_ERROR_PROXY_AUTH,        /* the proxy wants another login */
  OCS_ERROR_PROXY_REFUSED,     /* the proxy said no: another one, or its rules */
  OCS_ERROR_SERVER_AUTH,       /* the server wants another login */
  OCS_ERROR_TLS,               /* the certificate is not accepted */
  OCS_ERROR_REFUSED,           /* the server said no, or nobody knows who */
  OCS_ERROR_BAD_REPLY,         /* what answered is not an OCS server */
  OCS_ERROR_DIGEST,            /* the bytes are not the promised ones */
  OCS_ERROR_NO_SPACE,          /* free some disk space */
  OCS_ERROR_NOT_CONFIGURED,    /* set a server */
  OCS_ERROR_UNTRUSTED,         /* a rule of trust forbids it */
  OCS_ERROR_INTERRUPTED,       /* it was cut short by a crash or a restart */
} OcsError;
#define OCS_ERROR_N (OCS_ERROR_INTERRUPTED + 1)

GQuark ocs_error_quark (void);

/* "proxy-auth" for OCS_ERROR_PROXY_AUTH; the value of Reason.code on the wire. */
const char *ocs_error_nick (OcsError code);
/* OCS_ERROR_FAILED for a nick of a newer version. */
OcsError ocs_error_from_nick (const char *nick);

/* "ProxyAuth"; the error of that name stands in each interface file. */
const char *ocs_error_wire_name (OcsError code);
/* Takes a qualified name ("org.ocscompanion.Worker.ProxyAuth" or one of org.varlink.service); FAILED for an unknown one. */
OcsError ocs_error_from_wire_name (const char *name);

/* Whether trying the same again later may help without anybody changing anything. */
gboolean ocs_error_is_retryable (const GError *error);
/* Whether error says that there is no way to the server from here (home, portal, VPN down), rather than a refusal. */
gboolean ocs_error_is_away (const GError *error);
/* Characters of what somebody else says about a failure: he may have been taken over, and it is kept, logged and shown. */
#define OCS_ERROR_TOLD_MAX 1000
/* An error in his words, as one line. */
GError *ocs_error_new_told (OcsError code, const char *message);

/* The code of error in OCS_ERROR; G_IO_ERROR codes are translated (ENOSPC, cancelled, timed out …). */
OcsError ocs_error_code (const GError *error);

/* Longer than a day nobody is made to wait, whatever a server asks for. */
#define OCS_RETRY_AFTER_MAX 86400
/* Seconds to leave whoever said so alone (Retry-After of an answer); only for errors of OCS_ERROR. Kept by g_error_copy() and on the
 * courier's socket. 0: it did not say. */
void ocs_error_set_retry_after (GError *error, gint64 seconds);
int ocs_error_retry_after (const GError *error);
