/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-presence"
#include "tray/view/presence.h"
#include <string.h>

#define GROUP "group:"

gboolean
ocs_presence_shows (const OcsPresence *presence, const char *show)
{
  g_autofree char *name = NULL;

  if (show != NULL && g_ascii_strcasecmp (show, "all") == 0)
    return TRUE;
  if (show != NULL && g_ascii_strcasecmp (show, "none") == 0)
    return FALSE;
  if (show != NULL && g_ascii_strncasecmp (show, GROUP, sizeof GROUP - 1) == 0) {
    name = g_strstrip (g_strdup (show + sizeof GROUP - 1));
    return presence->groups != NULL && g_strv_contains (presence->groups, name);
  }
  return presence->by_hand || !presence->logind || presence->at_seat;
}

/* A value of logind's files, KEY=value; transfer full, nullable. */
static char *
value_of (const char *text, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gsize length = strlen (key);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], key) && lines[i][length] == '=')
      return g_strdup (lines[i] + length + 1);
  return NULL;
}

gboolean
ocs_presence_is_at_seat (const char *session, const char *user)
{
  const char *text = session != NULL ? session : user;
  g_autofree char *seat = text != NULL ? value_of (text, session != NULL ? "SEAT" : "SEATS") : NULL;
  g_autofree char *remote = session != NULL ? value_of (session, "REMOTE") : NULL;

  return seat != NULL && *seat != '\0' && g_strcmp0 (remote, "1") != 0;
}
