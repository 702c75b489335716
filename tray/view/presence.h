/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the icon is for this session: Show= of [OCS Tray], and what logind's files say. Pure. */
#pragma once
#include <glib.h>

typedef struct {
  gboolean by_hand;          /* opened by a person, not with the session */
  gboolean logind;           /* there is one to know */
  gboolean at_seat;          /* this session stands at the machine itself */
  const char *const *groups; /* borrowed, nullable; names of the person's groups */
} OcsPresence;

/* show: all, seat, none or group:NAME; nullable or unknown: seat. Without logind, and for somebody who opens the window by hand, seat
 * shows. */
gboolean ocs_presence_shows (const OcsPresence *presence, const char *show);

/* session: text of /run/systemd/sessions/ID, nullable. user: text of /run/systemd/users/UID, nullable, for a program that does not know its
 * session: then one at the seat is enough. */
gboolean ocs_presence_is_at_seat (const char *session, const char *user);
