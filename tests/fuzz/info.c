/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the info file of a package: what is taken is sound, is the same after a journal, and has one text to sign. */
#include "worker/core/infofile.h"
#include "worker/core/signature.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check (const OcsInfo *info)
{
  g_autoptr (JsonObject) journal = ocs_info_to_json (info);
  g_autoptr (OcsInfo) back = ocs_info_from_json (journal, NULL);
  g_autofree char *text = ocs_signature_text (info, "x", NULL);
  g_autofree char *again = back != NULL ? ocs_signature_text (back, "x", NULL) : NULL;

  if (back == NULL || text == NULL || g_strcmp0 (text, again) != 0 || back->frags != info->frags || back->https != info->https)
    __builtin_trap ();
  if (info->frags < 0 || info->frags > OCS_INFO_FRAGMENTS_MAX || info->pri < 0 || strcmp (info->id, "17") != 0)
    __builtin_trap ();
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GHashTable) attributes = ocs_infofile_parse (size > 0 ? (const char *)data : "", size, NULL);
  g_autoptr (OcsInfo) info = attributes != NULL ? ocs_info_from_attributes (attributes, "17", NULL) : NULL;

  if (info != NULL)
    check (info);
  return 0;
}
