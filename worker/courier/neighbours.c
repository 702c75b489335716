/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-neighbours"
#include "worker/courier/neighbours.h"
#include "ipc/error.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DISCARD_PORT 9
/* How often the table is read meanwhile (the kernel forgets when it has many), and how long the last ones have to answer. */
#define READ_EVERY 64
#define SETTLE_MS 3000
#define COMPLETE 0x2 /* ATF_COM */
#define SECONDS_MAX 600

void
ocs_search_free (OcsSearch *search)
{
  if (search == NULL)
    return;
  g_free (search->network);
  g_free (search->address);
  g_strfreev (search->from);
  g_free (search->server_host);
  g_free (search);
}

/* The address that the kernel would take to reach the server; nothing is sent. transfer full, nullable. */
static char *
source_address (const struct addrinfo *to)
{
  struct sockaddr_storage ours;
  socklen_t length = sizeof ours;
  char text[NI_MAXHOST];
  int fd = socket (to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean known = fd >= 0 && connect (fd, to->ai_addr, to->ai_addrlen) == 0 && getsockname (fd, (struct sockaddr *)&ours, &length) == 0
                   && getnameinfo ((struct sockaddr *)&ours, length, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0;

  if (fd >= 0)
    close (fd);
  return known ? g_strdup (text) : NULL;
}

/* Every address of the server must be reached from one of ours that is no tunnel's. */
static gboolean
check_way (const OcsSearch *search, GError **error)
{
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  struct addrinfo *all = NULL;
  g_autofree char *port = g_strdup_printf ("%u", search->server_port);
  guint ways = 0;
  gboolean fits = getaddrinfo (search->server_host, port, &hints, &all) == 0;

  for (const struct addrinfo *one = all; fits && one != NULL; one = one->ai_next) {
    g_autofree char *ours = source_address (one);

    ways += ours != NULL;
    fits = ours == NULL || g_strv_contains ((const char *const *)search->from, ours) || g_str_has_prefix (ours, "127.")
           || g_str_equal (ours, "::1");
  }
  if (all != NULL)
    freeaddrinfo (all);
  if (fits && ways > 0)
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_REFUSED, "the network %s is not looked at: %s", search->network,
               ways > 0 ? "the server is reached through a VPN" : "it is not known by which way the server is reached");
  return FALSE;
}

void
ocs_neighbours_parse (const char *text, const OcsSearch *search, GHashTable *found)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint32 network = ntohl (inet_addr (search->network));
  guint32 mask = 0xFFFFFFFFu << (32 - search->prefix);

  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++) {
    char ip[64], mac[64];
    unsigned int kind, flags;
    struct in_addr address;

    if (sscanf (lines[i], "%63s 0x%x 0x%x %63s", ip, &kind, &flags, mac) != 4 || (flags & COMPLETE) == 0
        || inet_pton (AF_INET, ip, &address) != 1)
      continue;
    if (((ntohl (address.s_addr) ^ network) & mask) == 0)
      g_hash_table_replace (found, g_strdup (ip), g_strdup (mac));
  }
}

static void
read_table (const OcsSearch *search, GHashTable *found)
{
  g_autofree char *text = NULL;

  /* Below our own process: the rest of /proc may be hidden from us. */
  if (g_file_get_contents ("/proc/self/net/arp", &text, NULL, NULL))
    ocs_neighbours_parse (text, search, found);
}

static void
poke (int fd, guint32 address)
{
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons (DISCARD_PORT), .sin_addr.s_addr = htonl (address)};

  /* What comes back (nobody there, no such port) does not matter: who answered the kernel's question does. */
  (void)!sendto (fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to);
}

static int
open_socket (const OcsSearch *search, GError **error)
{
  struct sockaddr_in ours = {.sin_family = AF_INET};
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  if (fd >= 0 && inet_pton (AF_INET, search->address, &ours.sin_addr) == 1 && bind (fd, (struct sockaddr *)&ours, sizeof ours) == 0)
    return fd;
  g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "the network %s cannot be looked at from %s: %s", search->network, search->address,
               g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

GHashTable *
ocs_neighbours_find (const OcsSearch *search, GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  guint32 network = ntohl (inet_addr (search->network));
  guint32 last = network | ~(0xFFFFFFFFu << (32 - search->prefix));
  gint64 deadline = g_get_monotonic_time () + (gint64)SECONDS_MAX * G_USEC_PER_SEC;
  int fd = check_way (search, error) ? open_socket (search, error) : -1;

  if (fd < 0)
    return NULL;
  for (guint32 address = network + 1; address < last && g_get_monotonic_time () < deadline; address++) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error)) {
      close (fd);
      return NULL;
    }
    poke (fd, address);
    g_usleep ((gulong)search->gap * 1000);
    if ((address - network) % READ_EVERY == 0)
      read_table (search, found);
  }
  g_usleep (SETTLE_MS * 1000);
  read_table (search, found);
  close (fd);
  g_hash_table_remove (found, search->address);
  return g_steal_pointer (&found);
}
