/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Containers of Docker, from the files in which its daemon keeps them (moby, daemon/container: config.v2.json and hostconfig.json). The
 * daemon itself is not asked: it may hang, and there may be none on a captured machine. */
#include "ipc/json.h"
#include "worker/inventory/guest.h"
#include <string.h>

#define ID_LENGTH 64
#define NANO 1000000000 /* a whole processor */

static const char *
status_of (JsonObject *state)
{
  static const struct {
    const char *member;
    const char *name;
  } names[] = {{"Paused", "paused"}, {"Restarting", "restarting"}, {"Running", "running"}, {"Dead", "dead"}};
  const char *started = ocs_json_string (state, "StartedAt");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (ocs_json_bool (state, names[i].member, FALSE))
      return names[i].name;
  return started == NULL || g_str_has_prefix (started, "0001-") ? "created" : "exited";
}

OcsGuest *
ocs_docker_parse (const char *config, const char *hostconfig)
{
  g_autoptr (JsonObject) object = ocs_json_parse (config, strlen (config), NULL);
  g_autoptr (JsonObject) limits = hostconfig == NULL ? NULL : ocs_json_parse (hostconfig, strlen (hostconfig), NULL);
  const char *name = object == NULL ? NULL : ocs_json_string (object, "Name");
  JsonObject *state = object == NULL ? NULL : ocs_json_object (object, "State");
  if (name == NULL || state == NULL)
    return NULL;
  OcsGuest *guest = ocs_guest_new ("Docker Container", "Docker", status_of (state));
  guest->name = g_strdup (*name == '/' ? name + 1 : name);
  guest->uuid = g_strdup (ocs_json_string (object, "ID"));
  if (limits != NULL) {
    gint64 nano = ocs_json_int (limits, "NanoCpus", 0);
    guest->vcpu = CLAMP (nano / NANO + (nano % NANO > 0), 0, G_MAXINT32);
    guest->memory_mb = CLAMP (ocs_json_int (limits, "Memory", 0) / (1024 * 1024), 0, G_MAXINT32);
  }
  return guest;
}

static void
collect_folder (const OcsSource *source, const char *folder, GPtrArray *guests)
{
  g_autoptr (GPtrArray) ids = ocs_source_list (source, "%s/containers", folder);
  for (guint i = 0; i < MIN (ids->len, OCS_GUESTS_MAX); i++) {
    const char *id = ids->pdata[i];
    if (strlen (id) != ID_LENGTH)
      continue;
    g_autofree char *config = ocs_source_read (source, NULL, "%s/containers/%s/config.v2.json", folder, id);
    g_autofree char *hostconfig = ocs_source_read (source, NULL, "%s/containers/%s/hostconfig.json", folder, id);
    OcsGuest *guest = config == NULL ? NULL : ocs_docker_parse (config, hostconfig);
    if (guest != NULL)
      g_ptr_array_add (guests, guest);
  }
}

void
ocs_docker_collect (const OcsSource *source, GPtrArray *guests)
{
  g_autofree char *text = ocs_source_read (source, NULL, "/etc/docker/daemon.json");
  g_autoptr (JsonObject) daemon = text == NULL ? NULL : ocs_json_parse (text, strlen (text), NULL);
  const char *folder = daemon == NULL ? NULL : ocs_json_string (daemon, "data-root");
  collect_folder (source, folder != NULL && *folder == '/' ? folder : "/var/lib/docker", guests);
  collect_folder (source, "/var/snap/docker/common/var-lib-docker", guests);
}
