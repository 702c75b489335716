/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-secret"
#include "tray/ctl/secret.h"
#include "ipc/error.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define SECRETS_MAX 8192

gboolean
ocs_secret_is_key (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  return g_str_has_suffix (g_strstrip (lower), "pwd");
}

/* Up to size - 1 bytes, until the end or, where line is set, the end of a line; -1 for what cannot be read. */
static gssize
read_some (int fd, char *text, gsize size, gboolean line)
{
  gsize length = 0;
  while (length + 1 < size) {
    ssize_t got = read (fd, text + length, line ? 1 : size - 1 - length);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return -1;
    if (got == 0 || (line && text[length] == '\n'))
      break;
    length += (gsize)got;
  }
  text[length] = '\0';
  return (gssize)length;
}

char *
ocs_secret_read (int fd, GError **error)
{
  char *text = g_malloc0 (SECRETS_MAX + 2);
  gssize length = read_some (fd, text, SECRETS_MAX + 2, FALSE);
  if (length >= 0 && length <= SECRETS_MAX && strlen (text) == (gsize)length)
    return text;
  memset (text, 0, SECRETS_MAX + 2);
  g_free (text);
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "descriptor %d cannot be read or holds too much: give KEY=VALUE lines by it", fd);
  return NULL;
}

char *
ocs_secret_prompt (const char *name, GError **error)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  struct termios before, silent;
  if (fd < 0 || tcgetattr (fd, &before) != 0) {
    if (fd >= 0)
      close (fd);
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "there is no terminal to ask for %s: give it by --secret-fd", name);
    return NULL;
  }
  g_autofree char *question = g_strconcat (name, ": ", NULL);
  char *text = g_malloc0 (SECRETS_MAX);
  silent = before;
  silent.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr (fd, TCSAFLUSH, &silent);
  gboolean asked = write (fd, question, strlen (question)) > 0 && read_some (fd, text, SECRETS_MAX, TRUE) >= 0 && write (fd, "\n", 1) == 1;
  tcsetattr (fd, TCSAFLUSH, &before);
  close (fd);
  if (asked)
    return text;
  g_free (text);
  g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "the terminal cannot be read: give %s by --secret-fd", name);
  return NULL;
}
