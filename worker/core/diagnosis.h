/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a test of the way to the server says, step by step, from how its requests went (the type Course of org.ocscompanion.Courier). Pure:
 * who makes the requests is diagnose.h. */
#pragma once
#include "ipc/status.h"
#include "worker/core/course.h"
#include "worker/core/proxybook.h"

typedef enum { OCS_TEST_OK, OCS_TEST_WARNING, OCS_TEST_FAILED, OCS_TEST_SKIPPED } OcsTestResult;

typedef struct {
  const char *name; /* static; resolve, connect, login, tunnel, server, fetch, again, cache, clock */
  OcsTestResult result;
  gint64 milliseconds;
  char *detail;      /* owned, nullable; one line, may name hosts */
  OcsReason *reason; /* owned, nullable; of a failure or a warning */
} OcsTestStep;

void ocs_test_step_free (OcsTestStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsTestStep, ocs_test_step_free)
/* The type TestStep of org.ocscompanion.Worker; transfer full. */
JsonObject *ocs_test_step_to_json (const OcsTestStep *step);

/* resolve, connect, login, tunnel, server. https: of the server. Element-type OcsTestStep, transfer full. */
GPtrArray *ocs_diagnosis_way (const OcsCourse *server, gboolean https);
/* fetch, again, cache: of the same small thing, again a moment later. first is NULL where nothing could be asked for; again likewise. page:
 * what real packages have taught, nullable. */
GPtrArray *ocs_diagnosis_cache (const OcsCourse *first, const OcsCourse *again, gboolean proxied, const OcsProxyPage *page);
/* The same three where it did not come so far. */
GPtrArray *ocs_diagnosis_no_cache (void);
/* What is wrong with a clock that is ahead seconds ahead of the server's, NULL where nothing is. transfer full. */
char *ocs_diagnosis_describe_clock (gint64 ahead);
/* clock. course: of an answer that no cache gave. */
OcsTestStep *ocs_diagnosis_clock (const OcsCourse *course, gint64 now);
