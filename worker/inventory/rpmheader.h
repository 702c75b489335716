/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rpm keeps of an installed package (rpm, lib/header.c, include/rpm/rpmtag.h): an index of tags and a store of values. Pure. */
#pragma once
#include <glib.h>

/* Texts are borrowed: in the bytes, ended by a NUL; NULL where there is none. */
typedef struct {
  const char *name;
  const char *version;
  const char *release;
  const char *summary;
  const char *vendor;
  const char *url;
  const char *architecture;
  gint64 installed; /* seconds since the epoch; 0: not said */
  gint64 size;      /* bytes on the disk */
} OcsRpmHeader;

/* FALSE where the bytes are no header or it has no name and version: a database holds other values too. */
gboolean ocs_rpmheader_parse (const guint8 *bytes, gsize length, OcsRpmHeader *header) G_GNUC_WARN_UNUSED_RESULT;
