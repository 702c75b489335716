/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that some Windows program wrote, as UTF-8. Pure. */
#pragma once
#include <glib.h>

/* Valid UTF-8 is kept, anything else is read as Windows-1252 (Latin-1 with the printable characters of 0x80…0x9f).
 * NUL bytes become U+FFFD. */
char *ocs_text_from_bytes (const char *bytes, gsize length);
/* Also looks at a byte order mark, which is dropped: UTF-8, UTF-16LE and UTF-16BE are read as such. */
char *ocs_text_from_file (const char *bytes, gsize length);

/* Whether text holds a control character (below 0x20, or 0x7f). FALSE for NULL. */
gboolean ocs_text_has_control (const char *text);
/* Reads a whole decimal number in minimum … maximum; blanks around it are allowed, a sign only in front. */
gboolean ocs_text_to_int (const char *text, gint64 minimum, gint64 maximum, gint64 *value) G_GNUC_WARN_UNUSED_RESULT;
