/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells when addresses or routes of this machine have changed, by rtnetlink: no polling, and nothing is sent. */
#pragma once
#include <glib.h>

typedef struct _OcsNetwork OcsNetwork;
typedef void (*OcsNetworkFunc) (gpointer user_data);

/* on_change comes once a few seconds after the last of a row of changes. */
OcsNetwork *ocs_network_new (OcsNetworkFunc on_change, gpointer user_data);
void ocs_network_free (OcsNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsNetwork, ocs_network_free)
