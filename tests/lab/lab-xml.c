/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zlib, gzip or plain XML, the three forms that the real server takes (Apache/Ocsinventory/Server/System.pm), and libxml2 for reading. */
#include "tests/lab/lab-xml.h"

#include <libxml/parser.h>
#include <string.h>
#include <zlib.h>

#define TEXT_MAX (256u * 1024 * 1024)

static GBytes *
inflate_all (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 block[65536];
  z_stream z = {.next_in = (guint8 *)data, .avail_in = (uInt)size};
  int rc = inflateInit2 (&z, 15 + 32);
  while (rc == Z_OK && out->len < TEXT_MAX) {
    z.next_out = block;
    z.avail_out = sizeof block;
    rc = inflate (&z, Z_NO_FLUSH);
    if (rc == Z_OK || rc == Z_STREAM_END)
      g_byte_array_append (out, block, (guint)(sizeof block - z.avail_out));
  }
  inflateEnd (&z);
  if ((rc != Z_STREAM_END && rc != Z_BUF_ERROR) || out->len == 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

GBytes *
ocs_lab_xml_unpack (const guint8 *data, gsize size, OcsLabForm *form)
{
  *form = OCS_LAB_FORM_PLAIN;
  if (size >= 5 && g_ascii_strncasecmp ((const char *)data, "<?xml", 5) == 0)
    return g_bytes_new (data, size);
  if (size < 2)
    return NULL;
  *form = data[0] == 0x1f && data[1] == 0x8b ? OCS_LAB_FORM_GZIP : OCS_LAB_FORM_ZLIB;
  return inflate_all (data, size);
}

GBytes *
ocs_lab_xml_pack (const char *text, OcsLabForm form)
{
  gsize length = strlen (text);
  z_stream z = {.next_in = (guint8 *)text, .avail_in = (uInt)length};
  if (form == OCS_LAB_FORM_PLAIN || deflateInit2 (&z, 6, Z_DEFLATED, form == OCS_LAB_FORM_GZIP ? 31 : 15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return g_bytes_new (text, length);
  gsize room = deflateBound (&z, (uLong)length) + 64;
  guint8 *packed = g_malloc (room);
  z.next_out = packed;
  z.avail_out = (uInt)room;
  deflate (&z, Z_FINISH);
  gsize got = room - z.avail_out;
  deflateEnd (&z);
  return g_bytes_new_take (packed, got);
}

xmlDoc *
ocs_lab_xml_parse (GBytes *text)
{
  gsize size = 0;
  const char *data = g_bytes_get_data (text, &size);
  xmlDoc *doc = xmlReadMemory (data, (int)size, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
  /* The newer server refuses a document type (System.pm of 2.12.5). */
  if (doc && (!xmlDocGetRootElement (doc) || doc->intSubset)) {
    xmlFreeDoc (doc);
    return NULL;
  }
  return doc;
}

xmlNode *
ocs_lab_xml_child (xmlNode *node, const char *name)
{
  for (xmlNode *child = node ? node->children : NULL; child; child = child->next) {
    if (child->type == XML_ELEMENT_NODE && g_str_equal ((const char *)child->name, name))
      return child;
  }
  return NULL;
}

guint
ocs_lab_xml_count (xmlNode *node, const char *name)
{
  guint count = 0;
  for (xmlNode *child = node ? node->children : NULL; child; child = child->next)
    count += child->type == XML_ELEMENT_NODE && g_str_equal ((const char *)child->name, name);
  return count;
}

char *
ocs_lab_xml_value (xmlNode *node, const char *name)
{
  xmlNode *child = ocs_lab_xml_child (node, name);
  xmlChar *found = node ? xmlGetProp (node, (const xmlChar *)name) : NULL;
  if (!found && child)
    found = xmlNodeGetContent (child);
  char *value = found && *found ? g_strdup ((const char *)found) : NULL;
  xmlFree (found);
  return value;
}
