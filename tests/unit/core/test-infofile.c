/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/infofile.h"
#include <string.h>

typedef struct {
  const char *name;
  const char *text;
  const char *attribute;
  const char *value; /* NULL: the file is refused */
} Case;

static const Case cases[] = {
    {"plain", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DOWNLOAD ID=\"17\" FRAGS=\"2\" GARDEFOU=\"rien\" />\n", "FRAGS", "2"},
    {"bare ampersands", "<DOWNLOAD ID=\"1\" COMMAND=\"a && b & c\"/>", "COMMAND", "a && b & c"},
    {"angle brackets", "<DOWNLOAD COMMAND=\"cat < in > out\" ID=\"1\"/>", "COMMAND", "cat < in > out"},
    {"slash", "<DOWNLOAD PATH=\"/opt/x/\" ID=\"1\"/>", "PATH", "/opt/x/"},
    {"end in a value", "<DOWNLOAD COMMAND=\"echo '/>'\" ID=\"9\"/>", "ID", "9"},
    {"entities", "<DOWNLOAD COMMAND=\"&amp;&lt;&gt;&quot;&apos;&#65;&#x42;&#x20AC;\"/>", "COMMAND", "&<>\"'AB\xe2\x82\xac"},
    {"half entities", "<DOWNLOAD COMMAND=\"&amp &nope; &#; &#x; &#xD800; &#1; &#99999999; &;\"/>", "COMMAND",
     "&amp &nope; &#; &#x; &#xD800; &#1; &#99999999; &;"},
    {"entity across the end", "<DOWNLOAD COMMAND=\"a &amp\" X=\"1;\"/>", "COMMAND", "a &amp"},
    {"decoded once", "<DOWNLOAD COMMAND=\"&amp;lt;\"/>", "COMMAND", "&lt;"},
    {"signs of entities", "<DOWNLOAD COMMAND=\"&#-5; &# 5; &#x-1;\"/>", "COMMAND", "&#-5; &# 5; &#x-1;"},
    {"newline", "<DOWNLOAD COMMAND=\"a\nb\r\n&#10;c\"/>", "COMMAND", "a b  \nc"},
    {"apostrophes", "<DOWNLOAD COMMAND='say \"hi\"'/>", "COMMAND", "say \"hi\""},
    {"first one wins", "<DOWNLOAD ID=\"1\" ID=\"2\"/>", "ID", "1"},
    {"byte order mark and comment", "\xef\xbb\xbf<?xml?><!-- <DOWNLOAD ID=\"0\"/> --> <DOWNLOAD ID=\"5\"></DOWNLOAD>", "ID", "5"},
    {"space around =", "<DOWNLOAD\n\tID =\r\n \"5\"/>", "ID", "5"},
    {"without space between", "<DOWNLOAD A=\"1\"ID=\"5\"/>", "ID", "5"},
    {"latin-1", "<DOWNLOAD NOTIFY_TEXT=\"\xe9t\xe9\"/>", "NOTIFY_TEXT", "\xc3\xa9t\xc3\xa9"},
    {"control characters",
     "<DOWNLOAD COMMAND=\"a\x01\x1b"
     "b\"/>",
     "COMMAND", "ab"},
    {"nothing in it", "<DOWNLOAD/>", "ID", ""},

    {"empty", "", NULL, NULL},
    {"web page", "<!DOCTYPE html><html><DOWNLOAD ID=\"5\"/></html>", NULL, NULL},
    {"text before", "hello <DOWNLOAD ID=\"5\"/>", NULL, NULL},
    {"another element", "<DOWNLOADS ID=\"5\"/>", NULL, NULL},
    {"cut in a value", "<DOWNLOAD ID=\"5\" COMMAND=\"rm -rf /tmp", NULL, NULL},
    {"cut between", "<DOWNLOAD ID=\"5\" ", NULL, NULL},
    {"cut in a name", "<DOWNLOAD ID=\"5\" COM", NULL, NULL},
    {"no quotes", "<DOWNLOAD ID=5/>", NULL, NULL},
    {"no value", "<DOWNLOAD ID/>", NULL, NULL},
    {"odd name", "<DOWNLOAD $=\"5\"/>", NULL, NULL},
    {"open comment", "<!-- <DOWNLOAD ID=\"5\"/>", NULL, NULL},
    {"open declaration", "<?xml <DOWNLOAD ID=\"5\"/>", NULL, NULL},
};

static void
test_case (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) attributes = ocs_infofile_parse (one->text, strlen (one->text), &error);
  const char *value;

  if (one->value == NULL) {
    g_assert_null (attributes);
    g_assert_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY);
    return;
  }
  g_assert_no_error (error);
  value = g_hash_table_lookup (attributes, one->attribute);
  g_assert_cmpstr (value != NULL ? value : "", ==, one->value);
}

static void
assert_refused (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ocs_infofile_parse (text, length, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY);
}

static void
test_caps (void)
{
  g_autoptr (GString) many = g_string_new ("<DOWNLOAD ");
  g_autoptr (GString) large = g_string_new ("<DOWNLOAD A=\"");
  g_autoptr (GString) named = g_string_new ("<DOWNLOAD ");

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (many, "A%u=\"\" ", i);
  g_string_append (many, "/>");
  assert_refused (many->str, many->len);
  for (guint i = 0; i < OCS_INFOFILE_TEXT_MAX; i++)
    g_string_append_c (large, 'a');
  g_string_append (large, "\"/>");
  assert_refused (large->str, large->len);
  for (guint i = 0; i < 100; i++)
    g_string_append_c (named, 'N');
  g_string_append (named, "=\"1\"/>");
  assert_refused (named->str, named->len);
  assert_refused ("<DOWNLOAD ID=\"1\"\0/>", 19);
}

/* Every start of a good file is refused, never read past its end. */
static void
test_cut_anywhere (void)
{
  static const char text[] = "<?xml version=\"1.0\"?><!--c--><DOWNLOAD ID=\"1&#65;\" COMMAND='a && b' />";
  gsize whole = strlen (text) - 1; /* the last > is not needed */

  for (gsize length = 0; length < whole; length++) {
    g_autofree char *part = g_memdup2 (text, length + 1);

    assert_refused (part, length);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/infofile/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/infofile/caps", test_caps);
  g_test_add_func ("/infofile/cut-anywhere", test_cut_anywhere);
  return g_test_run ();
}
