/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/markup.h"
#include <string.h>

static void
assert_well_formed (const char *markup)
{
  static const GMarkupParser parser = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, (GMarkupParseFlags)0, NULL, NULL);
  g_autofree char *whole = g_strdup_printf ("<markup>%s</markup>", markup);
  if (!g_markup_parse_context_parse (context, whole, -1, &error) || !g_markup_parse_context_end_parse (context, &error))
    g_assert_no_error (error);
}

static const struct {
  const char *html;
  const char *markup;
} cases[] = {
    {NULL, NULL},
    {"", NULL},
    {"  \n ", NULL},
    {"plain", "plain"},
    {"a\n  b\t c", "a b c"},
    {"one<br>two<BR/>three", "one\ntwo\nthree"},
    {"<p>one</p><p>two</p>", "one\n\ntwo"},
    {"a<br><br><br><br>b", "a\n\nb"},
    {"<b>bold</b> <i>it</i>", "<b>bold</b> <i>it</i>"},
    {"<ul><li>one</li><li> two</ul>end", "• one\n• two\nend"},
    {"<a href=\"https://x.lan/?a=1&amp;b=2\">go</a>", "<a href=\"https://x.lan/?a=1&amp;b=2\">go</a>"},
    {"<A target=_blank HREF=http://x.lan/>go</A>", "<a href=\"http://x.lan/\">go</a>"},
    {"<a href='javascript:alert(1)'>go</a>", "go"},
    {"<a href=\"file:///etc/passwd\">go</a>", "go"},
    {"<a href=\"https://x.lan/ onclick\">go</a>", "go"},
    {"<a href>go</a>", "go"},
    {"<b><i>x</b>y</i>", "<b><i>x</i></b><i>y</i>"},
    {"<b>open", "<b>open</b>"},
    {"</b></i></a>x", "x"},
    {"<font color=red>red</font> <img src=http://x.lan/y.png>", "red"},
    {"<script>alert('<b>')</script>after<style>b{}</style>.", "after."},
    {"<!-- <b> -->seen<!doctype html>", "seen"},
    {"1 < 2 && 3 > 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"},
    {"&lt;b&gt; &amp;amp; &auml;&euro; &#65;&#x42; &unknown; &", "&lt;b&gt; &amp;amp; ä€ AB &amp;unknown; &amp;"},
    {"&#0;&#1;&#xD800;&#9999999;x", "x"},
    {"<", "&lt;"},
    {"<b", NULL},
    {"a\x01\x02\xe2\x80\xae z", "a z"},
    {"<span foreground='red'>x</span>", "x"},
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *markup = ocs_markup_from_html (cases[i].html);
    g_assert_cmpstr (markup, ==, cases[i].markup);
    if (markup)
      assert_well_formed (markup);
  }
}

static void
test_bad (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  for (int i = 0; i < 20000; i++)
    g_string_append (deep, i % 3 ? "<b>x<i>" : "<a href='https://x'>y</b>");
  g_autofree char *markup = ocs_markup_from_html (deep->str);
  g_assert_cmpuint (strlen (markup), <, 40 * OCS_MARKUP_MAX);
  assert_well_formed (markup);
  g_autofree char *latin = ocs_markup_from_html ("gr\xfc\xdf"
                                                 "e <b>\xff</b>");
  g_assert_true (g_utf8_validate (latin, -1, NULL));
  assert_well_formed (latin);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markup/cases", test_cases);
  g_test_add_func ("/markup/bad", test_bad);
  return g_test_run ();
}
