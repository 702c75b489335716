/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of the OCS protocol: packed and unpacked XML, and its few values. */
#pragma once
#include <gio/gio.h>
#include <libxml/tree.h>

typedef enum { OCS_LAB_FORM_PLAIN, OCS_LAB_FORM_ZLIB, OCS_LAB_FORM_GZIP } OcsLabForm;

/* NULL where it is neither zlib, gzip nor begins with "<?xml", or is over 256 MiB. A truncated stream is accepted, as by the real server.
 */
GBytes *ocs_lab_xml_unpack (const guint8 *data, gsize size, OcsLabForm *form);
GBytes *ocs_lab_xml_pack (const char *text, OcsLabForm form);
/* NULL where it is not well-formed. */
xmlDoc *ocs_lab_xml_parse (GBytes *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

xmlNode *ocs_lab_xml_child (xmlNode *node, const char *name); /* borrowed, nullable; the first of that name */
guint ocs_lab_xml_count (xmlNode *node, const char *name);
/* The text of an attribute or of a child element of that name, which are the same to the server; NULL where neither has any. */
char *ocs_lab_xml_value (xmlNode *node, const char *name);
