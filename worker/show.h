/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams the inventory to somebody who wants to look at it, at the pace at which he reads. */
#pragma once
#include "ipc/call.h"
#include "worker/core/rights.h"
#include "worker/site.h"

/* Serves ShowInventory; takes the call over. site must outlive it. */
void ocs_show_inventory (OcsSite *site, OcsCall *call, gboolean xml, OcsRightsClass rights);
