/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/deviceid.h"

#include <string.h>

#define DEVICEID_MAX 255
#define SUFFIX "-0000-00-00-00-00-00"
#define SUFFIX_LENGTH (sizeof SUFFIX - 1)

char *
ocs_deviceid_build (const char *hostname, GDateTime *local)
{
  g_autofree char *valid = g_utf8_make_valid (hostname != NULL ? hostname : "", -1);
  g_autofree char *stamp = g_date_time_format (local, "-%Y-%m-%d-%H-%M-%S");
  GString *name = g_string_new (NULL);

  for (const char *at = valid; *at != '\0' && *at != '.'; at = g_utf8_next_char (at)) {
    gsize size = (gsize)(g_utf8_next_char (at) - at);

    if (name->len + size + SUFFIX_LENGTH > DEVICEID_MAX)
      break;
    if (!g_ascii_iscntrl (*at))
      g_string_append_len (name, at, (gssize)size);
  }
  if (name->len == 0)
    g_string_append (name, "localhost");
  g_string_append (name, stamp);
  return g_string_free (name, FALSE);
}

gboolean
ocs_deviceid_is_valid (const char *deviceid)
{
  gsize length = deviceid != NULL ? strlen (deviceid) : 0;
  const char *suffix;

  if (length <= SUFFIX_LENGTH || length > DEVICEID_MAX || !g_utf8_validate (deviceid, -1, NULL))
    return FALSE;
  for (const char *at = deviceid; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return FALSE;
  suffix = deviceid + length - SUFFIX_LENGTH;
  for (gsize i = 0; i < SUFFIX_LENGTH; i++)
    if (SUFFIX[i] == '-' ? suffix[i] != '-' : !g_ascii_isdigit (suffix[i]))
      return FALSE;
  return TRUE;
}
