/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-inifiles"
#include "worker/io/inifiles.h"
#include "worker/core/vault.h"
#include <string.h>

/* More in one file, or more files, are a mistake. */
#define FILE_MAX (1024 * 1024)
#define DROP_INS_MAX 100

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Names of the drop-ins, sorted. element-type char* */
static GPtrArray *
list (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) open = g_dir_open (folder, 0, NULL);
  const char *name;

  while (open != NULL && (name = g_dir_read_name (open)) != NULL)
    if (g_str_has_suffix (name, ".ini") && name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  if (names->len > DROP_INS_MAX)
    g_ptr_array_set_size (names, DROP_INS_MAX);
  return names;
}

/* text: wiped, as it may hold a login. */
static OcsIni *
parse (char *text, gsize length)
{
  OcsIni *ini = ocs_ini_parse (text, length, NULL);

  ocs_secret_free (text);
  return ini;
}

static char *
read_file (const char *path, gsize *length, GError **error)
{
  char *text = NULL;

  if (!g_file_get_contents (path, &text, length, error))
    return NULL;
  if (*length <= FILE_MAX)
    return text;
  ocs_secret_free (text);
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s is larger than %d bytes", path, FILE_MAX);
  return NULL;
}

/* Returns how many there are. */
static guint
overlay (OcsIni *ini, const char *path)
{
  g_autofree char *folder = ocs_inifiles_folder (path);
  g_autofree char *base = g_path_get_basename (folder);
  g_autoptr (GPtrArray) names = list (folder);

  for (guint i = 0; i < names->len; i++) {
    g_autofree char *file = g_build_filename (folder, names->pdata[i], NULL);
    g_autofree char *shown = g_build_filename (base, names->pdata[i], NULL);
    g_autoptr (GError) error = NULL;
    gsize length = 0;
    char *text = read_file (file, &length, &error);

    if (text != NULL)
      ocs_ini_overlay (ini, parse (text, length), shown);
    else
      ocs_ini_warn (ini, error->message);
  }
  return names->len;
}

char *
ocs_inifiles_folder (const char *path)
{
  gsize length = strlen (path) - (g_str_has_suffix (path, ".ini") ? strlen (".ini") : 0);

  return g_strdup_printf ("%.*s.d", (int)length, path);
}

OcsIni *
ocs_inifiles_load (const char *path, char **unreadable)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  char *text = read_file (path, &length, &error);
  OcsIni *ini = text != NULL ? parse (text, length) : ocs_ini_parse ("", 0, NULL);
  guint drop_ins = overlay (ini, path);
  gboolean absent = g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);

  *unreadable = error != NULL && !(absent && drop_ins > 0) ? g_strdup (error->message) : NULL;
  return ini;
}

OcsIni *
ocs_inifiles_load_with (const char *path, const char *text, gsize length)
{
  OcsIni *ini = ocs_ini_parse (text, length, NULL);

  overlay (ini, path);
  return ini;
}
