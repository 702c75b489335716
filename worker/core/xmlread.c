/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/xmlread.h"
#include "ipc/error.h"
#include <string.h>

typedef struct {
  const char *at;
  const char *end;
  const char *start;
  guint nodes;
  GError **error; /* borrowed: the caller's */
} Reader;

static gboolean
wrong (Reader *reader, const char *what)
{
  guint line = 1;

  for (const char *at = reader->start; at < reader->at; at++)
    line += *at == '\n';
  g_set_error (reader->error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "line %u of the XML: %s", line, what);
  return FALSE;
}

static OcsXmlNode *
node_new (char *name)
{
  OcsXmlNode *node = g_new0 (OcsXmlNode, 1);

  node->name = name;
  node->text = g_string_new (NULL);
  node->children = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_xmlread_free);
  return node;
}

void
ocs_xmlread_free (OcsXmlNode *node)
{
  if (node == NULL)
    return;
  g_free (node->name);
  g_clear_pointer (&node->attributes, g_hash_table_unref);
  g_string_free (node->text, TRUE);
  g_ptr_array_unref (node->children);
  g_free (node);
}

static gboolean
looks_at (const Reader *reader, const char *text)
{
  gsize length = strlen (text);

  return (gsize)(reader->end - reader->at) >= length && memcmp (reader->at, text, length) == 0;
}

static void
skip_space (Reader *reader)
{
  while (reader->at < reader->end && g_ascii_isspace (*reader->at))
    reader->at++;
}

/* Moves behind text; FALSE where it does not come. */
static gboolean
skip_past (Reader *reader, const char *text)
{
  for (; reader->at < reader->end; reader->at++)
    if (looks_at (reader, text)) {
      reader->at += strlen (text);
      return TRUE;
    }
  return wrong (reader, "something is not ended");
}

static gboolean
is_name_character (char c)
{
  return g_ascii_isalnum (c) || strchr ("_-.:", c) != NULL || (guchar)c >= 0x80;
}

static char *
take_name (Reader *reader)
{
  const char *start = reader->at;

  if (reader->at < reader->end && (g_ascii_isdigit (*start) || *start == '-' || *start == '.'))
    return NULL;
  while (reader->at < reader->end && *reader->at != '\0' && is_name_character (*reader->at))
    reader->at++;
  return reader->at == start ? NULL : g_strndup (start, (gsize)(reader->at - start));
}

/* "&…;" at *at; what it stands for goes to out. */
static gboolean
take_reference (Reader *reader, GString *out)
{
  static const struct {
    const char *text;
    char stands_for;
  } entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
  gboolean is_hex = looks_at (reader, "&#x");
  gunichar number = 0;
  const char *digit;

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (looks_at (reader, entities[i].text)) {
      g_string_append_c (out, entities[i].stands_for);
      reader->at += strlen (entities[i].text);
      return TRUE;
    }
  if (!looks_at (reader, "&#"))
    return wrong (reader, "an entity is not known");
  for (digit = reader->at + (is_hex ? 3 : 2); digit < reader->end && number <= 0x10FFFF; digit++) {
    if (is_hex ? !g_ascii_isxdigit (*digit) : !g_ascii_isdigit (*digit))
      break;
    number = number * (is_hex ? 16 : 10) + (gunichar)g_ascii_xdigit_value (*digit);
  }
  if (digit >= reader->end || *digit != ';' || number == 0 || number > 0x10FFFF || !g_unichar_validate (number))
    return wrong (reader, "a character has no such number");
  g_string_append_unichar (out, number);
  reader->at = digit + 1;
  return TRUE;
}

static gboolean
take_attribute (Reader *reader, OcsXmlNode *node)
{
  g_autofree char *name = take_name (reader);
  g_autoptr (GString) value = g_string_new (NULL);
  char quote;

  skip_space (reader);
  if (name == NULL || !looks_at (reader, "="))
    return wrong (reader, "an attribute is written as name=\"value\"");
  reader->at++;
  skip_space (reader);
  quote = reader->at < reader->end ? *reader->at : '\0';
  if (quote != '"' && quote != '\'')
    return wrong (reader, "an attribute is written as name=\"value\"");
  for (reader->at++; reader->at < reader->end && *reader->at != quote;)
    if (*reader->at == '<')
      return wrong (reader, "there is a < in an attribute");
    else if (*reader->at != '&')
      g_string_append_c (value, *reader->at++);
    else if (!take_reference (reader, value))
      return FALSE;
  if (reader->at == reader->end)
    return wrong (reader, "an attribute is not ended");
  reader->at++;
  if (node->attributes == NULL)
    node->attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!g_hash_table_insert (node->attributes, g_steal_pointer (&name), g_strdup (value->str)))
    return wrong (reader, "an attribute is there twice");
  return TRUE;
}

