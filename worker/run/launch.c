/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-launch"
#include "worker/run/launch.h"
#include "ipc/error.h"
#include "worker/io/durable.h"
#include "worker/run/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file opened, or -1. A link is followed: extraction has let only those pass that stay inside. */
static int
open_file (int folder, const char *name)
{
  struct stat info;
  int fd = ocs_extract_name_is_inside (name) ? openat (folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;

  if (fd >= 0 && (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))) {
    close (fd);
    return -1;
  }
  return fd;
}

static gboolean
split_arguments (const char *text, char ***words, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (g_shell_parse_argv (text, NULL, words, &problem))
    return TRUE;
  if (g_error_matches (problem, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING)) {
    *words = g_new0 (char *, 1);
    return TRUE;
  }
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "NAME has arguments with unbalanced quotes: correct the package");
  return FALSE;
}

/* Tries the name cut at each space, the longest first. */
static int
find_by_prefix (int folder, const char *name, char **file, const char **rest)
{
  for (gsize length = strlen (name); length > 0; length--) {
    g_autofree char *candidate = NULL;
    int fd;

    if (name[length] != '\0' && !g_ascii_isspace (name[length]))
      continue;
    candidate = g_strchomp (g_strndup (name, length));
    fd = open_file (folder, candidate);
    if (fd >= 0) {
      *file = g_steal_pointer (&candidate);
      *rest = name + length;
      return fd;
    }
  }
  return -1;
}

static char **
join (const char *file, char **arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, g_strconcat ("./", file, NULL));
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (arguments[i]));
  g_ptr_array_add (argv, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&argv), FALSE);
}

char **
ocs_launch_prepare (int folder, const char *name, GError **error)
{
  g_autofree char *file = NULL;
  const char *rest = NULL;
  g_auto (GStrv) words = NULL;
  char **arguments;
  struct stat info;
  int fd = find_by_prefix (folder, name, &file, &rest);

  if (!split_arguments (fd >= 0 ? rest : name, &words, error)) {
    if (fd >= 0)
      close (fd);
    return NULL;
  }
  arguments = words;
  if (fd < 0 && words[0] != NULL) {
    fd = open_file (folder, words[0]);
    file = g_strdup (words[0]);
    arguments = words + 1;
  }
  if (fd < 0) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "NAME=\"%.300s\" is no file of the archive: correct the package", name);
    return NULL;
  }
  if (fstat (fd, &info) != 0 || fchmod (fd, (info.st_mode & 0777) | 0755) != 0)
    g_warning ("%s cannot be made executable: %s", file, g_strerror (errno));
  close (fd);
  return join (file, arguments);
}
