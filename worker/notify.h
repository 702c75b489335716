/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells the server new addresses of this machine between two inventories, so that the console finds a laptop where it is. */
#pragma once
#include "worker/site.h"

typedef struct _OcsNotify OcsNotify;
typedef void (*OcsNotifyFunc) (gpointer user_data);

/* site: borrowed: outlives us. on_over: what was begun has ended. */
OcsNotify *ocs_notify_new (OcsSite *site, OcsNotifyFunc on_over, gpointer user_data);
void ocs_notify_free (OcsNotify *notify);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsNotify, ocs_notify_free)

/* Looks whether the addresses differ from those that the server has, and tells it; nothing where that is under way. */
void ocs_notify_tell (OcsNotify *notify);
gboolean ocs_notify_is_telling (const OcsNotify *notify);
