/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocs-pac URL HOST: evaluates the PAC file on standard input for one address and prints what FindProxyForURL() returned, behind a "+", or
 * why it returned nothing, behind a "-". A process of its own, behind a fence: the file comes from strangers and is a program. */
#define G_LOG_DOMAIN "ocs-pac"
#include "worker/courier/fence.h"
#include "worker/courier/pac.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pacparser.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef OCS_SANITIZED
/* The script engine leaves at its end what the system takes back, and the fence would not let the checker look. */
int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return 1;
}
#endif

#define COMPLAINT_MAX 300

static int
ignore_message (const char *format, va_list arguments)
{
  return 0;
}

/* The first is enough, and it must not flood anybody. */
static int G_GNUC_PRINTF (1, 0) print_first_message (const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  gboolean harmless = g_str_has_prefix (text, "DEBUG:") || g_str_has_prefix (text, "WARNING:");

  if (harmless)
    return 0;
  pacparser_set_error_printer (ignore_message);
  printf ("-%.*s", COMPLAINT_MAX, g_strstrip (text));
  return 0;
}

/* The address that this machine is seen by: nothing is sent for it. What the host name stands for is often 127.0.1.1. */
static void
set_own_address (void)
{
  struct sockaddr_in far = {.sin_family = AF_INET, .sin_port = htons (9), .sin_addr.s_addr = htonl (0xc0000201)}; /* TEST-NET-1 */
  struct sockaddr_in own = {0};
  socklen_t size = sizeof own;
  char text[INET_ADDRSTRLEN];
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  if (fd >= 0 && connect (fd, (struct sockaddr *)&far, sizeof far) == 0 && getsockname (fd, (struct sockaddr *)&own, &size) == 0
      && inet_ntop (AF_INET, &own.sin_addr, text, sizeof text) != NULL)
    pacparser_setmyip (text);
  if (fd >= 0)
    close (fd);
}

static char *
read_script (void)
{
  GString *script = g_string_new (NULL);
  char piece[4096];
  ssize_t n;

  while (script->len <= OCS_PAC_MAX && (n = read (STDIN_FILENO, piece, sizeof piece)) > 0)
    g_string_append_len (script, piece, n);
  return g_string_free (script, FALSE);
}

#define USAGE "Usage:\n  ocs-pac URL HOST <PAC-FILE\n"

/* What is said of the program itself; anything else is wrong usage. */
static int
introduce (int argc, char **argv)
{
  const char *wish = argc == 2 ? argv[1] : "";

  if (g_str_equal (wish, "--version"))
    fputs ("ocs-pac " OCS_VERSION "\n", stdout);
  else if (g_str_equal (wish, "--help") || g_str_equal (wish, "-h"))
    fputs (USAGE "\nOptions:\n  -h, --help  Show help options\n  --version   Print the version\n", stdout);
  else {
    fputs (USAGE, stderr);
    return 2;
  }
  return 0;
}

int
main (int argc, char **argv)
{
  g_autofree char *script = NULL;
  g_autoptr (GError) error = NULL;
  const char *answer;

  if (argc != 3)
    return introduce (argc, argv);
  script = read_script ();
  set_own_address ();
  if (!ocs_fence_close (&error)) {
    printf ("-%s", error->message);
    return 1;
  }
  pacparser_set_error_printer (print_first_message);
  if (!pacparser_init () || !pacparser_parse_pac_string (script))
    return 1;
  answer = pacparser_find_proxy (argv[1], argv[2]);
  if (answer == NULL)
    return 1;
  printf ("+%.*s", OCS_PAC_ANSWER_MAX - 1, answer);
  return fflush (stdout) == 0 ? 0 : 1;
}
