/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the administrator has set for the tray, and whom people ask for help. Pure. */
#pragma once
#include <json-glib/json-glib.h>

typedef struct {
  char *show; /* owned; "all", "seat", "none" or "group:NAME" */
  gboolean quit;
  gboolean show_inventory;
  char *support_text; /* owned, nullable; with place holders, like support_url */
  char *support_url;  /* owned, nullable */
  char *logo;         /* owned, nullable; path of a picture */
} OcsPolicy;

/* What stands where nothing is set, or where the worker is too old to tell. */
OcsPolicy *ocs_policy_new (void);
void ocs_policy_free (OcsPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPolicy, ocs_policy_free)

/* The reply to GetPolicy; what is of another type than the interface says counts as not set. Transfer full. */
OcsPolicy *ocs_policy_from_json (JsonObject *reply);

/* Whom to ask, in plain words: %h is host, %t is tag ("" for NULL), %n a new line, %% a per cent sign. Transfer full; NULL where nothing
 * is set. */
char *ocs_policy_support (const OcsPolicy *policy, const char *host, const char *tag);
/* The address of the help desk with host and tag escaped; NULL where there is none, or where it is not http, https, mailto or tel: nothing
 * else is ever opened. Transfer full. */
char *ocs_policy_link (const OcsPolicy *policy, const char *host, const char *tag);
