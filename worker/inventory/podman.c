/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Containers of podman that root runs, from its storage. */
#include "ipc/json.h"
#include "worker/inventory/guest.h"
#include <string.h>

#define ID_LENGTH 64

/* One of podman's list (containers/storage, containers.json); what runs has a process, whose number stands in a file. */
static void
add_podman (const OcsSource *source, JsonObject *container, GPtrArray *guests)
{
  const char *id = ocs_json_string (container, "id");
  JsonArray *names = ocs_json_array (container, "names");
  JsonNode *first = names == NULL || json_array_get_length (names) == 0 ? NULL : json_array_get_element (names, 0);
  if (id == NULL || strlen (id) != ID_LENGTH || strchr (id, '/') != NULL || first == NULL || !JSON_NODE_HOLDS_VALUE (first)
      || json_node_get_value_type (first) != G_TYPE_STRING)
    return;
  gint64 pid = ocs_source_int (source, 0, "/run/containers/storage/overlay-containers/%s/userdata/pidfile", id);
  gboolean runs = pid > 0 && ocs_source_exists (source, "/proc/%" G_GINT64_FORMAT, pid);
  OcsGuest *guest = ocs_guest_new ("Podman Container", "Podman", runs ? "running" : "exited");
  guest->name = json_node_dup_string (first);
  guest->uuid = g_strdup (id);
  g_autofree char *text = ocs_source_read (source, NULL, "/var/lib/containers/storage/overlay-containers/%s/userdata/config.json", id);
  g_autoptr (JsonObject) config = text == NULL ? NULL : ocs_json_parse (text, strlen (text), NULL);
  JsonObject *part = config == NULL ? NULL : ocs_json_object (config, "linux");
  part = part == NULL ? NULL : ocs_json_object (part, "resources");
  part = part == NULL ? NULL : ocs_json_object (part, "memory");
  if (part != NULL)
    guest->memory_mb = CLAMP (ocs_json_int (part, "limit", 0) / (1024 * 1024), 0, G_MAXINT32);
  g_ptr_array_add (guests, guest);
}

void
ocs_podman_collect (const OcsSource *source, GPtrArray *guests)
{
  g_autofree char *text = ocs_source_read (source, NULL, "/var/lib/containers/storage/overlay-containers/containers.json");
  g_autofree char *whole = text == NULL ? NULL : g_strconcat ("{\"containers\":", text, "}", NULL);
  g_autoptr (JsonObject) object = whole == NULL ? NULL : ocs_json_parse (whole, strlen (whole), NULL);
  JsonArray *containers = object == NULL ? NULL : ocs_json_array (object, "containers");
  for (guint i = 0; containers != NULL && i < MIN (json_array_get_length (containers), OCS_GUESTS_MAX); i++) {
    JsonNode *node = json_array_get_element (containers, i);
    if (JSON_NODE_HOLDS_OBJECT (node))
      add_podman (source, json_node_get_object (node), guests);
  }
}
