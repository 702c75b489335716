/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-parcel"
#include "worker/sign/parcel.h"
#include "ipc/error.h"
#include "worker/core/digest.h"
#include "worker/core/infofile.h"
#include "worker/core/signature.h"

#include <glib/gstdio.h>
#include <stdio.h>

#define CHUNK (256 * 1024)

static gboolean
read_file (const char *path, char **text, gsize *length, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (g_file_get_contents (path, text, length, &local))
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "cannot read %s", local->message);
  return FALSE;
}

static gboolean
hash_file (OcsDigest *digest, const char *path, guint8 *buffer, GError **error)
{
  FILE *stream = g_fopen (path, "rbe");
  gboolean whole = stream != NULL;
  gsize got;

  while (whole && (got = fread (buffer, 1, CHUNK, stream)) > 0)
    ocs_digest_update (digest, buffer, got);
  whole = whole && ferror (stream) == 0;
  if (stream != NULL)
    fclose (stream);
  if (!whole)
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "cannot read the fragment %s: sign where the whole package lies", path);
  return whole;
}

static gboolean
check_fragments (const OcsParcel *parcel, GError **error)
{
  const OcsInfo *info = parcel->info;
  g_autoptr (OcsDigest) digest = info->frags > 0 ? ocs_digest_new (info->digest_algo, error) : NULL;
  g_autofree guint8 *buffer = g_malloc (CHUNK);

  if (info->frags == 0)
    return TRUE;
  if (digest == NULL)
    return FALSE;
  for (gint64 i = 1; i <= info->frags; i++) {
    g_autofree char *name = g_strdup_printf ("%s-%" G_GINT64_FORMAT, info->id, i);
    g_autofree char *path = g_build_filename (parcel->folder, name, NULL);

    if (!hash_file (digest, path, buffer, error))
      return FALSE;
  }
  if (ocs_digest_matches (digest, info->digest, info->digest_encode, error))
    return TRUE;
  g_prefix_error (error, "%s: ", parcel->folder);
  return FALSE;
}

/* The folder is named by the package's id, as the server needs it. */
static gboolean
read_info (OcsParcel *parcel, GError **error)
{
  g_autofree char *path = g_build_filename (parcel->folder, "info", NULL);
  g_autofree char *id = g_path_get_basename (parcel->folder);
  g_autofree char *text = NULL;
  g_autoptr (GHashTable) attributes = NULL;
  gsize length = 0;

  if (!read_file (path, &text, &length, error))
    return FALSE;
  attributes = ocs_infofile_parse (text, length, error);
  if (attributes != NULL)
    parcel->info = ocs_info_from_attributes (attributes, id, error);
  if (parcel->info != NULL)
    return TRUE;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

OcsParcel *
ocs_parcel_open (const char *folder, const char *postcmd, GError **error)
{
  g_autoptr (OcsParcel) parcel = g_new0 (OcsParcel, 1);

  parcel->folder = g_canonicalize_filename (folder, NULL);
  if (!read_info (parcel, error) || !check_fragments (parcel, error))
    return NULL;
  parcel->text = ocs_signature_text (parcel->info, postcmd, error);
  return parcel->text != NULL ? g_steal_pointer (&parcel) : NULL;
}

void
ocs_parcel_free (OcsParcel *parcel)
{
  if (parcel == NULL)
    return;
  g_free (parcel->folder);
  ocs_info_free (parcel->info);
  g_free (parcel->text);
  g_free (parcel);
}

static char *
signature_path (const OcsParcel *parcel)
{
  g_autofree char *name = g_strconcat (parcel->info->id, "-sig", NULL);

  return g_build_filename (parcel->folder, name, NULL);
}

gboolean
ocs_parcel_sign (const OcsParcel *parcel, const char *key, const char *certificate, GError **error)
{
  g_autoptr (GByteArray) signature = ocs_signature_make (key, certificate, parcel->text, error);
  g_autofree char *path = signature_path (parcel);
  g_autoptr (GError) local = NULL;

  if (signature == NULL)
    return FALSE;
  if (g_file_set_contents_full (path, (const char *)signature->data, signature->len, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &local)
      && g_chmod (path, 0644) == 0)
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_DENIED, "cannot write %s%s%s: run it as who may write there", path, local != NULL ? ": " : "",
               local != NULL ? local->message : "");
  return FALSE;
}

gboolean
ocs_parcel_check (const OcsParcel *parcel, const char *certificates, GError **error)
{
  g_autofree char *path = signature_path (parcel);
  g_autofree char *signature = NULL;
  gsize length = 0;

  return read_file (path, &signature, &length, error)
         && ocs_signature_check (certificates, (const guint8 *)signature, length, parcel->text, error);
}
