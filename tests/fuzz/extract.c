/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a package's archive: what is unpacked are files, folders and links that stay inside, without more rights than they may have,
 * and no more of it than is allowed. */
#include "worker/run/extract.h"
#include "worker/io/tree.h"
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define BYTES_MAX (1 << 20)
#define ENTRIES_MAX 50

static int
on_entry (const char *path, const struct stat *info, int flag, struct FTW *where)
{
  char *real = NULL;

  if (!S_ISREG (info->st_mode) && !S_ISDIR (info->st_mode) && !S_ISLNK (info->st_mode))
    __builtin_trap ();
  if (!S_ISLNK (info->st_mode) && (info->st_mode & 07000) != 0)
    __builtin_trap ();
  /* Where a link leads: into the folder "run", or nowhere. */
  if (S_ISLNK (info->st_mode) && (real = realpath (path, NULL)) != NULL && strstr (real, "/run") == NULL)
    __builtin_trap ();
  free (real);
  return 0;
}

static void
write_fragment (const char *folder, const guint8 *data, gsize size)
{
  g_autofree char *path = g_build_filename (folder, "7-1", NULL);

  if (!g_file_set_contents (path, (const char *)data, (gssize)size, NULL))
    abort ();
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const OcsExtractLimits limits = {.bytes = BYTES_MAX, .entries = ENTRIES_MAX};
  g_autofree char *folder = g_strdup ("/dev/shm/ocs-fuzz-XXXXXX");
  g_autofree char *tree = NULL;
  g_autoptr (OcsFragments) fragments = NULL;
  g_autoptr (GDir) left = NULL;
  const char *name;
  int fd, target;

  setlocale (LC_CTYPE, "C.UTF-8");
  if (g_mkdtemp (folder) == NULL)
    abort ();
  write_fragment (folder, data, size);
  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  target = ocs_tree_open (fd, "run", NULL);
  fragments = ocs_fragments_open (fd, "7", 1, NULL);
  if (fragments != NULL && ocs_extract (fragments, target, &limits, NULL)) {
    tree = g_build_filename (folder, "run", NULL);
    nftw (tree, on_entry, 16, FTW_PHYS);
  }
  left = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (left)) != NULL)
    if (strcmp (name, "run") != 0 && strcmp (name, "7-1") != 0)
      __builtin_trap ();
  close (target);
  close (fd);
  if (!ocs_tree_remove_path (folder, NULL))
    abort ();
  return 0;
}
