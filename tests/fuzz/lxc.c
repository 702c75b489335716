/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a size, and as a list of processors, of a container or a machine. */
#include "worker/inventory/guest.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  gint64 cpus = ocs_lxc_count_cpus (text);
  gint64 bytes = ocs_guest_megabytes (text, 1);
  gint64 megabytes = ocs_guest_megabytes (text, 1024 * 1024);
  if (cpus < 0 || cpus > G_MAXINT32 || bytes < 0 || bytes > G_MAXINT32 || megabytes < 0 || megabytes > G_MAXINT32)
    __builtin_trap ();
  return 0;
}
