/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See rpmheader.h. All numbers are big-endian. */
#include "worker/inventory/rpmheader.h"
#include <stddef.h>
#include <string.h>

#define INDEX_MAX (1u << 20)
#define ENTRY_SIZE 16
#define TYPE_INT32 4
#define TYPE_INT64 5
#define TYPE_STRING 6
#define TYPE_STRINGS 8
#define TYPE_STRINGS_TRANSLATED 9 /* the first one is English */

/* A later row counts more. */
static const struct {
  guint32 tag;
  gboolean is_number;
  gsize offset;
} tags[] = {
    {1000, FALSE, offsetof (OcsRpmHeader, name)},         {1001, FALSE, offsetof (OcsRpmHeader, version)},
    {1002, FALSE, offsetof (OcsRpmHeader, release)},      {1004, FALSE, offsetof (OcsRpmHeader, summary)},
    {1008, TRUE, offsetof (OcsRpmHeader, installed)},     {1009, TRUE, offsetof (OcsRpmHeader, size)},
    {1011, FALSE, offsetof (OcsRpmHeader, vendor)},       {1020, FALSE, offsetof (OcsRpmHeader, url)},
    {1022, FALSE, offsetof (OcsRpmHeader, architecture)}, {5009, TRUE, offsetof (OcsRpmHeader, size)}, /* where it is over 4 GiB */
};

static guint32
get_32 (const guint8 *at)
{
  return (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

static void
take_number (const guint8 *store, guint32 size, guint32 type, guint32 offset, gint64 *number)
{
  if (type == TYPE_INT32 && size - offset >= 4)
    *number = get_32 (store + offset);
  else if (type == TYPE_INT64 && size - offset >= 8)
    *number = (gint64)MIN ((guint64)get_32 (store + offset) << 32 | get_32 (store + offset + 4), G_MAXINT64);
}

static void
take_text (const guint8 *store, guint32 size, guint32 type, guint32 offset, const char **text)
{
  gboolean is_text = type == TYPE_STRING || type == TYPE_STRINGS || type == TYPE_STRINGS_TRANSLATED;
  if (is_text && memchr (store + offset, '\0', size - offset) != NULL)
    *text = (const char *)store + offset;
}

gboolean
ocs_rpmheader_parse (const guint8 *bytes, gsize length, OcsRpmHeader *header)
{
  *header = (OcsRpmHeader) {0};
  if (length < 8)
    return FALSE;
  guint32 count = get_32 (bytes);
  guint32 size = get_32 (bytes + 4);
  if (count == 0 || count > INDEX_MAX || (guint64)count * ENTRY_SIZE + size > length - 8)
    return FALSE;
  const guint8 *store = bytes + 8 + (gsize)count * ENTRY_SIZE;
  for (guint32 i = 0; i < count; i++) {
    const guint8 *entry = bytes + 8 + (gsize)i * ENTRY_SIZE; /* tag, type, offset, count */
    guint32 offset = get_32 (entry + 8);
    for (guint k = 0; k < G_N_ELEMENTS (tags) && offset < size; k++) {
      if (tags[k].tag != get_32 (entry))
        continue;
      if (tags[k].is_number)
        take_number (store, size, get_32 (entry + 4), offset, G_STRUCT_MEMBER_P (header, tags[k].offset));
      else
        take_text (store, size, get_32 (entry + 4), offset, G_STRUCT_MEMBER_P (header, tags[k].offset));
    }
  }
  return header->name != NULL && *header->name != '\0' && header->version != NULL;
}
