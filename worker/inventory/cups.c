/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See cups.h. */
#include "worker/inventory/cups.h"
#include <string.h>

static void
printer_free (gpointer data)
{
  OcsPrinter *printer = data;
  g_free (printer->name);
  g_free (printer->info);
  g_free (printer->location);
  g_free (printer->driver);
  g_free (printer->uri);
  g_free (printer->host);
  g_free (printer);
}

/* CUPS writes a backslash before # and backslash. */
static char *
unescape (const char *value)
{
  char *text = g_malloc (strlen (value) + 1);
  char *to = text;
  for (const char *from = value; *from != '\0'; from++)
    if (*from != '\\' || from[1] == '\0')
      *to++ = *from;
    else
      *to++ = *++from;
  *to = '\0';
  return text;
}

/* Where the host stands in "scheme://login@host:port/path"; what has no "//" has none. A login may hold an "@", a host may not. */
static const char *
find_host (const char *uri, gsize *length)
{
  const char *start = strstr (uri, "://");
  if (start == NULL)
    return NULL;
  start += 3;
  const char *end = start + strcspn (start, "/?#");
  for (const char *at = start; at < end; at++)
    if (*at == '@')
      start = at + 1;
  *length = (gsize)(end - start);
  return start;
}

static char *
without_login (const char *uri)
{
  gsize length = 0;
  const char *host = find_host (uri, &length);
  if (host == NULL)
    return g_strdup (uri);
  gsize scheme = (gsize)(strstr (uri, "://") - uri) + 3;
  return g_strdup_printf ("%.*s%s", (int)scheme, uri, host);
}

/* "hp:/net/MODEL?ip=192.0.2.7", as HP's own driver writes it. */
static char *
hp_host (const char *uri)
{
  const char *at = g_str_has_prefix (uri, "hp:/net/") ? strstr (uri, "?ip=") : NULL;
  return at == NULL ? NULL : g_strndup (at + 4, strcspn (at + 4, "&"));
}

static char *
network_host (const char *uri)
{
  static const char *const schemes[] = {"ipp", "ipps", "http", "https", "lpd", "socket", "smb", "dnssd", "beh", NULL};
  g_autofree char *scheme = g_ascii_strdown (uri, (gssize)strcspn (uri, ":"));
  gsize length = 0;
  const char *host = g_strv_contains (schemes, scheme) ? find_host (uri, &length) : NULL;
  if (host == NULL || length == 0)
    return hp_host (uri);
  g_autofree char *name = g_strndup (host, length);
  if (*name == '[')
    return g_strndup (name + 1, strcspn (name + 1, "]"));
  char *port = strrchr (name, ':');
  if (port != NULL)
    *port = '\0';
  char *plain = g_uri_unescape_string (name, NULL);
  return plain != NULL ? plain : g_steal_pointer (&name);
}

static void
replace (char **field, const char *value)
{
  g_free (*field);
  *field = unescape (value);
}

static void
take (OcsPrinter *printer, const char *key, const char *value)
{
  if (g_ascii_strcasecmp (key, "Info") == 0) {
    replace (&printer->info, value);
  } else if (g_ascii_strcasecmp (key, "Location") == 0) {
    replace (&printer->location, value);
  } else if (g_ascii_strcasecmp (key, "MakeModel") == 0) {
    replace (&printer->driver, value);
  } else if (g_ascii_strcasecmp (key, "Shared") == 0) {
    printer->is_shared =
        g_ascii_strcasecmp (value, "Yes") == 0 || g_ascii_strcasecmp (value, "On") == 0 || g_ascii_strcasecmp (value, "True") == 0;
  } else if (g_ascii_strcasecmp (key, "DeviceURI") == 0) {
    g_autofree char *uri = unescape (value);
    g_free (printer->uri);
    g_free (printer->host);
    printer->uri = without_login (uri);
    printer->host = network_host (uri);
  }
}

/* "<Printer NAME>" and "<DefaultPrinter NAME>"; NULL for another line. transfer full. */
static char *
printer_name (const char *line)
{
  static const char *const openings[] = {"<Printer ", "<DefaultPrinter "};
  for (guint i = 0; i < G_N_ELEMENTS (openings); i++)
    if (g_ascii_strncasecmp (line, openings[i], strlen (openings[i])) == 0) {
      const char *name = line + strlen (openings[i]);
      g_autofree char *found = g_strstrip (g_strndup (name, strcspn (name, ">")));
      return *found == '\0' ? NULL : g_steal_pointer (&found);
    }
  return NULL;
}

static void
take_line (GPtrArray *printers, OcsPrinter **open, char *line)
{
  char *name = printer_name (line);
  if (name != NULL) {
    *open = g_new0 (OcsPrinter, 1);
    (*open)->name = name;
    g_ptr_array_add (printers, *open);
  } else if (*line == '<') {
    *open = NULL;
  } else if (*open != NULL && *line != '#') {
    gsize key = strcspn (line, " \t");
    const char *value = line[key] == '\0' ? "" : g_strchug (line + key + 1);
    line[key] = '\0';
    take (*open, line, value);
  }
}

GPtrArray *
ocs_cups_parse (const char *text)
{
  GPtrArray *printers = g_ptr_array_new_with_free_func (printer_free);
  OcsPrinter *open = NULL;
  while (text != NULL && *text != '\0') {
    gsize length = strcspn (text, "\n");
    g_autofree char *line = g_strstrip (g_strndup (text, length));
    take_line (printers, &open, line);
    text += length + (text[length] == '\n');
  }
  return printers;
}
