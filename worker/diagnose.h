/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TestProxy: tries the way to the server step by step, streams what it finds, and changes nothing. */
#pragma once
#include "ipc/server.h"
#include "worker/core/rights.h"
#include "worker/site.h"

/* One test at a time; owned by the service. */
typedef struct _OcsDiagnose OcsDiagnose;

/* Takes call and answers it, also where the test cannot begin. draft: transfer full, nullable: tests this set-up and not that of the site.
 * small: transfer full, nullable; a small file that is like a package's parts. running: borrowed: outlives the test; set while it runs. */
void ocs_diagnose_start (OcsSite *site, OcsCall *call, OcsRightsClass rights, OcsSetup *draft, char *small, OcsDiagnose **running);
/* Ends it without a word. */
void ocs_diagnose_free (OcsDiagnose *diagnose);
