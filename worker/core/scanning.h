/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which network is looked at when the server elects this machine for IPDISCOVER, and how gently: never one that lies behind a VPN or is
 * not the administrator's, for a notebook must not scan a home or a customer. Pure. */
#pragma once
#include "worker/core/inventory.h"

#define OCS_SCANNING_HOSTS_MAX 4096
#define OCS_SCANNING_SECONDS_MAX 600
#define OCS_SCANNING_GAP_MIN 20 /* milliseconds between two hosts */

typedef struct {
  char *network; /* owned; "192.0.2.0" */
  guint prefix;  /* bits */
  char *address; /* owned; ours on that network */
  GStrv from;    /* owned; our addresses from which the server may be reached: all but those of tunnels */
  guint gap;     /* milliseconds between two hosts */
} OcsScanPlan;

/* inventory: with NETWORKS. subnet: as the server says it; latency: milliseconds, as it says it. site_networks: SiteNetworks=, nullable.
 * OCS_ERROR_REFUSED says why that network is not looked at. */
OcsScanPlan *ocs_scanning_plan (const OcsInventory *inventory, const char *subnet, gint64 latency, const char *site_networks,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_scan_plan_free (OcsScanPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsScanPlan, ocs_scan_plan_free)

/* Somebody who answered there. */
typedef struct {
  char *ip;   /* owned */
  char *mac;  /* owned; "00:16:3e:00:00:01" */
  char *name; /* owned; "-" where it has none */
} OcsNeighbour;

/* hosts: of the type Host of org.ocscompanion.Courier, nullable; what is odd or not in the plan's network is left out. transfer full, of
 * OcsNeighbour. */
GPtrArray *ocs_scanning_read (const OcsScanPlan *plan, JsonArray *hosts);
/* The section IPDISCOVER as the server reads it (OCSInventory-Server Capacities/Ipdiscover.pm); nothing for no neighbour: the server takes
 * an empty one for none. */
void ocs_scanning_append (GString *xml, const GPtrArray *neighbours);
/* The words of SiteNetworks= that are no network; nullable. transfer full. */
char *ocs_scanning_odd_networks (const char *site_networks);
