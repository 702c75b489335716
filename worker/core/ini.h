/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsinventory.ini as the Windows agent reads it by GetPrivateProfileString: [Section], key=value, names in any case, quotes around
 * a whole value dropped. Pure: bytes in; what each value means is for settings.h. */
#pragma once
#include <glib.h>

typedef struct _OcsIni OcsIni;

typedef struct {
  char *section; /* owned; as written */
  char *key;     /* owned; as written */
  char *value;   /* owned; UTF-8, trimmed, may be empty; wiped when freed, as it may be a login */
  guint line;    /* from 1 */
  char *source;  /* owned, nullable: of the file itself; the name of the drop-in that it stands in */
} OcsIniEntry;

/* Never fails. Understands CRLF, LF and CR, a byte order mark, UTF-8, UTF-16 and Latin-1, and comments by ; and #. What is malformed
 * is left out and the rest kept. Of a key that stands twice the first counts, as on Windows.
 * warnings: nullable; gets a char* ("line 12: …") each, without values, capped at 50; ocs_ini_warnings() has the same. */
OcsIni *ocs_ini_parse (const char *bytes, gsize length, GPtrArray *warnings);
void ocs_ini_free (OcsIni *ini);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsIni, ocs_ini_free)

/* Lays a drop-in over ini: what stands in both is the drop-in's, an empty value too. name: of its file, which its warnings then begin with.
 * drop_in: transfer full. */
void ocs_ini_overlay (OcsIni *ini, OcsIni *drop_in, const char *name);

/* Adds to the warnings. */
void ocs_ini_warn (OcsIni *ini, const char *warning);

/* section, key: any case. NULL where the key does not stand there. borrowed. */
const char *ocs_ini_get (const OcsIni *ini, const char *section, const char *key);
/* "line 12", or "NAME line 12" in a drop-in; NULL where the key does not stand there. transfer full. */
char *ocs_ini_where (const OcsIni *ini, const char *section, const char *key);
/* Name of the drop-in that a key comes from; NULL for the file itself, and where it does not stand there. borrowed. */
const char *ocs_ini_source (const OcsIni *ini, const char *section, const char *key);
/* In the order of the file; element-type OcsIniEntry. borrowed. */
const GPtrArray *ocs_ini_entries (const OcsIni *ini);
/* element-type char*. borrowed. */
const GPtrArray *ocs_ini_warnings (const OcsIni *ini);
