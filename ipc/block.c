/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-block"
#include "ipc/block.h"
#include "ipc/limits.h"
#include <string.h>

void
ocs_block_write_header (guint8 header[OCS_BLOCK_HEADER], guint32 length)
{
  guint32 wire = GUINT32_TO_BE (length);

  memcpy (header, &wire, OCS_BLOCK_HEADER);
}

gboolean
ocs_block_read_header (const guint8 header[OCS_BLOCK_HEADER], guint32 *length)
{
  guint32 wire;

  memcpy (&wire, header, OCS_BLOCK_HEADER);
  *length = GUINT32_FROM_BE (wire);
  return *length <= OCS_BLOCK_MAX;
}
