/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See lease.h. */
#include "worker/inventory/lease.h"
#include "worker/inventory/keyvalue.h"
#include <arpa/inet.h>
#include <string.h>

/* Places in a DHCP message. */
#define YOUR_ADDRESS 16
#define COOKIE 236
#define OPTIONS 240
#define OPTION_PAD 0
#define OPTION_SERVER 54
#define OPTION_END 255

static gboolean
is_inet (const char *text)
{
  struct in_addr address;
  return text != NULL && inet_pton (AF_INET, text, &address) == 1;
}

char *
ocs_lease_from_pairs (const char *text, const char *address)
{
  g_autofree char *own = ocs_keyvalue_get (text, "ADDRESS");
  g_autofree char *server = ocs_keyvalue_get (text, "SERVER_ADDRESS");
  return g_strcmp0 (own, address) == 0 && is_inet (server) ? g_steal_pointer (&server) : NULL;
}

/* The value of a line "NAME VALUE;" of dhclient's, without quotes; NULL for another line. */
static char *
read_statement (const char *line, const char *name)
{
  gsize size = strlen (name);
  if (strncmp (line, name, size) != 0 || !g_ascii_isspace (line[size]))
    return NULL;
  g_autofree char *value = g_strstrip (g_strdup (line + size));
  value[strcspn (value, ";")] = '\0';
  g_strdelimit (value, "\"", ' ');
  return g_strdup (g_strstrip (value));
}

/* What one "lease { … }" has said so far. */
typedef struct {
  char *interface; /* owned, nullable */
  char *address;   /* owned, nullable */
  char *server;    /* owned, nullable */
} Lease;

static void
lease_clear (Lease *lease)
{
  g_clear_pointer (&lease->interface, g_free);
  g_clear_pointer (&lease->address, g_free);
  g_clear_pointer (&lease->server, g_free);
}

static void
take_statement (Lease *lease, const char *line)
{
  const struct {
    const char *name;
    char **value;
  } statements[] = {
      {"interface", &lease->interface}, {"fixed-address", &lease->address}, {"option dhcp-server-identifier", &lease->server}};
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++) {
    char *value = read_statement (line, statements[i].name);
    if (value != NULL) {
      g_free (*statements[i].value);
      *statements[i].value = value;
    }
  }
}

char *
ocs_lease_from_dhclient (const char *text, const char *interface, const char *address)
{
  char *found = NULL;
  Lease lease = {0};
  g_auto (GStrv) lines = g_strsplit (text == NULL ? "" : text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = g_strstrip (lines[i]);
    take_statement (&lease, line);
    if (*line != '}')
      continue;
    /* A file of one interface need not name it. */
    gboolean is_ours = lease.interface == NULL || g_str_equal (lease.interface, interface);
    if (is_ours && g_strcmp0 (lease.address, address) == 0 && is_inet (lease.server)) {
      g_free (found);
      found = g_strdup (lease.server);
    }
    lease_clear (&lease);
  }
  lease_clear (&lease);
  return found;
}

char *
ocs_lease_from_dhcpcd (const void *bytes, gsize length, const char *address)
{
  static const guint8 cookie[] = {0x63, 0x82, 0x53, 0x63};
  const guint8 *message = bytes;
  char text[INET_ADDRSTRLEN];
  if (message == NULL || length < OPTIONS || memcmp (message + COOKIE, cookie, sizeof cookie) != 0)
    return NULL;
  if (inet_ntop (AF_INET, message + YOUR_ADDRESS, text, sizeof text) == NULL || g_strcmp0 (text, address) != 0)
    return NULL;
  for (gsize at = OPTIONS; at + 1 < length && message[at] != OPTION_END;) {
    if (message[at] == OPTION_PAD) {
      at++;
      continue;
    }
    gsize size = message[at + 1];
    if (size > length - at - 2)
      return NULL;
    if (message[at] == OPTION_SERVER && size == 4)
      return inet_ntop (AF_INET, message + at + 2, text, sizeof text) == NULL ? NULL : g_strdup (text);
    at += 2 + size;
  }
  return NULL;
}
