/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who a peer of the socket is: by its uid, its groups and what logind keeps under /run/systemd/users. */
#pragma once
#include "ipc/peer.h"
#include "worker/core/rights.h"

/* The group ocs-companion, (gid_t) -1 where there is none. Asks the group database, which may take its time: once, at the start. */
gid_t ocs_login_admin_group (void);
/* root, the worker's own user and admin_group are ADMIN. Without logind everybody else is ANY. */
OcsRightsClass ocs_login_rights (const OcsPeer *peer, gid_t admin_group);
/* What logind says of a user: PERSON where he is logged in, GRAPHICAL where one of his sessions has a screen, SEAT where he is active at
 * the machine, else ANY. users: the folder "/run/systemd/users"; the sessions lie beside it. */
OcsRightsClass ocs_login_session (const char *users, uid_t uid);
/* Whether anybody is logged in: by logind (users: as above), else by utmp. */
gboolean ocs_login_anybody (const char *users);
#define OCS_LOGIN_USERS "/run/systemd/users"
