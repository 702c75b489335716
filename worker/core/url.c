/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/url.h"
#include "ipc/error.h"
#include "worker/core/text.h"

#include <string.h>

#define URL_MAX 2000
#define HOST_MAX 253
#define ID_MAX 20

static gboolean G_GNUC_PRINTF (2, 3) invalid (GError **error, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, message);
  return FALSE;
}

/* What would be wrong anywhere in an address. */
static gboolean
check_characters (const char *text, GError **error)
{
  if (strlen (text) > URL_MAX)
    return invalid (error, "the address is longer than %d characters", URL_MAX);
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '@') /* first: the message must not show the rest */
      return invalid (error, "the address holds an @: a user and password do not belong in it");
    if (!g_ascii_isgraph (*at))
      return invalid (error, "the address holds a blank, a control character or a letter outside ASCII");
    if (strchr ("\"<>\\^`{}|?#", *at) != NULL)
      return invalid (error, "the address holds a %c", *at);
  }
  return TRUE;
}

static gboolean
check_host (const char *host, GError **error)
{
  gsize length = strlen (host);

  if (length == 0 || length > HOST_MAX)
    return invalid (error, "the address has no host name");
  if (strspn (host, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != length || host[0] == '.' || host[0] == '-' || strstr (host, "..") != NULL)
    return invalid (error, "\"%s\" is not a host name", host);
  return TRUE;
}

static gboolean
read_port (const char *text, guint16 *port, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL))
    return invalid (error, "the port is not a number from 1 to 65535");
  *port = (guint16)number;
  return TRUE;
}

/* [address] or [address]:port */
static gboolean
split_bracketed (const char *text, char **host, guint16 *port, GError **error)
{
  const char *end = strchr (text, ']');
  g_autofree char *address = NULL;

  if (end == NULL)
    return invalid (error, "the address has a [ without a ]");
  address = g_strndup (text + 1, (gsize)(end - text - 1));
  if (strchr (address, ':') == NULL || strspn (address, "0123456789abcdef:.") != strlen (address) || !g_hostname_is_ip_address (address))
    return invalid (error, "\"%s\" is not an IPv6 address", address);
  if (end[1] == ':') {
    if (!read_port (end + 2, port, error))
      return FALSE;
  } else if (end[1] != '\0')
    return invalid (error, "the address goes on behind its ] without a port");
  *host = g_steal_pointer (&address);
  return TRUE;
}

gboolean
ocs_url_split_host (const char *text, char **host, guint16 *port, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  g_autofree char *found = NULL;
  guint16 number = 0;
  char *colon;

  if (!check_characters (lower, error))
    return FALSE;
  if (*lower == '[') {
    if (!split_bracketed (lower, &found, &number, error))
      return FALSE;
  } else {
    colon = strchr (lower, ':');
    if (colon != NULL) {
      if (!read_port (colon + 1, &number, error))
        return FALSE;
      *colon = '\0';
    }
    if (!check_host (lower, error))
      return FALSE;
    found = g_steal_pointer (&lower);
  }
  *host = g_steal_pointer (&found);
  *port = number;
  return TRUE;
}

/* A path as it may stand in a request line; %2e is a dot for some servers. */
static gboolean
check_path (const char *path, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_auto (GStrv) dotted = g_strsplit (lower, "%2e", -1);
  g_autofree char *plain = g_strjoinv (".", dotted);
  g_auto (GStrv) segments = g_strsplit (plain, "/", -1);

  for (guint i = 0; segments[i] != NULL; i++)
    if (g_str_equal (segments[i], "..") || g_str_equal (segments[i], "."))
      return invalid (error, "the address holds \"%s\" in its path", segments[i]);
  return TRUE;
}

static char *
strip_slashes (const char *path)
{
  gsize length = strlen (path);

  while (length > 0 && path[length - 1] == '/')
    length--;
  return g_strndup (path, length);
}

/* host[:port][/path] */
static OcsUrl *
parse_rest (const char *rest, gboolean https, GError **error)
{
  gsize length = strcspn (rest, "/");
  g_autofree char *authority = g_strndup (rest, length);
  g_autoptr (OcsUrl) url = g_new0 (OcsUrl, 1);

  if (!check_characters (rest, error) || !check_path (rest + length, error)
      || !ocs_url_split_host (authority, &url->host, &url->port, error))
    return NULL;
  url->https = https;
  if (url->port == 0)
    url->port = https ? 443 : 80;
  url->path = strip_slashes (rest + length);
  return g_steal_pointer (&url);
}

OcsUrl *
ocs_url_parse (const char *text, GError **error)
{
  if (g_ascii_strncasecmp (text, "http://", 7) == 0)
    return parse_rest (text + 7, FALSE, error);
  if (g_ascii_strncasecmp (text, "https://", 8) == 0)
    return parse_rest (text + 8, TRUE, error);
  (void)invalid (error, "the address does not begin with http:// or https://");
  return NULL;
}

void
ocs_url_free (OcsUrl *url)
{
  if (url == NULL)
    return;
  g_free (url->host);
  g_free (url->path);
  g_free (url);
}

char *
ocs_url_to_string (const OcsUrl *url)
{
  g_autofree char *port = url->port == (url->https ? 443 : 80) ? g_strdup ("") : g_strdup_printf (":%u", url->port);
  gboolean is_ipv6 = strchr (url->host, ':') != NULL;

  return g_strdup_printf ("%s://%s%s%s%s%s", url->https ? "https" : "http", is_ipv6 ? "[" : "", url->host, is_ipv6 ? "]" : "", port,
                          url->path);
}

char *
ocs_url_host (const char *url)
{
  g_autoptr (OcsUrl) parsed = url != NULL ? ocs_url_parse (url, NULL) : NULL;

  return parsed != NULL ? g_steal_pointer (&parsed->host) : NULL;
}

gboolean
ocs_url_is_https (const char *url)
{
  return url != NULL && g_ascii_strncasecmp (url, "https://", 8) == 0;
}

gboolean
ocs_url_id_is_valid (const char *id)
{
  gsize length = id != NULL ? strlen (id) : 0;

  return length >= 1 && length <= ID_MAX && strspn (id, "0123456789") == length;
}

static OcsUrl *
parse_location (const char *location, gboolean https, GError **error)
{
  if (strstr (location, "://") != NULL) {
    (void)invalid (error, "the location begins with a scheme: it is written host[:port]/download");
    return NULL;
  }
  return parse_rest (location, https, error);
}

char *
ocs_url_join (gboolean https, const char *location, const char *id, const char *file, GError **error)
{
  g_autoptr (OcsUrl) url = parse_location (location, https, error);
  g_autofree char *folder = NULL;

  if (url == NULL)
    return NULL;
  if (!ocs_url_id_is_valid (id)) {
    (void)invalid (error, "a package's number is 1 to %d digits", ID_MAX);
    return NULL;
  }
  if (*file == '\0' || *file == '.' || strspn (file, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-") != strlen (file)) {
    (void)invalid (error, "the name of the file is not one of a package");
    return NULL;
  }
  folder = ocs_url_to_string (url);
  return g_strdup_printf ("%s/%s/%s", folder, id, file);
}

char *
ocs_url_location_host (const char *location, GError **error)
{
  g_autoptr (OcsUrl) url = parse_location (location, TRUE, error);

  return url != NULL ? g_steal_pointer (&url->host) : NULL;
}
