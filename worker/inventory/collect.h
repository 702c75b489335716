/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inventory of a machine. */
#pragma once
#include "worker/core/inventory.h"
#include "worker/inventory/lane.h"
#include <gio/gio.h>

typedef struct {
  const char *root; /* NULL or "/": this machine; else the folder of a captured one (README.md) */
  gboolean no_software;
  gboolean extensions;     /* programs of the administrator are run */
  const char *user_domain; /* nullable; HARDWARE/USERDOMAIN */
  OcsLanes *lanes;         /* nullable; of ocs_collect_lanes(): what still hangs since an earlier time is left out at once */
} OcsCollectOptions;

/* Blocking, for a GTask thread, at most some minutes: each section has its time, and one that hangs is left out and noted. Reads files and
 * asks the kernel, starts no process but those, uses no network and does not wait for network file systems. options must live and stay as
 * they are until it returns. NULL only where cancellable (nullable) was cancelled. transfer full. */
OcsInventory *ocs_collect (const OcsCollectOptions *options, GCancellable *cancellable);
/* For all collections of a process. transfer full. */
OcsLanes *ocs_collect_lanes (void);
/* The same with NETWORKS alone: what may have changed since the last inventory when an address did. Takes a few milliseconds. */
OcsInventory *ocs_collect_networks (const OcsCollectOptions *options);
