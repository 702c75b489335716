/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of single keys in the text of an ocsinventory.ini: comments, order, blanks and line ends of all other lines stay. Reads the text
 * as ini.h does, so that what was set is what is read. Pure. */
#pragma once
#include <glib.h>

/* text: UTF-8, without a byte order mark. value: UTF-8 without control characters, blanks at its ends are kept by quotes; NULL takes the
 * key out, wherever it stands in sections of that name. A key that stands there is changed in its place; a new one comes behind the last
 * one of its section, a new section to the end. transfer full. */
char *ocs_iniedit_set (const char *text, const char *section, const char *key, const char *value);
