/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is at the machine, and whether a question would be seen now. Pure: from sessions and inhibitors as logind tells them. */
#pragma once
#include <glib.h>

typedef struct {
  guint uid;
  gboolean graphical;
  gboolean active; /* in the foreground of its seat, or remote */
  gboolean locked;
} OcsSitting;

/* A program that asks to be left alone. */
typedef struct {
  guint uid;
  gboolean idle;     /* somebody presents, watches or is in a call */
  gboolean shutdown; /* the machine is not to be turned off: a disc is written, an upgrade runs */
} OcsInhibitor;

typedef struct {
  gboolean pending;  /* nobody knows yet: nothing is decided */
  guint people;      /* different people who are logged in */
  guint screens;     /* graphical sessions */
  gboolean attended; /* a screen is in the foreground and unlocked, and on none does anybody present; or there are only text sessions */
  gboolean shutdown_held; /* a program asks not to turn the machine off */
} OcsAudience;

/* sittings, inhibitors: element-types as above, nullable. An inhibitor counts for the sessions of its own user, root's for all. */
OcsAudience ocs_audience_build (const GArray *sittings, const GArray *inhibitors);
gboolean ocs_audience_equal (const OcsAudience *a, const OcsAudience *b);
