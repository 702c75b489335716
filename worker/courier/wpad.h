/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a network may offer a PAC file by DNS: http://wpad.DOMAIN/wpad.dat for the domains that this machine searches names in, exactly
 * those. Nobody climbs from a.example.com to example.com or com: a stranger may own that. Pure. */
#pragma once
#include <glib.h>

#define OCS_WPAD_MAX 4

/* resolv_conf: content of /etc/resolv.conf (resolv.conf(5)); the last of search and domain counts. At most OCS_WPAD_MAX URLs. transfer
 * full. */
GStrv ocs_wpad_urls (const char *resolv_conf);
