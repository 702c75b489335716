/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/info.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/digest.h"
#include "worker/core/text.h"
#include "worker/core/url.h"

#include <string.h>

#define TEXT_MAX 65536
#define PRI_MAX 99
#define COUNTDOWN_DEFAULT 120 /* WindowsAgent Download/Package.cpp */
#define COUNTDOWN_MAX (7 * 24 * 3600)

typedef struct {
  const char *name;
  gsize offset;
} Field;

/* The texts are kept as they are; what must not be empty is for check(). */
static const Field texts[] = {
    {"ID", offsetof (OcsInfo, id)},
    {"DIGEST", offsetof (OcsInfo, digest)},
    {"DIGEST_ALGO", offsetof (OcsInfo, digest_algo)},
    {"DIGEST_ENCODE", offsetof (OcsInfo, digest_encode)},
    {"PATH", offsetof (OcsInfo, path)},
    {"NAME", offsetof (OcsInfo, name)},
    {"COMMAND", offsetof (OcsInfo, command)},
    {"NOTIFY_TEXT", offsetof (OcsInfo, notify_text)},
    {"NEED_DONE_ACTION_TEXT", offsetof (OcsInfo, need_done_action_text)},
};

static const Field flags[] = {
    {"NOTIFY_USER", offsetof (OcsInfo, notify_user)},
    {"NOTIFY_CAN_ABORT", offsetof (OcsInfo, notify_can_abort)},
    {"NOTIFY_CAN_DELAY", offsetof (OcsInfo, notify_can_delay)},
    {"NEED_DONE_ACTION", offsetof (OcsInfo, need_done_action)},
};

static const char *const algorithms[] = {"MD5", "SHA1", "SHA256", "SHA512", NULL};
static const char *const encodings[] = {"Hexa", "Base64", NULL};

static char **
text_at (const OcsInfo *info, guint i)
{
  return G_STRUCT_MEMBER_P (info, texts[i].offset);
}

static gboolean
odd (GError **error, const char *attribute, const char *what)
{
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the info file's %s %s: build the package again", attribute, what);
  return FALSE;
}

/* The value with its case made right in *text; FALSE where it is none of the list. */
static gboolean
settle (char **text, const char *const *list)
{
  for (guint i = 0; list[i] != NULL; i++)
    if (g_ascii_strcasecmp (*text, list[i]) == 0) {
      g_free (*text);
      *text = g_strdup (list[i]);
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_number (GHashTable *attributes, const char *name, gint64 fallback, gint64 maximum, gint64 *number, GError **error)
{
  const char *value = g_hash_table_lookup (attributes, name);

  if (value == NULL || *value == '\0') {
    *number = fallback;
    return TRUE;
  }
  return ocs_text_to_int (value, 0, maximum, number) || odd (error, name, "is not a number that makes sense");
}

static gboolean
read_texts (OcsInfo *info, GHashTable *attributes, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    const char *value = g_hash_table_lookup (attributes, texts[i].name);

    if (value != NULL && strlen (value) > TEXT_MAX)
      return odd (error, texts[i].name, "is too long");
    *text_at (info, i) = g_strdup (value != NULL ? value : "");
  }
  return TRUE;
}

static gboolean
read_flags (OcsInfo *info, GHashTable *attributes, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++) {
    gint64 number = 0;

    if (!read_number (attributes, flags[i].name, 0, G_MAXINT32, &number, error))
      return FALSE;
    G_STRUCT_MEMBER (gboolean, info, flags[i].offset) = number != 0;
  }
  return TRUE;
}

static gboolean
read_proto (OcsInfo *info, const char *proto, GError **error)
{
  if (proto == NULL || *proto == '\0')
    return info->frags == 0 || odd (error, "PROTO", "is missing or empty");
  info->https = g_ascii_strcasecmp (proto, "HTTPS") == 0;
  return info->https || g_ascii_strcasecmp (proto, "HTTP") == 0 || odd (error, "PROTO", "is neither HTTP nor HTTPS");
}

