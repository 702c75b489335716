/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stream after an upgrade, each way: blocks of a 32-bit big-endian length (1 … OCS_BLOCK_MAX) and that many bytes; length 0 is the
 * end of the data and is followed by the trailer, one Varlink message (JSON and a NUL byte; {} where there is nothing to say). Where that
 * says "more", another object follows: blocks, the end and a trailer. */
#pragma once
#include <gio/gio.h>
#include <json-glib/json-glib.h>

#define OCS_BLOCK_HEADER 4
void ocs_block_write_header (guint8 header[OCS_BLOCK_HEADER], guint32 length);
/* FALSE where length is over OCS_BLOCK_MAX. */
gboolean ocs_block_read_header (const guint8 header[OCS_BLOCK_HEADER], guint32 *length) G_GNUC_WARN_UNUSED_RESULT;
