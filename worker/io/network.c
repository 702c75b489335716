/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-network"
#include "worker/io/network.h"
#include <errno.h>
#include <glib-unix.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

/* A cable or a wifi needs some seconds until DHCP and routes are done. */
#define SETTLE_MS 3000

struct _OcsNetwork {
  int fd;
  guint watch;
  guint settle;
  OcsNetworkFunc on_change;
  gpointer user_data; /* borrowed: the owner outlives us */
};

static gboolean
on_settled (gpointer user_data)
{
  OcsNetwork *network = user_data;

  network->settle = 0;
  network->on_change (network->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_netlink (int fd, GIOCondition condition, gpointer user_data)
{
  OcsNetwork *network = user_data;
  char waste[8192];
  gboolean any = FALSE;
  ssize_t n;

  /* What has changed is of no interest: the next contact tries its way anew. ENOBUFS means that much has changed. */
  while ((n = recv (fd, waste, sizeof waste, MSG_DONTWAIT)) > 0 || (n < 0 && errno == ENOBUFS))
    any = TRUE;
  if (any) {
    g_clear_handle_id (&network->settle, g_source_remove);
    network->settle = g_timeout_add (SETTLE_MS, on_settled, network);
  }
  return G_SOURCE_CONTINUE;
}

OcsNetwork *
ocs_network_new (OcsNetworkFunc on_change, gpointer user_data)
{
  OcsNetwork *network = g_new0 (OcsNetwork, 1);
  struct sockaddr_nl address = {
      .nl_family = AF_NETLINK,
      .nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE,
  };

  network->on_change = on_change;
  network->user_data = user_data;
  network->fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (network->fd >= 0 && bind (network->fd, (struct sockaddr *)&address, sizeof address) == 0)
    network->watch = g_unix_fd_add (network->fd, G_IO_IN, on_netlink, network);
  else
    g_message ("network changes cannot be seen (%s): contacts keep to the schedule", g_strerror (errno));
  return network;
}

void
ocs_network_free (OcsNetwork *network)
{
  if (network == NULL)
    return;
  g_clear_handle_id (&network->watch, g_source_remove);
  g_clear_handle_id (&network->settle, g_source_remove);
  if (network->fd >= 0)
    close (network->fd);
  g_free (network);
}
