/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as config.v2.json of a container, and after the first NUL as its hostconfig.json. */
#include "worker/inventory/guest.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *config = g_strndup ((const char *)data, size);
  gsize length = strlen (config);
  g_autofree char *hostconfig = length < size ? g_strndup ((const char *)data + length + 1, size - length - 1) : NULL;
  g_autoptr (OcsGuest) guest = ocs_docker_parse (config, hostconfig);
  if (guest != NULL && (guest->name == NULL || guest->status == NULL || guest->vcpu < 0 || guest->memory_mb < 0))
    __builtin_trap ();
  return 0;
}
