/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any JSON as the journal of a package: what is taken can be shown, stepped and written again. */
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/package.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
use (OcsPackage *package)
{
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, OCS_ERROR_UNTRUSTED, "x");
  const OcsConsent consent = {.step = OCS_CONSENT_GIVEN};
  g_autoptr (OcsPackageStatus) status G_GNUC_UNUSED = ocs_package_status (package);
  OcsDuty duty = ocs_package_next (package, 1800000000);

  if (duty.kind == OCS_DUTY_FETCH && (duty.fragment < 1 || duty.fragment > package->info->frags))
    __builtin_trap ();
  for (guint kind = OCS_EVENT_WITHDRAWN; kind < OCS_EVENT_N; kind++) {
    OcsEvent event = {.kind = kind,
                      .now = 1800000000,
                      .error = error,
                      .consent = &consent,
                      .code = "SUCCESS",
                      .fragment = 1,
                      .timeout = 1,
                      .random = 0.5};
    g_autoptr (JsonObject) journal = NULL;
    g_autoptr (OcsPackage) back = NULL;

    if (kind == OCS_EVENT_DESCRIBED)
      continue;
    ocs_package_step (package, &event);
    ocs_package_next (package, 1800000000);
    journal = ocs_package_to_json (package);
    back = ocs_package_from_json (journal, NULL);
    if (back == NULL)
      __builtin_trap ();
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (JsonObject) object = ocs_json_parse (size > 0 ? (const char *)data : "", size, NULL);
  g_autoptr (OcsPackage) package = object != NULL ? ocs_package_from_json (object, NULL) : NULL;

  if (package != NULL)
    use (package);
  return 0;
}
