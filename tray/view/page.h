/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The status window as data: a text for each of its places, NULL where the place is not shown. Pure. */
#pragma once
#include "ipc/status.h"
#include "tray/view/request.h"
#include <glib.h>

/* A worker may know very many packages; the window names the first of them and counts the rest. */
#define OCS_PAGE_PACKAGES_MAX 200

typedef struct {
  char *name;  /* owned; "Package 123" */
  char *step;  /* owned */
  char *words; /* owned; result, reason or how far; "" for none */
} OcsPageItem;

typedef struct {
  char *icon;       /* owned; a coloured icon's name */
  char *headline;   /* owned */
  char *why;        /* owned, nullable */
  char *advice;     /* owned, nullable */
  char *detail;     /* owned, nullable; the worker's own words */
  char *warning;    /* owned, nullable; insecure and the worker's warnings, a line each */
  char *job;        /* owned, nullable */
  char *figures;    /* owned, nullable */
  double fraction;  /* 0 … 1; below 0 where it is not known */
  char *last;       /* owned; last contact */
  char *next;       /* owned */
  char *inventory;  /* owned; last inventory */
  char *server;     /* owned */
  char *machine;    /* owned, nullable; its name at the server */
  char *tag;        /* owned, nullable */
  char *server_tag; /* owned, nullable; where it is another one */
  char *proxy;      /* owned */
  char *savings;    /* owned, nullable */
  char *result;     /* owned, nullable; of the last "Send inventory now" */
  GPtrArray *items; /* owned; element-type OcsPageItem */
  char *more;       /* owned, nullable; "and 12 more", or that there are none */
  gboolean can_send;
} OcsPage;

OcsPage *ocs_page_build (const OcsStatus *status, const OcsRequest *request, gint64 now, GTimeZone *zone);
void ocs_page_free (OcsPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPage, ocs_page_free)
