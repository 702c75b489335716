/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who a peer of the socket is: by its uid, its groups and what logind keeps under /run/systemd/users. */
#pragma once
#include "ipc/peer.h"
#include "worker/core/rights.h"

/* root, the worker's own user and the group ocs-companion are ADMIN. Without logind everybody else is ANY. */
OcsRightsClass ocs_login_rights (const OcsPeer *peer);
