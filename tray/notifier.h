/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few notifications, by GNotification: none is urgent, so that the desktop keeps them back from who does not want to be disturbed. Not
 * every desktop does so for a full-screen window, so they wait here for its end where we can know of one. */
#pragma once
#include "tray/fullscreen.h"
#include "tray/model.h"
#include <gio/gio.h>

typedef struct _OcsNotifier OcsNotifier;

/* All borrowed: outlive us. */
OcsNotifier *ocs_notifier_new (GApplication *application, const OcsModel *model, OcsFullscreen *fullscreen);
void ocs_notifier_free (OcsNotifier *notifier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsNotifier, ocs_notifier_free)

/* To be called at each change of the status, and when a full-screen window has ended. */
void ocs_notifier_step (OcsNotifier *notifier);
