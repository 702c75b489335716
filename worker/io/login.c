/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/login.h"
#include "ipc/names.h"
#include <grp.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

gid_t
ocs_login_admin_group (void)
{
  struct group *group = getgrnam (OCS_ADMIN_GROUP);

  return group != NULL ? group->gr_gid : (gid_t)-1;
}

/* What stands behind KEY=; NULL where that is nothing. */
static const char *
value_of (char **lines, const char *key)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], key) && lines[i][strlen (key)] != '\0')
      return lines[i] + strlen (key);
  return NULL;
}

/* A session with a screen of its own, and not the login screen's. */
static gboolean
is_graphical (const char *sessions, const char *id)
{
  g_autofree char *path = g_build_filename (sessions, id, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  const char *type, *kind;

  if (strchr (id, '/') != NULL || !g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  type = value_of (lines, "TYPE=");
  kind = value_of (lines, "CLASS=");
  return (g_strcmp0 (type, "x11") == 0 || g_strcmp0 (type, "wayland") == 0 || g_strcmp0 (type, "mir") == 0)
         && (kind == NULL || g_str_has_prefix (kind, "user"));
}

static gboolean
any_graphical (const char *users, const char *online)
{
  g_autofree char *run = g_path_get_dirname (users);
  g_autofree char *sessions = g_build_filename (run, "sessions", NULL);
  g_auto (GStrv) ids = g_strsplit (online != NULL ? online : "", " ", -1);

  for (guint i = 0; ids[i] != NULL; i++)
    if (*ids[i] != '\0' && is_graphical (sessions, ids[i]))
      return TRUE;
  return FALSE;
}

OcsRightsClass
ocs_login_session (const char *users, uid_t uid)
{
  g_autofree char *path = g_strdup_printf ("%s/%u", users, (guint)uid);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return OCS_RIGHTS_ANY;
  lines = g_strsplit (text, "\n", -1);
  if (value_of (lines, "ACTIVE_SEATS=") != NULL)
    return OCS_RIGHTS_SEAT;
  if (any_graphical (users, value_of (lines, "ONLINE_SESSIONS=")) || any_graphical (users, value_of (lines, "ACTIVE_SESSIONS=")))
    return OCS_RIGHTS_GRAPHICAL;
  return value_of (lines, "ACTIVE_SESSIONS=") != NULL || value_of (lines, "ONLINE_SESSIONS=") != NULL ? OCS_RIGHTS_PERSON : OCS_RIGHTS_ANY;
}

OcsRightsClass
ocs_login_rights (const OcsPeer *peer, gid_t admin_group)
{
  if (peer->uid == 0 || peer->uid == geteuid () || (admin_group != (gid_t)-1 && ocs_peer_is_in_group (peer, admin_group)))
    return OCS_RIGHTS_ADMIN;
  return ocs_login_session (OCS_LOGIN_USERS, peer->uid);
}

static gboolean
is_in_utmp (void)
{
  gboolean found = FALSE;
  struct utmpx *entry;

  setutxent ();
  while (!found && (entry = getutxent ()) != NULL)
    found = entry->ut_type == USER_PROCESS;
  endutxent ();
  return found;
}

gboolean
ocs_login_anybody (const char *users)
{
  g_autoptr (GDir) folder = g_dir_open (users, 0, NULL);
  gboolean found = FALSE;
  const char *name;

  if (folder == NULL)
    return is_in_utmp ();
  while (!found && (name = g_dir_read_name (folder)) != NULL) {
    guint64 uid = 0;

    found = g_ascii_string_to_unsigned (name, 10, 0, G_MAXUINT32, &uid, NULL) && ocs_login_session (users, (uid_t)uid) > OCS_RIGHTS_ANY;
  }
  return found;
}
