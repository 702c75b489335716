/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http and https addresses, and the locations host[:port]/path of packages. Strict: what may reach a request line is ASCII, without
 * blanks, control characters, credentials, query or "..". Pure. */
#pragma once
#include <glib.h>

typedef struct {
  gboolean https;
  char *host;   /* owned; lower case, an IPv6 address without brackets */
  guint16 port; /* the scheme's where none is written */
  char *path;   /* owned; empty, or begins with / and does not end with it */
} OcsUrl;

/* OCS_ERROR_INVALID_DATA says what is wrong. */
OcsUrl *ocs_url_parse (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_url_free (OcsUrl *url);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsUrl, ocs_url_free)
/* Without the port where it is the scheme's. */
char *ocs_url_to_string (const OcsUrl *url);

/* The host of an http or https URL, lower case, without brackets; NULL where url is none. transfer full. */
char *ocs_url_host (const char *url);
gboolean ocs_url_is_https (const char *url);

/* host, host:port, [address]:port; port is 0 where none is written. Keeps *host and *port where it fails. */
gboolean ocs_url_split_host (const char *text, char **host, guint16 *port, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A package's number: 1 … 20 digits. */
gboolean ocs_url_id_is_valid (const char *id);

/* location: INFO_LOC or PACK_LOC, host[:port][/path], without a scheme (OCSInventory-Server Capacities/Download.pm).
 * Gives scheme://location/id/file; file: letters, digits, dot and hyphen. OCS_ERROR_INVALID_DATA. */
char *ocs_url_join (gboolean https, const char *location, const char *id, const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The host of a location, as ocs_url_host(); NULL with OCS_ERROR_INVALID_DATA where it is not valid. */
char *ocs_url_location_host (const char *location, GError **error) G_GNUC_WARN_UNUSED_RESULT;
