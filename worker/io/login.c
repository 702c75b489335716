/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/login.h"
#include "ipc/names.h"
#include <grp.h>
#include <string.h>
#include <unistd.h>

#define LOGIND_USERS "/run/systemd/users"

static gboolean
is_admin (const OcsPeer *peer)
{
  struct group *group;

  if (peer->uid == 0 || peer->uid == geteuid ())
    return TRUE;
  group = getgrnam (OCS_ADMIN_GROUP);
  return group != NULL && ocs_peer_is_in_group (peer, group->gr_gid);
}

/* A line KEY=value with something in it. */
static gboolean
has_value (char **lines, const char *key)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], key) && lines[i][strlen (key)] != '\0')
      return TRUE;
  return FALSE;
}

OcsRightsClass
ocs_login_rights (const OcsPeer *peer)
{
  g_autofree char *path = g_strdup_printf (LOGIND_USERS "/%u", (guint)peer->uid);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (is_admin (peer))
    return OCS_RIGHTS_ADMIN;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return OCS_RIGHTS_ANY;
  lines = g_strsplit (text, "\n", -1);
  if (has_value (lines, "ACTIVE_SEATS="))
    return OCS_RIGHTS_SEAT;
  return has_value (lines, "ACTIVE_SESSIONS=") || has_value (lines, "ONLINE_SESSIONS=") ? OCS_RIGHTS_PERSON : OCS_RIGHTS_ANY;
}
