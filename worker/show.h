/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams the inventory to those who want to look at it, to each at the pace at which he reads. It is collected once at a time: who asks
 * meanwhile gets the same. */
#pragma once
#include "ipc/call.h"
#include "worker/core/rights.h"
#include "worker/site.h"

typedef struct _OcsShow OcsShow;

/* site: borrowed: outlives us. */
OcsShow *ocs_show_new (OcsSite *site);
/* Ends the calls that wait. */
void ocs_show_free (OcsShow *show);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsShow, ocs_show_free)

/* Serves ShowInventory; takes the call over. */
void ocs_show_inventory (OcsShow *show, OcsCall *call, gboolean xml, OcsRightsClass rights);
