/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as NOTIFY_TEXT: what a label gets is well-formed, holds no tag but ours and no address but one of the web. */
#include "tray/view/markup.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
on_element (GMarkupParseContext *context, const char *name, const char **names, const char **values, gpointer user_data, GError **error)
{
  gboolean link = strcmp (name, "a") == 0;
  if (!link && strcmp (name, "b") != 0 && strcmp (name, "i") != 0 && strcmp (name, "markup") != 0)
    __builtin_trap ();
  if (link != (names[0] != NULL) || (link && g_ascii_strncasecmp (values[0], "http", 4) != 0))
    __builtin_trap ();
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const GMarkupParser parser = {.start_element = on_element};
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *markup = ocs_markup_from_html (text);
  g_autofree char *whole = g_strdup_printf ("<markup>%s</markup>", markup ? markup : "");
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, (GMarkupParseFlags)0, NULL, NULL);
  if (!g_markup_parse_context_parse (context, whole, -1, NULL) || !g_markup_parse_context_end_parse (context, NULL))
    __builtin_trap ();
  return 0;
}
