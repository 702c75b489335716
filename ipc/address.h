/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
#include <sys/un.h>

/* OCS_ERROR_INVALID_DATA where path is empty or too long for a socket (107 bytes). */
gboolean ocs_address_fill (struct sockaddr_un *address, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A connected, non-blocking, close-on-exec socket, or -1. OCS_ERROR_UNREACHABLE where nobody listens, OCS_ERROR_DENIED where the socket
 * may not be opened, OCS_ERROR_BUSY where the listener's queue is full. Does not wait. */
int ocs_address_connect (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
