/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be spared now: the line at this hour, a connection that is paid by the byte, a battery. */
#pragma once
#include "worker/core/package.h"
#include "worker/setup.h"

typedef struct _OcsThrift OcsThrift;
typedef void (*OcsThriftFunc) (gpointer user_data);

/* root: where the machine is read. */
OcsThrift *ocs_thrift_new (const char *root, OcsThriftFunc on_change, gpointer user_data);
void ocs_thrift_free (OcsThrift *thrift);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsThrift, ocs_thrift_free)

/* Tells package what holds it back now. */
void ocs_thrift_restrain (OcsThrift *thrift, const OcsSettings *settings, OcsPackage *package);
/* Whether people may say that it goes on all the same. */
gboolean ocs_thrift_may_hurry (const OcsSettings *settings, const OcsPackage *package);
/* Says why it waits, and until when; nothing where nothing holds it back. */
void ocs_thrift_describe (const OcsSettings *settings, const OcsPackage *package, OcsPackageStatus *status);
/* When to look again even if nobody tells of a change; 0: never. */
gint64 ocs_thrift_wake (const OcsPackage *package, gint64 now);
/* It is not known yet what the connection is. */
gboolean ocs_thrift_is_pending (const OcsThrift *thrift);
