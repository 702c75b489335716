/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LOCAL_USERS and LOCAL_GROUPS from the text of /etc/passwd and /etc/group. */
#pragma once
#include "worker/core/inventory.h"

/* passwd, group: nullable. Lines that are not of the form are left out. Pure. */
void ocs_accounts_add (OcsInventory *inventory, const char *passwd, const char *group);
