/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where apt takes packages from: both forms of sources.list(5). Pure. */
#pragma once
#include <glib.h>

#define OCS_APT_SOURCES_MAX 1024 /* of one file; a stanza of many types, places and suites multiplies */

typedef struct {
  char *uri;        /* owned; without login, query and fragment */
  char *suite;      /* owned; "bookworm-updates", or a path that ends in '/' */
  char *components; /* owned; "main contrib"; perhaps empty */
  char *options;    /* owned; those that say whom and what is trusted: "arch=amd64 signed-by=/usr/share/…"; perhaps empty */
} OcsAptSource;

/* "deb [options] uri suite component…" lines. Sources of source packages and what is commented out are left out. transfer full. */
GPtrArray *ocs_apt_parse_list (const char *text);
/* Stanzas of "Types:", "URIs:" …; those with "Enabled: no" are left out. transfer full. */
GPtrArray *ocs_apt_parse_deb822 (const char *text);
/* A place that may be shown: logins stand before '@', and some shops put a token into the query. transfer full. */
char *ocs_apt_show_uri (const char *uri);
