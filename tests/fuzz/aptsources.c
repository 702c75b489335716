/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as both forms of sources.list: never more entries than promised, and never a login in what is shown. */
#include "worker/inventory/aptsources.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check (GPtrArray *sources)
{
  if (sources->len > OCS_APT_SOURCES_MAX)
    __builtin_trap ();
  for (guint i = 0; i < sources->len; i++) {
    const OcsAptSource *source = g_ptr_array_index (sources, i);
    const char *place = strstr (source->uri, "://");
    if (*source->uri == '\0' || *source->suite == '\0' || (place != NULL && strchr (place, '@') != NULL))
      __builtin_trap ();
  }
  g_ptr_array_unref (sources);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  check (ocs_apt_parse_list (text));
  check (ocs_apt_parse_deb822 (text));
  return 0;
}
