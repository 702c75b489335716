/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where dnf, yum and zypper take packages from: their .repo files. Pure. Must never let a login through. */
#pragma once
#include <glib.h>

#define OCS_YUM_SOURCES_MAX 4096

typedef struct {
  char *id;      /* owned */
  char *name;    /* owned, nullable */
  char *uri;     /* owned, nullable; the first baseurl, without a login */
  char *mirrors; /* owned, nullable; the list of mirrors or the metalink, without a login */
  char *exclude; /* owned, nullable; packages that are not taken from there */
  char *options; /* owned, nullable; as REPOSITORY/TAG shows them */
} OcsYumSource;

/* Of OcsYumSource, those that are enabled. variables: name → value for $name and ${name} in the texts. transfer full. */
GPtrArray *ocs_yum_parse (const char *text, GHashTable *variables);
