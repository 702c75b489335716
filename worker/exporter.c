/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-exporter"
#include "worker/exporter.h"
#include "worker/core/metrics.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "metrics.prom"
/* A download changes the status four times a second; nobody collects so often. */
#define PAUSE 10

struct _OcsExporter {
  OcsSite *site;    /* borrowed: outlives us */
  OcsAgent *agent;  /* borrowed: outlives us */
  char *path;       /* owned */
  char *temporary;  /* owned; hidden from collectors, which read *.prom */
  gint64 written;   /* monotonic microseconds */
  guint due;        /* source of the next write */
  gboolean failing; /* and that has been said */
};

/* Nothing is synced: after a power cut there is another boot and another file. */
static gboolean
replace (OcsExporter *exporter, const char *text)
{
  int fd = g_open (exporter->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  gsize length = strlen (text);
  gboolean done;

  if (fd < 0)
    return FALSE;
  /* The worker's umask shuts out the collector, which has a user of its own. */
  done = fchmod (fd, 0644) == 0 && write (fd, text, length) == (gssize)length;
  return close (fd) == 0 && done && g_rename (exporter->temporary, exporter->path) == 0;
}

static void export(OcsExporter *exporter)
{
  g_autoptr (OcsStatus) status = ocs_agent_status (exporter->agent);
  g_autofree char *text = ocs_metrics_format (status, &exporter->site->ledger->tally);

  exporter->written = g_get_monotonic_time ();
  if (replace (exporter, text)) {
    exporter->failing = FALSE;
  } else if (!exporter->failing) {
    g_message ("cannot write %s: %s; the figures for monitoring are missing or old", exporter->path, g_strerror (errno));
    exporter->failing = TRUE;
  }
}

static gboolean
on_due (gpointer user_data)
{
  OcsExporter *exporter = user_data;

  exporter->due = 0;
  export(exporter);
  return G_SOURCE_REMOVE;
}

OcsExporter *
ocs_exporter_new (OcsSite *site, OcsAgent *agent, const char *folder)
{
  OcsExporter *exporter = g_new0 (OcsExporter, 1);

  exporter->site = site;
  exporter->agent = agent;
  exporter->path = g_build_filename (folder, NAME, NULL);
  exporter->temporary = g_build_filename (folder, "." NAME ".new", NULL);
  exporter->due = g_idle_add (on_due, exporter);
  return exporter;
}

void
ocs_exporter_free (OcsExporter *exporter, gboolean keep)
{
  if (exporter == NULL)
    return;
  g_clear_handle_id (&exporter->due, g_source_remove);
  if (keep)
    export(exporter);
  else
    g_unlink (exporter->path);
  g_free (exporter->path);
  g_free (exporter->temporary);
  g_free (exporter);
}

void
ocs_exporter_changed (OcsExporter *exporter)
{
  gint64 age = (g_get_monotonic_time () - exporter->written) / G_USEC_PER_SEC;

  if (exporter->due == 0)
    exporter->due = age >= PAUSE ? g_idle_add (on_due, exporter) : g_timeout_add_seconds ((guint)(PAUSE - age), on_due, exporter);
}
