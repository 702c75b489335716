/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/pages.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  on_header (data, size, NULL);
  return 0;
}
