/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/xmlread.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *exact = g_memdup2 (data, size);
  g_autoptr (OcsXmlNode) root = ocs_xmlread_parse (exact == NULL ? "" : exact, size, NULL);
  return 0;
}
