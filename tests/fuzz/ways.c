/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a list of proxies, as the answer of a PAC file, as exceptions, and as an address that is looked for among them. */
#include "worker/core/bypass.h"
#include "worker/core/hop.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check (GPtrArray *hops, gboolean pac)
{
  for (guint i = 0; hops != NULL && i < hops->len; i++) {
    const OcsHop *hop = hops->pdata[i];

    if ((hop->kind == OCS_PROXY_NONE) != (hop->host == NULL) || (hop->host != NULL && (hop->port < 1 || hop->port > 65535))
        || (hop->user == NULL) != (hop->password == NULL) || (pac && hop->user != NULL) || hops->len > OCS_HOPS_MAX)
      __builtin_trap ();
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) hops = ocs_hops_parse (text, OCS_PROXY_HTTP, 3128, problems);
  g_autoptr (GPtrArray) pac = ocs_hops_parse_pac (text, NULL);
  g_autoptr (OcsBypass) bypass = ocs_bypass_parse (text, size % 2 == 0, problems);
  guint8 address[16];
  guint length = ocs_bypass_read_address (text, address);

  check (hops, FALSE);
  check (pac, TRUE);
  ocs_bypass_matches (bypass, "ocs.example", 80);
  ocs_bypass_matches (bypass, "10.1.2.3", 443);
  ocs_bypass_matches (bypass, "fd00::1", 80);
  if (length != 0 && length != 4 && length != 16)
    __builtin_trap ();
  return 0;
}
