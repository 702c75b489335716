/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps metrics.prom in the runtime folder, for a Prometheus node exporter to collect. */
#pragma once
#include "worker/agent.h"

typedef struct _OcsExporter OcsExporter;

/* folder: exists; site, agent: borrowed: outlive us. A file that cannot be written is said once in the log. */
OcsExporter *ocs_exporter_new (OcsSite *site, OcsAgent *agent, const char *folder);
/* keep: the file stays as it is now; otherwise it goes, so that a worker that was stopped shows as absent figures, not as old ones. */
void ocs_exporter_free (OcsExporter *exporter, gboolean keep);

/* The status may be another: written at once where that was long ago, else a little later. */
void ocs_exporter_changed (OcsExporter *exporter);
