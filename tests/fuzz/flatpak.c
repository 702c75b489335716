/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as what flatpak writes beside an application. */
#include "worker/inventory/flatpak.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_auto (OcsFlatpak) flatpak = {0};
  ocs_flatpak_parse (data, size, &flatpak);
  return 0;
}
