/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/yumsources.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GHashTable) variables = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (variables, "basearch", "x86_64");
  g_autoptr (GPtrArray) sources = ocs_yum_parse (text, variables);
  g_assert_cmpuint (sources->len, <=, OCS_YUM_SOURCES_MAX);
  return 0;
}
