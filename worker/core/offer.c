/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/offer.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/text.h"
#include "worker/core/url.h"

#include <string.h>

#define VALUE_MAX 8192

static const struct {
  const char *attribute;
  const char *member;
  gsize offset;
} fields[] = {
    {"ID", "id", offsetof (OcsOffer, id)},
    {"INFO_LOC", "info_loc", offsetof (OcsOffer, info_loc)},
    {"PACK_LOC", "pack_loc", offsetof (OcsOffer, pack_loc)},
    {"SCHEDULE", "schedule", offsetof (OcsOffer, schedule)},
    {"POSTCMD", "postcmd", offsetof (OcsOffer, postcmd)},
    {"CERT_PATH", "cert_path", offsetof (OcsOffer, cert_path)},
    {"CERT_FILE", "cert_file", offsetof (OcsOffer, cert_file)},
};

static char **
field_at (const OcsOffer *offer, guint i)
{
  return G_STRUCT_MEMBER_P (offer, fields[i].offset);
}

static gboolean
check_location (const OcsOffer *offer, const char *attribute, const char *location, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *host = ocs_url_location_host (location, &reason);

  if (host != NULL)
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "package %s is offered with a bad %s: %s", offer->id, attribute, reason->message);
  return FALSE;
}

static gboolean
check (const OcsOffer *offer, GError **error)
{
  if (!ocs_url_id_is_valid (offer->id)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "a package is offered whose ID is not 1 to 20 digits");
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (ocs_text_has_control (*field_at (offer, i)) || strlen (*field_at (offer, i)) > VALUE_MAX) {
      g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "package %s is offered with a %s that is too long or not a single line",
                   offer->id, fields[i].attribute);
      return FALSE;
    }
  if (!check_location (offer, "INFO_LOC", offer->info_loc, error))
    return FALSE;
  return *offer->pack_loc == '\0' || check_location (offer, "PACK_LOC", offer->pack_loc, error);
}

OcsOffer *
ocs_offer_from_attributes (GHashTable *attributes, GError **error)
{
  g_autoptr (OcsOffer) offer = g_new0 (OcsOffer, 1);
  const char *force = g_hash_table_lookup (attributes, "FORCE");

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    const char *value = g_hash_table_lookup (attributes, fields[i].attribute);

    *field_at (offer, i) = g_strstrip (g_strdup (value != NULL ? value : ""));
  }
  offer->force = force != NULL && g_str_equal (force, "1");
  return check (offer, error) ? g_steal_pointer (&offer) : NULL;
}

OcsOffer *
ocs_offer_copy (const OcsOffer *offer)
{
  OcsOffer *copy;

  if (offer == NULL)
    return NULL;
  copy = g_new0 (OcsOffer, 1);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    *field_at (copy, i) = g_strdup (*field_at (offer, i));
  copy->force = offer->force;
  return copy;
}

void
ocs_offer_free (OcsOffer *offer)
{
  if (offer == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_free (*field_at (offer, i));
  g_free (offer);
}

JsonObject *
ocs_offer_to_json (const OcsOffer *offer)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    ocs_json_set_string (object, fields[i].member, *field_at (offer, i));
  json_object_set_boolean_member (object, "force", offer->force);
  return object;
}

OcsOffer *
ocs_offer_from_json (JsonObject *object, GError **error)
{
  g_autoptr (OcsOffer) offer = g_new0 (OcsOffer, 1);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    const char *value = ocs_json_string (object, fields[i].member);

    *field_at (offer, i) = g_strdup (value != NULL ? value : "");
  }
  offer->force = ocs_json_bool (object, "force", FALSE);
  return check (offer, error) ? g_steal_pointer (&offer) : NULL;
}
