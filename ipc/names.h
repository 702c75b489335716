/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#define OCS_WORKER_INTERFACE "org.ocscompanion.Worker"
#define OCS_COURIER_INTERFACE "org.ocscompanion.Courier"
#define OCS_TRAY_APP_ID "org.ocscompanion.Tray"

#define OCS_WORKER_SOCKET "worker.sock"
#define OCS_COURIER_CONTROL_SOCKET "courier-control.sock"
#define OCS_COURIER_BULK_SOCKET "courier-bulk.sock"

#define OCS_DEFAULT_CONFIG "/etc/ocs-companion/ocsinventory.ini"
#define OCS_DEFAULT_STATE_DIR "/var/lib/ocs-companion"
#define OCS_DEFAULT_RUNTIME_DIR "/run/ocs-worker"
#define OCS_DEFAULT_COURIER_DIR "/run/ocs-courier"
#define OCS_SOCKET_ENVIRONMENT "OCS_COMPANION_SOCKET"
#define OCS_COURIER_USER "_ocs-courier"
#define OCS_ADMIN_GROUP "ocs-companion"

/* A version prefix that every server seen accepts; the column hardware.USERAGENT holds 50 characters. */
#define OCS_USER_AGENT "OCS-NG_unified_unix_agent_v2.1.0-companion-" OCS_VERSION
