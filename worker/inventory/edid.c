/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See edid.h. */
#include "worker/inventory/edid.h"
#include <string.h>

#define DESCRIPTOR 18
#define FIRST_DESCRIPTOR 54
#define DESCRIPTORS 4

#define TAG_SERIAL 0xFF
#define TAG_TEXT 0xFE
#define TAG_NAME 0xFC

#define EXTENSION_CTA 0x02
#define EXTENSION_DISPLAYID 0x70

#define PRODUCT_DISPLAYID 0x00
#define PRODUCT_DISPLAYID_2 0x20
#define PRODUCT_FIXED 12 /* maker, model, serial number, date, and the length of the name that follows */

/* Each block adds up to 0. */
static gboolean
is_whole (const guint8 *block)
{
  guint8 sum = 0;
  for (guint i = 0; i < OCS_EDID_BLOCK; i++)
    sum = (guint8)(sum + block[i]);
  return sum == 0;
}

/* Up to the line feed, only what can be printed, without space around it. */
static void
take_text (char out[14], const guint8 *bytes, gsize length)
{
  gsize used = 0;
  for (gsize i = 0; i < length && bytes[i] != '\n' && bytes[i] != '\0' && used < 13; i++)
    if (bytes[i] >= 0x20 && bytes[i] < 0x7F && (used > 0 || bytes[i] != ' '))
      out[used++] = (char)bytes[i];
  while (used > 0 && out[used - 1] == ' ')
    used--;
  out[used] = '\0';
}

/* Eighteen bytes: a timing, or a text where the first three are 0. */
static void
take_descriptor (OcsEdid *edid, const guint8 *at)
{
  char text[14];
  if (at[0] != 0 || at[1] != 0 || at[2] != 0)
    return;
  take_text (text, at + 5, DESCRIPTOR - 5);
  if (*text == '\0')
    return;
  if (at[3] == TAG_NAME && *edid->name == '\0')
    memcpy (edid->name, text, sizeof text);
  else if (at[3] == TAG_SERIAL && *edid->serial == '\0')
    memcpy (edid->serial, text, sizeof text);
  else if (at[3] == TAG_TEXT) /* panels write their maker first, their model last */
    memcpy (edid->text, text, sizeof text);
}

static gboolean
take_base (OcsEdid *edid, const guint8 *block)
{
  guint letters = (guint)block[8] << 8 | block[9];
  for (guint i = 0; i < 3; i++) {
    guint letter = letters >> (10 - 5 * i) & 0x1F;
    if (letter < 1 || letter > 26)
      return FALSE;
    edid->vendor[i] = (char)('A' + letter - 1);
  }
  edid->product = (guint16)(block[10] | block[11] << 8);
  edid->number = block[12] | (guint32)block[13] << 8 | (guint32)block[14] << 16 | (guint32)block[15] << 24;
  edid->week = block[16] >= 1 && block[16] <= 54 ? block[16] : 0;
  edid->year = block[17] > 0 ? 1990u + block[17] : 0;
  edid->is_digital = (block[20] & 0x80) != 0;
  for (guint i = 0; i < DESCRIPTORS; i++)
    take_descriptor (edid, block + FIRST_DESCRIPTOR + i * DESCRIPTOR);
  return TRUE;
}

/* CTA-861: byte 2 is where its descriptors begin. */
static void
take_cta (OcsEdid *edid, const guint8 *block)
{
  for (guint at = MAX (block[2], 4); block[2] >= 4 && at + DESCRIPTOR < OCS_EDID_BLOCK; at += DESCRIPTOR)
    take_descriptor (edid, block + at);
}

/* DisplayID: a section of data blocks (tag, revision, length), of which the product's may name the model. */
static void
take_displayid (OcsEdid *edid, const guint8 *block)
{
  gsize end = MIN (5 + (gsize)block[2], OCS_EDID_BLOCK - 1);
  for (gsize at = 5; at + 3 <= end && at + 3 + block[at + 2] <= end; at += 3 + (gsize)block[at + 2]) {
    gsize length = block[at + 2];
    const guint8 *data = block + at + 3;
    if ((block[at] != PRODUCT_DISPLAYID && block[at] != PRODUCT_DISPLAYID_2) || length < PRODUCT_FIXED)
      continue;
    gsize name = MIN (data[PRODUCT_FIXED - 1], length - PRODUCT_FIXED);
    if (*edid->name == '\0')
      take_text (edid->name, data + PRODUCT_FIXED, name);
  }
}

OcsEdid *
ocs_edid_parse (const void *bytes, gsize length)
{
  static const guint8 magic[] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};
  const guint8 *block = bytes;
  if (bytes == NULL || length < OCS_EDID_BLOCK || memcmp (block, magic, sizeof magic) != 0 || !is_whole (block))
    return NULL;
  g_autoptr (OcsEdid) edid = g_new0 (OcsEdid, 1);
  if (!take_base (edid, block))
    return NULL;
  length = MIN (length, OCS_EDID_MAX);
  for (gsize at = OCS_EDID_BLOCK; at + OCS_EDID_BLOCK <= length; at += OCS_EDID_BLOCK) {
    if (!is_whole (block + at))
      continue;
    if (block[at] == EXTENSION_CTA)
      take_cta (edid, block + at);
    else if (block[at] == EXTENSION_DISPLAYID)
      take_displayid (edid, block + at);
  }
  return g_steal_pointer (&edid);
}

void
ocs_edid_free (OcsEdid *edid)
{
  g_free (edid);
}

char *
ocs_edid_model (const OcsEdid *edid)
{
  if (*edid->name != '\0')
    return g_strdup (edid->name);
  if (*edid->text != '\0')
    return g_strdup (edid->text);
  return g_strdup_printf ("%s %04x", edid->vendor, edid->product);
}

char *
ocs_edid_serial (const OcsEdid *edid)
{
  if (*edid->serial != '\0' && strspn (edid->serial, "0 ") != strlen (edid->serial))
    return g_strdup (edid->serial);
  /* What makers leave there where they do not number. */
  if (edid->number <= 1 || edid->number == 0x01010101 || edid->number == G_MAXUINT32)
    return NULL;
  return g_strdup_printf ("%u", edid->number);
}