static gboolean
check_digest (OcsInfo *info, GError **error)
{
  g_autofree char *hex = NULL;

  if (info->frags == 0) {
    g_free (info->digest);
    g_free (info->digest_algo);
    g_free (info->digest_encode);
    info->digest = g_strdup ("");
    info->digest_algo = g_strdup ("");
    info->digest_encode = g_strdup ("");
    return TRUE;
  }
  g_strstrip (info->digest);
  if (*info->digest == '\0')
    return odd (error, "DIGEST", "is missing or empty");
  if (strlen (info->digest) > 256 || strspn (info->digest, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+/=") != strlen (info->digest))
    return odd (error, "DIGEST", "is neither hexadecimal nor Base64");
  if (!settle (&info->digest_algo, algorithms))
    return odd (error, "DIGEST_ALGO", "is none of MD5, SHA1, SHA256, SHA512");
  if (!settle (&info->digest_encode, encodings))
    return odd (error, "DIGEST_ENCODE", "is neither Hexa nor Base64");
  hex = ocs_digest_to_hex (info->digest_algo, info->digest, NULL);
  return hex != NULL || odd (error, "DIGEST", "is no digest of its DIGEST_ALGO: it is too short or too long");
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

static gboolean
check_action (const OcsInfo *info, GError **error)
{
  if (info->action == OCS_ACTION_EXECUTE && is_blank (info->command))
    return odd (error, "COMMAND", "is missing or empty, which EXECUTE needs");
  if (info->action == OCS_ACTION_LAUNCH && is_blank (info->name))
    return odd (error, "NAME", "is missing or empty, which LAUNCH needs");
  if (info->action == OCS_ACTION_STORE && is_blank (info->path))
    return odd (error, "PATH", "is missing or empty, which STORE needs");
  if (ocs_text_has_control (info->path))
    return odd (error, "PATH", "is not a single line");
  return !ocs_text_has_control (info->name) || odd (error, "NAME", "is not a single line");
}

static gboolean
read_action (OcsInfo *info, const char *act, GError **error)
{
  if (act == NULL || *act == '\0')
    return odd (error, "ACT", "is missing or empty");
  return ocs_action_from_name (act, &info->action) || odd (error, "ACT", "is none of STORE, EXECUTE, LAUNCH");
}

static gboolean
read_all (OcsInfo *info, GHashTable *attributes, GError **error)
{
  const char *pri = g_hash_table_lookup (attributes, "PRI");
  gint64 number = 0;

  if (!read_texts (info, attributes, error))
    return FALSE;
  if (!ocs_url_id_is_valid (info->id))
    return odd (error, "ID", "is missing or not 1 to 20 digits");
  if (pri == NULL || !ocs_text_to_int (pri, 0, PRI_MAX, &number))
    return odd (error, "PRI", "is missing or not a number from 0 to 99");
  info->pri = (int)number;
  if (!g_hash_table_contains (attributes, "FRAGS"))
    return odd (error, "FRAGS", "is missing");
  return read_number (attributes, "FRAGS", 0, OCS_INFO_FRAGMENTS_MAX, &info->frags, error)
         && read_number (attributes, "NOTIFY_COUNTDOWN", COUNTDOWN_DEFAULT, COUNTDOWN_MAX, &info->notify_countdown, error)
         && read_flags (info, attributes, error) && read_action (info, g_hash_table_lookup (attributes, "ACT"), error)
         && read_proto (info, g_hash_table_lookup (attributes, "PROTO"), error) && check_digest (info, error) && check_action (info, error);
}

OcsInfo *
ocs_info_from_attributes (GHashTable *attributes, const char *id, GError **error)
{
  g_autoptr (OcsInfo) info = g_new0 (OcsInfo, 1);

  if (!read_all (info, attributes, error))
    return NULL;
  if (g_str_equal (info->id, id))
    return g_steal_pointer (&info);
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the info file's ID is %s where %s was offered: look at the server's folder %s",
               info->id, id, id);
  return NULL;
}

OcsInfo *
ocs_info_copy (const OcsInfo *info)
{
  OcsInfo *copy;

  if (info == NULL)
    return NULL;
  copy = g_memdup2 (info, sizeof *info);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (copy, i) = g_strdup (*text_at (info, i));
  copy->signature = g_strdup (info->signature);
  return copy;
}

void
ocs_info_free (OcsInfo *info)
{
  if (info == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*text_at (info, i));
  g_free (info->signature);
  g_free (info);
}

/* The journal keeps the attributes: then one reader checks both. */
JsonObject *
ocs_info_to_json (const OcsInfo *info)
{
  JsonObject *object = json_object_new ();
  g_autofree char *pri = g_strdup_printf ("%d", info->pri);
  g_autofree char *frags = g_strdup_printf ("%" G_GINT64_FORMAT, info->frags);
  g_autofree char *countdown = g_strdup_printf ("%" G_GINT64_FORMAT, info->notify_countdown);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    ocs_json_set_string (object, texts[i].name, *text_at (info, i));
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    ocs_json_set_string (object, flags[i].name, G_STRUCT_MEMBER (gboolean, info, flags[i].offset) ? "1" : "0");
  ocs_json_set_string (object, "PRI", pri);
  ocs_json_set_string (object, "ACT", ocs_action_name (info->action));
  ocs_json_set_string (object, "PROTO", info->https ? "HTTPS" : "HTTP");
  ocs_json_set_string (object, "FRAGS", frags);
  ocs_json_set_string (object, "NOTIFY_COUNTDOWN", countdown);
  ocs_json_set_string (object, "signature", info->signature);
  return object;
}

OcsInfo *
ocs_info_from_json (JsonObject *object, GError **error)
{
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) members = json_object_get_members (object);
  OcsInfo *info;

  for (GList *l = members; l != NULL; l = l->next) {
    const char *value = ocs_json_string (object, l->data);

    if (value != NULL)
      g_hash_table_insert (attributes, l->data, (gpointer)value);
  }
  info =
      ocs_info_from_attributes (attributes, g_hash_table_contains (attributes, "ID") ? g_hash_table_lookup (attributes, "ID") : "", error);
  if (info != NULL)
    info->signature = g_strdup (ocs_json_string (object, "signature"));
  return info;
}
