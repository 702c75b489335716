/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this machine has learnt of each proxy that it goes through, by "host:port". Pure. */
#pragma once
#include "ipc/status.h"

#define OCS_PROXYBOOK_MAX 16
/* Another program may stand at the same address by then: seconds after which its manners are learnt anew. */
#define OCS_PROXYBOOK_FRESH (30 * 86400)

/* Whether the proxy answers from its cache alone where it is asked to (RFC 9111, only-if-cached). */
typedef enum { OCS_MANNERS_UNKNOWN, OCS_MANNERS_ASKABLE, OCS_MANNERS_DEAF } OcsManners;

typedef struct {
  char *name;  /* owned; "host:port" */
  gint64 used; /* seconds since the epoch */
  OcsManners manners;
  gint64 learnt;     /* when the manners were */
  gint64 from_cache; /* package bytes through it */
  gint64 from_wan;
  OcsVerdict verdict; /* of the newest fragment */
  gint64 kept;        /* bytes of the largest object that it has kept, 0 where none was seen */
  gint64 not_kept;    /* of the smallest larger one that it did not keep, 0 where none was seen */
} OcsProxyPage;

typedef struct _OcsProxybook OcsProxybook;

OcsProxybook *ocs_proxybook_new (void);
void ocs_proxybook_free (OcsProxybook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsProxybook, ocs_proxybook_free)

/* borrowed, until the next call of ocs_proxybook_open(); NULL for a proxy that was never used. */
const OcsProxyPage *ocs_proxybook_find (const OcsProxybook *book, const char *name);
/* Makes one where there is none; the one that was not used for longest goes where there are too many. borrowed, until the next call. */
OcsProxyPage *ocs_proxybook_open (OcsProxybook *book, const char *name, gint64 now);

/* What is known at now: what was learnt long ago is not. page: nullable. */
OcsManners ocs_proxybook_manners (const OcsProxyPage *page, gint64 now);
/* status: of the answer to HEAD for what nobody has, with only-if-cached: 504 says that it listens, anything else is the server's. */
void ocs_proxybook_learn (OcsProxyPage *page, int status, gint64 now);

/* A fragment of size bytes has come, bytes of it just now. claimed: the proxy had said that it holds it; where it then came over the
 * WAN, it does not listen. */
void ocs_proxybook_note (OcsProxyPage *page, OcsVerdict verdict, gint64 bytes, gint64 size, gboolean claimed, gint64 now);
/* Whether it would teach something to ask if it has kept an object of that size, which has just come over the WAN. */
gboolean ocs_proxybook_wonders (const OcsProxyPage *page, gint64 size, gint64 now);
void ocs_proxybook_note_kept (OcsProxyPage *page, gint64 size, gboolean kept);
/* One line for the administrator where objects come through it that it does not keep; NULL otherwise. transfer full. */
char *ocs_proxybook_describe (const OcsProxyPage *page);

/* [{…}]; transfer full. */
JsonArray *ocs_proxybook_to_json (const OcsProxybook *book);
/* Tolerant. array: nullable. */
OcsProxybook *ocs_proxybook_from_json (JsonArray *array);
