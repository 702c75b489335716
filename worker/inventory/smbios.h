/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SMBIOS (DMI) table as bytes: DMTF DSP0134. Pure; every access is checked, since firmware lies. */
#pragma once
#include <glib.h>

typedef struct {
  guint8 type;
  guint16 handle;
  const guint8 *bytes; /* borrowed: in the table; the formatted area, header included */
  gsize length;
  const char *strings; /* borrowed: in the table; NUL-terminated strings up to strings_end */
  const char *strings_end;
} OcsSmbiosEntry;

typedef struct {
  guint8 *table;       /* owned */
  guint16 version;     /* 0x0208 for 2.8 */
  GArray *entries;     /* owned; of OcsSmbiosEntry */
  gboolean is_damaged; /* something is left that is no entry */
} OcsSmbios;

/* table: copied. entry_point: of smbios_entry_point, nullable (the version is then taken as 2.6). What is cut off or garbled is left
 * out: the result may have no entry, but is never NULL. */
OcsSmbios *ocs_smbios_parse (const void *table, gsize length, const void *entry_point, gsize entry_point_length);
/* Whether something was left out, or there is nothing in it. */
gboolean ocs_smbios_is_damaged (const OcsSmbios *smbios);
void ocs_smbios_free (OcsSmbios *smbios);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsSmbios, ocs_smbios_free)

/* The index'th entry of type; NULL where there is none. borrowed. Takes NULL. */
const OcsSmbiosEntry *ocs_smbios_find (const OcsSmbios *smbios, guint8 type, guint index);
const OcsSmbiosEntry *ocs_smbios_by_handle (const OcsSmbios *smbios, guint16 handle);

/* Little-endian numbers at offset; 0 where the entry ends before (an older SMBIOS) or is NULL. */
guint8 ocs_smbios_u8 (const OcsSmbiosEntry *entry, gsize offset);
guint16 ocs_smbios_u16 (const OcsSmbiosEntry *entry, gsize offset);
guint32 ocs_smbios_u32 (const OcsSmbiosEntry *entry, gsize offset);
/* The string whose number is at offset; NULL for none, and for what vendors write for none ("To be filled by O.E.M."): as a serial
 * number that would make the server merge unrelated machines. borrowed. */
const char *ocs_smbios_string (const OcsSmbiosEntry *entry, gsize offset);
/* text, or NULL where it is such a filler. */
const char *ocs_smbios_meaningful (const char *text);

/* The system's UUID, in lower case as the kernel writes it; NULL where it is not set. transfer full. */
char *ocs_smbios_uuid (const OcsSmbios *smbios);
/* "Notebook" for the SMBIOS number; NULL for an unknown one. */
const char *ocs_smbios_chassis_name (guint8 type);
