/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of /var/lib/dpkg/status (deb-control paragraphs), read in place: nothing is copied. Pure. */
#pragma once
#include <glib.h>

/* Borrowed: in the text; not ended by a NUL. text is NULL where the field is absent. */
typedef struct {
  const char *text;
  gsize length;
} OcsSlice;

typedef struct {
  OcsSlice name;
  OcsSlice version;
  OcsSlice architecture;
  OcsSlice multi_arch;
  OcsSlice homepage;
  OcsSlice summary;        /* the first line of Description */
  OcsSlice status;         /* "install ok installed" */
  OcsSlice installed_size; /* KiB */
  gboolean is_unfinished;  /* in the middle of an upgrade, or of one that was cut off: unpacked, half installed, half configured */
} OcsDpkgPackage;

typedef void (*OcsDpkgFunc) (const OcsDpkgPackage *package, gpointer user_data);

/* Calls func for each package that has a name and is installed, triggers may be pending, or is_unfinished. */
void ocs_dpkg_parse (const char *text, gsize length, OcsDpkgFunc func, gpointer user_data);
gboolean ocs_slice_is (OcsSlice slice, const char *text);
