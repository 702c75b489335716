/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/proxystatus.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autofree char *text = g_strndup ((const char *)bytes, length);
  g_autoptr (OcsProxystatus) status = ocs_proxystatus_find (text);

  g_assert_true (status == NULL || (status->name != NULL && *status->error != '\0'));
  return 0;
}
