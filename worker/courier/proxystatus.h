/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proxy-Status (RFC 9209): what a proxy says of an answer that it wrote itself. Pure. */
#pragma once
#include <glib.h>

typedef struct {
  char *name;  /* owned; the proxy's name for itself */
  char *error; /* owned; a token of section 2.3, or another */
} OcsProxystatus;

/* The error of the proxy that is nearest to us, which writes last; NULL where none tells of one. field: several lines joined by ", ";
 * nullable. transfer full. */
OcsProxystatus *ocs_proxystatus_find (const char *field);
void ocs_proxystatus_free (OcsProxystatus *status);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsProxystatus, ocs_proxystatus_free)
