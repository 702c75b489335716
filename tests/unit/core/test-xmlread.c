/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read of XML, and what is refused. */
#include "ipc/error.h"
#include "worker/core/xmlread.h"
#include <string.h>

static OcsXmlNode *
parse (const char *text, GError **error)
{
  g_autofree char *exact = g_memdup2 (text, strlen (text)); /* for the address sanitizer */

  return ocs_xmlread_parse (exact, strlen (text), error);
}

static void
test_taken (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsXmlNode) root =
      parse ("\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- a > b -->\n<domain type='kvm' id=\"a&amp;b\">\n <name> web &#x41;&#66;&lt; </name>"
             "<empty/><x><![CDATA[<raw>&amp;]]></x><name>second</name></domain >\n<!-- end -->\n",
             &error);
  g_autofree char *name = ocs_xmlread_child_text (root, "name");
  g_autofree char *raw = ocs_xmlread_child_text (root, "x");

  g_assert_no_error (error);
  g_assert_cmpstr (root->name, ==, "domain");
  g_assert_cmpstr (ocs_xmlread_attribute (root, "type"), ==, "kvm");
  g_assert_cmpstr (ocs_xmlread_attribute (root, "id"), ==, "a&b");
  g_assert_null (ocs_xmlread_attribute (root, "none"));
  g_assert_cmpstr (name, ==, "web AB<");
  g_assert_cmpstr (raw, ==, "<raw>&amp;");
  g_assert_null (ocs_xmlread_child_text (root, "empty"));
  g_assert_nonnull (ocs_xmlread_child (root, "empty"));
  g_assert_null (ocs_xmlread_child (NULL, "empty"));
  g_assert_cmpuint (root->children->len, ==, 4);
}

static void
test_refused (void)
{
  static const char *const odd[] = {"",
                                    "text",
                                    "<a>",
                                    "<a></b>",
                                    "<a",
                                    "<a/><b/>",
                                    "<a/>text",
                                    "<a b/>",
                                    "<a b=c/>",
                                    "<a b='1'c='2'/>",
                                    "<a b='1' b='2'/>",
                                    "<a b='<'/>",
                                    "<a b='1/>",
                                    "<a>&nbsp;</a>",
                                    "<a>&#0;</a>",
                                    "<a>&#xD800;</a>",
                                    "<a>&#99999999999;</a>",
                                    "<a>&#65</a>",
                                    "<a>&amp</a>",
                                    "<!DOCTYPE a><a/>",
                                    "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
                                    "<a><!DOCTYPE b></a>",
                                    "<a><!-- </a>",
                                    "<a><![CDATA[ </a>",
                                    "<1a/>",
                                    "< a/>",
                                    "<a>\xff</a>",
                                    "</a>"};

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (odd[i], &error));
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, "line 1"));
  }
}

static void
test_caps (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GString) many = g_string_new ("<a>");
  g_autofree char *large = g_strnfill (OCS_XMLREAD_LENGTH_MAX + 1, ' ');
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 300000; i++)
    g_string_append (deep, "<a>");
  g_assert_null (ocs_xmlread_parse (deep->str, deep->len, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  for (guint i = 0; i < OCS_XMLREAD_NODES_MAX; i++)
    g_string_append (many, "<b/>");
  g_assert_null (ocs_xmlread_parse (many->str, many->len, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (ocs_xmlread_parse (large, strlen (large), &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (ocs_xmlread_parse ("<a>\0</a>", 8, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

static void
test_cut (void)
{
  static const char text[] = "<?xml?><!--c--><a b='1' c=\"&#65;\"><d>&lt;<![CDATA[x]]></d><e/></a>";

  for (gsize length = 0; length < sizeof text - 1; length++) {
    g_autofree char *cut = g_memdup2 (text, length);
    g_autoptr (OcsXmlNode) root = ocs_xmlread_parse (cut == NULL ? "" : cut, length, NULL);

    g_assert_null (root);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xmlread/taken", test_taken);
  g_test_add_func ("/xmlread/refused", test_refused);
  g_test_add_func ("/xmlread/caps", test_caps);
  g_test_add_func ("/xmlread/cut", test_cut);
  return g_test_run ();
}
