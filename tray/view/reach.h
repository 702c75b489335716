/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How this machine reaches its server, in words. Pure. */
#pragma once
#include "ipc/status.h"

typedef struct {
  char *server;     /* owned */
  char *encryption; /* owned, nullable; TLS, and whether the certificate is checked */
  char *proxy;      /* owned; kind and address */
  char *login;      /* owned, nullable; without a proxy */
  char *cache;      /* owned, nullable; what the proxy does with packages */
  char *trouble;    /* owned, nullable; what is wrong with the proxy */
  char *ways;       /* owned, nullable; a line for each purpose: by which way, and why by that */
  char *savings;    /* owned, nullable */
} OcsReach;

OcsReach *ocs_reach_build (const OcsStatus *status);
void ocs_reach_free (OcsReach *reach);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsReach, ocs_reach_free)
