/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/text.h"

#include <errno.h>
#include <string.h>

/* Windows-1252 0x80 … 0x9f; 0 where Windows has no character there. */
static const guint16 cp1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

static gunichar
from_cp1252 (guchar byte)
{
  if (byte == 0)
    return 0xfffd;
  if (byte < 0x80 || byte >= 0xa0 || cp1252[byte - 0x80] == 0)
    return byte;
  return cp1252[byte - 0x80];
}

char *
ocs_text_from_bytes (const char *bytes, gsize length)
{
  GString *text;

  if (length == 0)
    return g_strdup ("");
  if (g_utf8_validate_len (bytes, length, NULL))
    return g_strndup (bytes, length);
  /* The only reason may be a NUL byte between good UTF-8. */
  text = g_string_sized_new (length + 16);
  if (memchr (bytes, 0, length) != NULL) {
    for (gsize i = 0; i < length; i++)
      if (bytes[i] == 0)
        g_string_append_unichar (text, 0xfffd);
      else
        g_string_append_c (text, bytes[i]);
    if (g_utf8_validate_len (text->str, text->len, NULL))
      return g_string_free (text, FALSE);
    g_string_truncate (text, 0);
  }
  for (gsize i = 0; i < length; i++)
    g_string_append_unichar (text, from_cp1252 ((guchar)bytes[i]));
  return g_string_free (text, FALSE);
}

/* Lone surrogates become U+FFFD. */
static char *
from_utf16 (const guchar *bytes, gsize length, gboolean big)
{
  GString *text = g_string_sized_new (length);
  gunichar high = 0;

  for (gsize i = 0; i + 1 < length; i += 2) {
    gunichar unit = big ? ((gunichar)bytes[i] << 8 | bytes[i + 1]) : ((gunichar)bytes[i + 1] << 8 | bytes[i]);
    gboolean is_low = unit >= 0xdc00 && unit < 0xe000;

    if (high != 0 && is_low) {
      g_string_append_unichar (text, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
      high = 0;
      continue;
    }
    if (high != 0)
      g_string_append_unichar (text, 0xfffd);
    high = unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
    if (high == 0)
      g_string_append_unichar (text, unit == 0 || is_low ? 0xfffd : unit);
  }
  if (high != 0 || length % 2 != 0)
    g_string_append_unichar (text, 0xfffd);
  return g_string_free (text, FALSE);
}

char *
ocs_text_from_file (const char *bytes, gsize length)
{
  if (length >= 2 && memcmp (bytes, "\xff\xfe", 2) == 0)
    return from_utf16 ((const guchar *)bytes + 2, length - 2, FALSE);
  if (length >= 2 && memcmp (bytes, "\xfe\xff", 2) == 0)
    return from_utf16 ((const guchar *)bytes + 2, length - 2, TRUE);
  if (length >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    return ocs_text_from_bytes (bytes + 3, length - 3);
  return ocs_text_from_bytes (bytes, length);
}

gboolean
ocs_text_has_control (const char *text)
{
  for (; text != NULL && *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return TRUE;
  return FALSE;
}

gboolean
ocs_text_to_int (const char *text, gint64 minimum, gint64 maximum, gint64 *value)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text != NULL ? text : ""));

  return g_ascii_string_to_signed (trimmed, 10, minimum, maximum, value, NULL);
}
