/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-machinekey"
#include "worker/io/machinekey.h"
#include "ipc/error.h"
#include "worker/io/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define CREDENTIAL "ocs-companion.key"
#define FILE_NAME "key"

void
ocs_machinekey_free (OcsMachineKey *key)
{
  if (key == NULL)
    return;
  OPENSSL_cleanse (key, sizeof *key);
  g_free (key);
}

gboolean
ocs_machinekey_random (guint8 *bytes, gsize size)
{
  return getrandom (bytes, size, 0) == (ssize_t)size;
}

/* NULL without an error where there is no such file. */
static OcsMachineKey *
read_key (const char *path, GError **error)
{
  g_autoptr (OcsMachineKey) key = g_new0 (OcsMachineKey, 1);
  guint8 more = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  ssize_t got, rest;

  if (fd < 0) {
    if (errno != ENOENT)
      ocs_durable_set_error (error, errno, "cannot read %s", path);
    return NULL;
  }
  got = read (fd, key->bytes, sizeof key->bytes);
  rest = read (fd, &more, 1);
  close (fd);
  if (got == (ssize_t)sizeof key->bytes && rest == 0)
    return g_steal_pointer (&key);
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "%s is no key of %d bytes: remove it and set the logins again", path,
               OCS_SEAL_KEY_SIZE);
  return NULL;
}

/* Never replaces one that somebody else made meanwhile. */
static OcsMachineKey *
make_key (const char *state_dir, const char *path, GError **error)
{
  g_autoptr (OcsMachineKey) key = g_new0 (OcsMachineKey, 1);
  g_autofree char *temporary = g_strdup_printf ("%s.%d", path, (int)getpid ());
  gboolean written;
  int fd, number;

  if (!ocs_machinekey_random (key->bytes, sizeof key->bytes)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "the kernel gives no random bytes");
    return NULL;
  }
  if (g_mkdir_with_parents (state_dir, 0700) != 0
      || (fd = open (temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)) < 0) {
    ocs_durable_set_error (error, errno, "cannot write %s", path);
    return NULL;
  }
  written = write (fd, key->bytes, sizeof key->bytes) == (ssize_t)sizeof key->bytes && fsync (fd) == 0;
  number = errno;
  close (fd);
  if (written && link (temporary, path) != 0) {
    written = FALSE;
    number = errno;
  }
  unlink (temporary);
  if (!written && number == EEXIST)
    return read_key (path, error);
  if (!written) {
    ocs_durable_set_error (error, number, "cannot write %s", path);
    return NULL;
  }
  return ocs_durable_sync_folder (state_dir, error) ? g_steal_pointer (&key) : NULL;
}

OcsMachineKey *
ocs_machinekey_load (const char *state_dir, gboolean make, GError **error)
{
  const char *credentials = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *credential = credentials != NULL ? g_build_filename (credentials, CREDENTIAL, NULL) : NULL;
  g_autofree char *path = g_build_filename (state_dir, FILE_NAME, NULL);
  g_autoptr (GError) failure = NULL;
  OcsMachineKey *key = credential != NULL ? read_key (credential, &failure) : NULL;

  if (key == NULL && failure == NULL)
    key = read_key (path, &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  return key != NULL || !make ? key : make_key (state_dir, path, error);
}
