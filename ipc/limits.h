/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#define OCS_WORKER_MESSAGE_MAX (64 * 1024)
#define OCS_COURIER_MESSAGE_MAX (1024 * 1024)
#define OCS_NESTING_MAX 32
/* Values in one message: what 1 MiB of empty arrays would cost is not paid. */
#define OCS_NODES_MAX (64 * 1024)
/* The same where people call: no call needs as many, and 64 peers at once must not keep the others waiting. */
#define OCS_WORKER_NODES_MAX 2048

/* The worker's own replies (a status with many packages) may be larger than what it takes. */
#define OCS_REPLY_MAX (1024 * 1024)

/* Unread output at which a peer is dropped; a watcher is never queued more than one status. */
#define OCS_OUTPUT_MAX (4 * 1024 * 1024)

/* Sized for 100 people logged in, each with a tray and a few ocsctl. */
#define OCS_CONNECTIONS_MAX 1024
#define OCS_CONNECTIONS_PER_USER_MAX 64
/* Calls of one connection that are answered in a row, before the others have their turn. One is in flight at most; the rest waits in the
 * kernel. */
#define OCS_CALLS_PER_CONNECTION_MAX 16
#define OCS_LISTEN_BACKLOG 1024

/* Of more fragments than this no map is told. */
#define OCS_FRAGMENT_MAP_MAX 400

/* What a sender on an upgraded connection is stopped at, and let go again at a quarter of it: enough to keep both ends busy. */
#define OCS_PIPE_FULL (512 * 1024)

/* A block of an upgraded connection. */
#define OCS_BLOCK_MAX (256 * 1024)
