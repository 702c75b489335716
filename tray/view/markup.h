/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML of a server to what a label can show. Pure. */
#pragma once
#include <glib.h>

/* Longer texts are cut. */
#define OCS_MARKUP_MAX (64 * 1024)

/* Pango markup with links: br, p, b, i, ul, li and a (http and https) are honoured, every other tag is dropped and its text kept, but that
 * of script and style; comments and unknown entities' names stay out of sight or as they are. Always well-formed, whatever html holds;
 * nothing in it is ever fetched. Control characters and those that turn the direction of reading are left out. Transfer full; NULL where
 * there is nothing to read. */
char *ocs_markup_from_html (const char *html);
