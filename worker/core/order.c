/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-order"
#include "worker/core/order.h"
#include "ipc/error.h"
#include "ipc/json.h"

#include <string.h>

#define ID_MAX 32

void
ocs_order_free (OcsOrder *order)
{
  if (order == NULL)
    return;
  g_free (order->id);
  g_free (order->command);
  g_free (order->name);
  g_free (order->path);
  g_free (order->install_path);
  g_free (order->digest);
  g_free (order->digest_algo);
  g_free (order);
}

gboolean
ocs_order_id_is_valid (const char *id)
{
  gsize length = id != NULL ? strlen (id) : 0;

  return length > 0 && length <= ID_MAX && strspn (id, "0123456789") == length;
}

JsonObject *
ocs_order_to_json (const OcsOrder *order)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "version", OCS_ORDER_VERSION);
  ocs_json_set_string (object, "id", order->id);
  ocs_json_set_string (object, "action", ocs_action_name (order->action));
  ocs_json_set_string (object, "command", order->command);
  ocs_json_set_string (object, "name", order->name);
  ocs_json_set_string (object, "path", order->path);
  ocs_json_set_string (object, "install_path", order->install_path);
  json_object_set_int_member (object, "fragments", order->fragments);
  ocs_json_set_string (object, "digest", order->digest);
  ocs_json_set_string (object, "digest_algo", order->digest_algo);
  json_object_set_int_member (object, "timeout", order->timeout);
  return object;
}

static gboolean
read_number (JsonObject *object, const char *member, guint max, guint *value, GError **error)
{
  gint64 number = ocs_json_int (object, member, -1);

  if (number < 0 || number > max) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, OCS_ORDER_FILE ": \"%s\" must be a number from 0 to %u", member, max);
    return FALSE;
  }
  *value = (guint)number;
  return TRUE;
}

static gboolean
check_version (JsonObject *object, GError **error)
{
  gint64 version = ocs_json_int (object, "version", 0);

  if (version > OCS_ORDER_VERSION) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED,
                 OCS_ORDER_FILE " has version %" G_GINT64_FORMAT ", this program knows %d: install worker and ocs-run of one version",
                 version, OCS_ORDER_VERSION);
    return FALSE;
  }
  if (version < 1) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, OCS_ORDER_FILE ": \"version\" is missing or not a positive number");
    return FALSE;
  }
  return TRUE;
}

OcsOrder *
ocs_order_from_json (JsonObject *object, GError **error)
{
  g_autoptr (OcsOrder) order = NULL;
  const char *id = ocs_json_string (object, "id");

  if (!check_version (object, error))
    return NULL;
  if (!ocs_order_id_is_valid (id)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, OCS_ORDER_FILE ": \"id\" must be 1 to %d digits", ID_MAX);
    return NULL;
  }
  order = g_new0 (OcsOrder, 1);
  if (!ocs_action_from_name (ocs_json_string (object, "action"), &order->action)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, OCS_ORDER_FILE ": \"action\" must be STORE, EXECUTE or LAUNCH");
    return NULL;
  }
  if (!read_number (object, "fragments", OCS_ORDER_FRAGMENTS_MAX, &order->fragments, error)
      || !read_number (object, "timeout", G_MAXINT, &order->timeout, error))
    return NULL;
  order->id = g_strdup (id);
  order->command = g_strdup (ocs_json_string (object, "command"));
  order->name = g_strdup (ocs_json_string (object, "name"));
  order->path = g_strdup (ocs_json_string (object, "path"));
  order->install_path = g_strdup (ocs_json_string (object, "install_path"));
  order->digest = g_strdup (ocs_json_string (object, "digest"));
  order->digest_algo = g_strdup (ocs_json_string (object, "digest_algo"));
  return g_steal_pointer (&order);
}

static const char *
pick_subject (const OcsOrder *order)
{
  switch (order->action) {
  case OCS_ACTION_STORE:
    return order->path;
  case OCS_ACTION_LAUNCH:
    return order->name;
  case OCS_ACTION_EXECUTE:
    return order->command;
  }
  return NULL;
}

char *
ocs_order_subject (const OcsOrder *order)
{
  const char *text = pick_subject (order);
  g_autofree char *stripped = NULL;
  g_auto (GStrv) pieces = NULL;

  if (text == NULL)
    return NULL;
  stripped = g_strstrip (g_strdup (text));
  if (*stripped == '\0')
    return NULL;
  if (order->install_path == NULL)
    return g_steal_pointer (&stripped);
  pieces = g_strsplit (stripped, "INSTALL_PATH", -1);
  return g_strjoinv (order->install_path, pieces);
}

const char *
ocs_order_subject_name (const OcsOrder *order)
{
  switch (order->action) {
  case OCS_ACTION_STORE:
    return "PATH";
  case OCS_ACTION_LAUNCH:
    return "NAME";
  case OCS_ACTION_EXECUTE:
    return "COMMAND";
  }
  return "";
}
