/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-identity"
#include "worker/core/identity.h"
#include "ipc/json.h"
#include "worker/core/deviceid.h"
#include <string.h>

void
ocs_identity_free (OcsIdentity *identity)
{
  if (identity == NULL)
    return;
  g_free (identity->deviceid);
  g_free (identity->old_deviceid);
  g_free (identity->machine_id);
  g_free (identity->uuid);
  g_free (identity);
}

JsonObject *
ocs_identity_to_json (const OcsIdentity *identity)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "version", OCS_IDENTITY_VERSION);
  json_object_set_string_member (object, "deviceid", identity->deviceid);
  ocs_json_set_string (object, "old_deviceid", identity->old_deviceid);
  ocs_json_set_string (object, "machine_id", identity->machine_id);
  ocs_json_set_string (object, "uuid", identity->uuid);
  json_object_set_int_member (object, "made", identity->made);
  return object;
}

/* By machine-id(5); images have an empty one, or the word "uninitialized", until they are started. */
static gboolean
is_machine_id (const char *text)
{
  return text != NULL && strlen (text) == 32 && strspn (text, "0123456789abcdefABCDEF") == 32 && strspn (text, "0") < 32;
}

OcsIdentity *
ocs_identity_from_json (JsonObject *object)
{
  OcsIdentity *identity;

  if (!ocs_deviceid_is_valid (ocs_json_string (object, "deviceid")))
    return NULL;
  identity = g_new0 (OcsIdentity, 1);
  identity->deviceid = g_strdup (ocs_json_string (object, "deviceid"));
  identity->old_deviceid = g_strdup (ocs_json_string (object, "old_deviceid"));
  if (is_machine_id (ocs_json_string (object, "machine_id")))
    identity->machine_id = g_strdup (ocs_json_string (object, "machine_id"));
  identity->uuid = g_strdup (ocs_json_string (object, "uuid"));
  identity->made = ocs_json_int (object, "made", 0);
  return identity;
}

/* Boards whose maker never set the UUID share one: zeros, ones, or the sample of the firmware's vendor. */
static gboolean
is_filler (const char *uuid)
{
  static const char *const fillers[] = {
      "03000200-0400-0500-0006-000700080009",
      "12345678-1234-5678-90ab-cddeefaabbcc",
      "fefefefe-fefe-fefe-fefe-fefefefefefe",
  };

  if (uuid == NULL || strspn (uuid, "0- ") == strlen (uuid) || strspn (uuid, "Ff- ") == strlen (uuid))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (fillers); i++)
    if (g_ascii_strcasecmp (uuid, fillers[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Only what is known on both sides can differ. */
static gboolean
differs (const char *kept, const char *found)
{
  return kept != NULL && found != NULL && g_ascii_strcasecmp (kept, found) != 0;
}

OcsIdentityChange
ocs_identity_settle (const OcsIdentity *identity, const OcsMachineFacts *facts, OcsIdentity **settled)
{
  const char *uuid = is_filler (facts->uuid) ? NULL : facts->uuid;
  const char *machine_id = is_machine_id (facts->machine_id) ? facts->machine_id : NULL;
  const char *preset = facts->preset != NULL && ocs_deviceid_is_valid (facts->preset) ? facts->preset : NULL;
  gboolean cloned = identity != NULL && (differs (identity->machine_id, machine_id) || differs (identity->uuid, uuid));
  gboolean fresh = identity == NULL || cloned;
  gboolean renamed = !fresh && preset != NULL && !g_str_equal (preset, identity->deviceid);
  OcsIdentity *now = g_new0 (OcsIdentity, 1);

  *settled = now;
  now->machine_id = g_strdup (machine_id != NULL || fresh ? machine_id : identity->machine_id);
  now->uuid = g_strdup (uuid != NULL || fresh ? uuid : identity->uuid);
  now->made = fresh || renamed ? g_date_time_to_unix (facts->now) : identity->made;
  if (preset != NULL && (fresh || renamed))
    now->deviceid = g_strdup (preset);
  else
    now->deviceid = fresh ? ocs_deviceid_build (facts->host_name, facts->now) : g_strdup (identity->deviceid);
  if (renamed)
    now->old_deviceid = g_strdup (identity->deviceid);
  else if (!fresh)
    now->old_deviceid = g_strdup (identity->old_deviceid);
  return cloned ? OCS_IDENTITY_CLONED : fresh ? OCS_IDENTITY_MADE : renamed ? OCS_IDENTITY_RENAMED : OCS_IDENTITY_KEPT;
}
