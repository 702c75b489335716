/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of the worker as Prometheus reads it from a file (text exposition format 0.0.4). Pure.
 * Holds nothing that GetStatus does not tell anybody: no host, no DEVICEID, no package's name. */
#pragma once
#include "ipc/status.h"

typedef struct {
  gint64 contacts; /* ended ones since the state was made, also the failed */
  gint64 failures; /* of them */
  gint64 inventories;
} OcsTally;

/* status: unfiltered. Transfer full. */
char *ocs_metrics_format (const OcsStatus *status, const OcsTally *tally);
