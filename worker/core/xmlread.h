/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small, strict reader of XML for files and programs of this machine (libvirt's machines, sections of an administrator): elements,
 * attributes, text, the five entities, numeric references, comments, CDATA, processing instructions. No DOCTYPE, hence no entities of its
 * own; UTF-8 only; sizes are capped. What comes from the network is read by the courier. Pure. */
#pragma once
#include <glib.h>

#define OCS_XMLREAD_LENGTH_MAX (1024 * 1024)
#define OCS_XMLREAD_DEPTH_MAX 32
#define OCS_XMLREAD_NODES_MAX 65536

typedef struct _OcsXmlNode OcsXmlNode;
struct _OcsXmlNode {
  char *name;             /* owned */
  GHashTable *attributes; /* owned, nullable where there are none; name → value */
  GString *text;          /* owned; of this element itself, its children's left out */
  GPtrArray *children;    /* owned; of OcsXmlNode */
};

/* The root element. OCS_ERROR_INVALID_DATA names the line. transfer full. */
OcsXmlNode *ocs_xmlread_parse (const char *text, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_xmlread_free (OcsXmlNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsXmlNode, ocs_xmlread_free)

/* The first child of that name; borrowed, nullable. node: nullable. */
const OcsXmlNode *ocs_xmlread_child (const OcsXmlNode *node, const char *name);
/* The text of that child, stripped; transfer full, NULL where there is none. node: nullable. */
char *ocs_xmlread_child_text (const OcsXmlNode *node, const char *name);
/* borrowed, nullable. node: nullable. */
const char *ocs_xmlread_attribute (const OcsXmlNode *node, const char *name);
