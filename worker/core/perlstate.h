/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Perl agent (ocsinventory-agent) remembers, read so that its machine stays the same row at the server: ocsinv.conf, ocsinv.adm,
 * its history, modules.conf (UnixAgent AccountConfig.pm, AccountInfo.pm, Download.pm). Pure. */
#pragma once
#include <glib.h>

/* The folder in basevardir that it makes of its server setting. transfer full. */
char *ocs_perlstate_folder (const char *server);

/* ocsinv.conf: the text of the element (DEVICEID, OCSFSERVER); NULL where there is none or it is empty. transfer full. */
char *ocs_perlstate_conf (const char *bytes, gsize length, const char *element);
/* ocsinv.adm. element-type OcsPair, never NULL. */
GPtrArray *ocs_perlstate_account (const char *bytes, gsize length);
/* Package numbers of its history. element-type char*, never NULL. */
GPtrArray *ocs_perlstate_history (const char *bytes, gsize length);
/* Modules that modules.conf loads and that have no counterpart here. element-type char*, never NULL. */
GPtrArray *ocs_perlstate_modules (const char *bytes, gsize length);

/* Whether the Perl agent itself would go on with that name: it makes a new one where the host's name is another, as on a cloned disk. */
gboolean ocs_perlstate_is_ours (const char *deviceid, const char *hostname);