/* From behind "<" to behind ">". *empty: it was "<name/>". NULL with an error. */
static OcsXmlNode *
take_tag (Reader *reader, gboolean *empty)
{
  char *name = take_name (reader);
  g_autoptr (OcsXmlNode) node = name == NULL ? NULL : node_new (name);

  *empty = FALSE;
  if (node == NULL || ++reader->nodes > OCS_XMLREAD_NODES_MAX) {
    wrong (reader, node == NULL ? "an element has no name" : "there are too many elements");
    return NULL;
  }
  for (;;) {
    gboolean spaced = reader->at < reader->end && g_ascii_isspace (*reader->at);

    skip_space (reader);
    *empty = looks_at (reader, "/>");
    if (*empty || looks_at (reader, ">")) {
      reader->at += *empty ? 2 : 1;
      return g_steal_pointer (&node);
    }
    if (!spaced) {
      wrong (reader, "an element is not ended");
      return NULL;
    }
    if (!take_attribute (reader, node))
      return NULL;
  }
}

/* "<!…" and "<?…", which say nothing to us but CDATA. parent: nullable outside of the root. */
static gboolean
take_aside (Reader *reader, OcsXmlNode *parent)
{
  if (looks_at (reader, "<!--"))
    return skip_past (reader, "-->");
  if (looks_at (reader, "<?"))
    return skip_past (reader, "?>");
  if (parent != NULL && looks_at (reader, "<![CDATA[")) {
    const char *start = reader->at + strlen ("<![CDATA[");

    if (!skip_past (reader, "]]>"))
      return FALSE;
    g_string_append_len (parent->text, start, reader->at - strlen ("]]>") - start);
    return TRUE;
  }
  return wrong (reader, "a DOCTYPE is not taken");
}

static gboolean
take_end (Reader *reader, const OcsXmlNode *node)
{
  g_autofree char *name = NULL;

  reader->at += 2;
  name = take_name (reader);
  skip_space (reader);
  if (g_strcmp0 (name, node->name) != 0 || !looks_at (reader, ">"))
    return wrong (reader, "an end does not fit its element");
  reader->at++;
  return TRUE;
}

/* What is in node, up to its end. */
static gboolean
take_content (Reader *reader, OcsXmlNode *node, guint depth)
{
  while (reader->at < reader->end) {
    if (looks_at (reader, "</"))
      return take_end (reader, node);
    if (*reader->at == '&') {
      if (!take_reference (reader, node->text))
        return FALSE;
    } else if (*reader->at != '<') {
      g_string_append_c (node->text, *reader->at++);
    } else if (looks_at (reader, "<!") || looks_at (reader, "<?")) {
      if (!take_aside (reader, node))
        return FALSE;
    } else {
      gboolean empty = FALSE;
      OcsXmlNode *child;

      if (depth >= OCS_XMLREAD_DEPTH_MAX)
        return wrong (reader, "elements are too deep in each other");
      reader->at++;
      child = take_tag (reader, &empty);
      if (child == NULL)
        return FALSE;
      g_ptr_array_add (node->children, child);
      if (!empty && !take_content (reader, child, depth + 1))
        return FALSE;
    }
  }
  return wrong (reader, "it ends in the middle");
}

static gboolean
skip_outside (Reader *reader)
{
  for (;;) {
    skip_space (reader);
    if (!looks_at (reader, "<!") && !looks_at (reader, "<?"))
      return TRUE;
    if (!take_aside (reader, NULL))
      return FALSE;
  }
}

OcsXmlNode *
ocs_xmlread_parse (const char *text, gsize length, GError **error)
{
  Reader reader = {text, text + length, text, 0, error};
  g_autoptr (OcsXmlNode) root = NULL;
  gboolean empty = FALSE;

  if (length > OCS_XMLREAD_LENGTH_MAX || (length > 0 && memchr (text, '\0', length) != NULL)
      || !g_utf8_validate (text, (gssize)length, NULL)) {
    wrong (&reader, length > OCS_XMLREAD_LENGTH_MAX ? "it is too long" : "it is not UTF-8");
    return NULL;
  }
  if (looks_at (&reader, "\xEF\xBB\xBF"))
    reader.at += 3;
  if (!skip_outside (&reader))
    return NULL;
  if (!looks_at (&reader, "<")) {
    wrong (&reader, "there is no element");
    return NULL;
  }
  reader.at++;
  root = take_tag (&reader, &empty);
  if (root == NULL || (!empty && !take_content (&reader, root, 1)) || !skip_outside (&reader))
    return NULL;
  if (reader.at < reader.end) {
    wrong (&reader, "something follows the end");
    return NULL;
  }
  return g_steal_pointer (&root);
}

const OcsXmlNode *
ocs_xmlread_child (const OcsXmlNode *node, const char *name)
{
  for (guint i = 0; node != NULL && i < node->children->len; i++) {
    const OcsXmlNode *child = node->children->pdata[i];

    if (g_str_equal (child->name, name))
      return child;
  }
  return NULL;
}

char *
ocs_xmlread_child_text (const OcsXmlNode *node, const char *name)
{
  const OcsXmlNode *child = ocs_xmlread_child (node, name);
  g_autofree char *text = child == NULL ? NULL : g_strstrip (g_strdup (child->text->str));

  return text == NULL || *text == '\0' ? NULL : g_steal_pointer (&text);
}

const char *
ocs_xmlread_attribute (const OcsXmlNode *node, const char *name)
{
  return node == NULL || node->attributes == NULL ? NULL : g_hash_table_lookup (node->attributes, name);
}
