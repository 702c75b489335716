/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that is read in pieces at offsets, because it is large and may be written while we read: never mapped. */
#pragma once
#include <glib.h>

typedef struct {
  /* Exactly size bytes from offset, or FALSE. */
  gboolean (*read) (gpointer user_data, guint64 offset, void *bytes, gsize size);
  gpointer user_data; /* borrowed: the caller's */
  guint64 size;       /* bytes that there are */
} OcsPages;

/* One value of a database. bytes: borrowed, for the time of the call. */
typedef void (*OcsPagesFunc) (const guint8 *bytes, gsize length, gpointer user_data);

/* No value that is handed out is larger: rpm's own limit for a header. */
#define OCS_PAGES_VALUE_MAX (256u * 1024 * 1024)
