/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packages as people see them: what is under way, what waits and for what, what has been. Pure. */
#pragma once
#include "ipc/status.h"
#include <glib.h>

/* A worker may know very many packages; each group names the first of them and counts the rest. */
#define OCS_DEPLOYMENTS_MAX 200

typedef enum { OCS_DEPLOYMENTS_NOW, OCS_DEPLOYMENTS_WAITING, OCS_DEPLOYMENTS_PAST } OcsDeploymentsKind;
#define OCS_DEPLOYMENTS_N (OCS_DEPLOYMENTS_PAST + 1)

typedef struct {
  char *id;         /* owned */
  char *name;       /* owned; "Package 123" */
  char *words;      /* owned; "Downloading: 3 of 20 parts", "Finished: Installed today 14:02" */
  char *icon;       /* owned; tells the same without words */
  char *figures;    /* owned, nullable; rate, time left, where the bytes come from */
  double fraction;  /* 0 … 1; below 0 where there is no progress to show */
  char *map;        /* owned, nullable; a character a fragment: '.', 'c', 'w', 'd' */
  char *map_words;  /* owned, nullable; the same in words */
  char *details;    /* owned; a line each */
  gboolean hurries; /* "Do it now anyway" is allowed */
  gboolean asks;    /* a question of it stands */
} OcsDeployment;

typedef struct {
  const char *title; /* borrowed; translated */
  GPtrArray *items;  /* owned; element-type OcsDeployment */
  char *more;        /* owned, nullable; "and 12 more" */
} OcsDeploymentsGroup;

typedef struct {
  OcsDeploymentsGroup groups[OCS_DEPLOYMENTS_N];
  char *nothing; /* owned, nullable; where there is no package, why */
} OcsDeployments;

OcsDeployments *ocs_deployments_build (const OcsStatus *status, gint64 now, GTimeZone *zone);
void ocs_deployments_free (OcsDeployments *deployments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsDeployments, ocs_deployments_free)
