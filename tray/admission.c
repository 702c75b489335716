/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-admission"
#include "tray/admission.h"
#include "ipc/client.h"
#include "ipc/json.h"
#include "ipc/names.h"
#include "ipc/wire.h"
#include "tray/view/presence.h"
#include <grp.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE 2 /* seconds */
#define GROUPS_MAX 256

/* OCS_LOGIND_DIR stands in for logind's folder in tests. */
static char *
read_logind (const char *folder, const char *name)
{
  const char *root = g_getenv ("OCS_LOGIND_DIR") != NULL ? g_getenv ("OCS_LOGIND_DIR") : "/run/systemd";
  g_autofree char *path = g_build_filename (root, folder, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

static GStrv
group_names (void)
{
  gid_t ids[GROUPS_MAX];
  int n = getgroups (GROUPS_MAX, ids);
  GPtrArray *names = g_ptr_array_new ();

  for (int i = -1; i < n; i++) {
    const struct group *group = getgrgid (i < 0 ? getgid () : ids[i]);

    if (group != NULL)
      g_ptr_array_add (names, g_strdup (group->gr_name));
  }
  g_ptr_array_add (names, NULL);
  return (GStrv)g_ptr_array_free (names, FALSE);
}

static char *
ask_policy (const char *socket)
{
  g_autofree char *path = ocs_client_socket_path (socket);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsWire) wire = ocs_wire_open (path, PATIENCE, NULL, &error);
  g_autoptr (JsonObject) reply =
      wire != NULL ? ocs_wire_call (wire, OCS_WORKER_INTERFACE ".GetPolicy", NULL, OCS_WIRE_PLAIN, &error) : NULL;

  return reply != NULL ? g_strdup (ocs_json_string (reply, "show")) : NULL;
}

gboolean
ocs_admission_allows (int argc, char **argv)
{
  const char *socket = NULL;
  const char *id = g_getenv ("XDG_SESSION_ID");
  g_autofree char *uid = g_strdup_printf ("%u", (guint)getuid ());
  g_autofree char *session = id != NULL && *id != '\0' && strchr (id, '/') == NULL ? read_logind ("sessions", id) : NULL;
  g_autofree char *user = read_logind ("users", uid);
  g_auto (GStrv) groups = NULL;
  g_autofree char *show = NULL;
  OcsPresence presence = {
      .by_hand = TRUE,
      .logind = session != NULL || user != NULL,
      .at_seat = ocs_presence_is_at_seat (session, user),
  };

  for (int i = 1; i < argc; i++) {
    if (g_str_equal (argv[i], "--background"))
      presence.by_hand = FALSE;
    else if (g_str_has_prefix (argv[i], "--socket="))
      socket = argv[i] + strlen ("--socket=");
    else if (g_str_equal (argv[i], "--socket") && i + 1 < argc)
      socket = argv[i + 1];
    else if (g_str_equal (argv[i], "--help") || g_str_equal (argv[i], "--version") || g_str_equal (argv[i], "-h"))
      return TRUE;
  }
  show = ask_policy (socket);
  /* Names may come from a directory server: asked only where they matter. */
  if (show != NULL && strchr (show, ':') != NULL)
    groups = group_names ();
  presence.groups = (const char *const *)groups;
  return ocs_presence_shows (&presence, show);
}
