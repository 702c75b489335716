/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as an EDID. Each block is given the right sum (and the first one its mark), or hardly any input would get past them. */
#include "worker/inventory/edid.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
seal (uint8_t *block)
{
  uint8_t sum = 0;

  for (size_t i = 0; i < OCS_EDID_BLOCK - 1; i++)
    sum = (uint8_t)(sum + block[i]);
  block[OCS_EDID_BLOCK - 1] = (uint8_t)-sum;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const uint8_t mark[] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};
  g_autofree uint8_t *blocks = g_memdup2 (data, size);
  g_autoptr (OcsEdid) raw = ocs_edid_parse (blocks, size);

  if (size < OCS_EDID_BLOCK)
    return raw == NULL ? 0 : -1;
  memcpy (blocks, mark, sizeof mark);
  for (size_t at = 0; at + OCS_EDID_BLOCK <= size; at += OCS_EDID_BLOCK)
    seal (blocks + at);

  g_autoptr (OcsEdid) edid = ocs_edid_parse (blocks, size);
  g_autofree char *model = edid == NULL ? NULL : ocs_edid_model (edid);
  g_autofree char *serial = edid == NULL ? NULL : ocs_edid_serial (edid);
  if ((model != NULL && (strlen (model) > 13 || !g_str_is_ascii (model)))
      || (serial != NULL && (strlen (serial) > 13 || !g_str_is_ascii (serial))))
    __builtin_trap ();
  return 0;
}
