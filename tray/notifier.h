/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few notifications, by GNotification: who does not want to be disturbed, and what is over a full-screen window, is the desktop's to
 * know; none is urgent. */
#pragma once
#include "tray/model.h"
#include <gio/gio.h>

typedef struct _OcsNotifier OcsNotifier;

/* application and model: borrowed: outlive us. */
OcsNotifier *ocs_notifier_new (GApplication *application, const OcsModel *model);
void ocs_notifier_free (OcsNotifier *notifier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsNotifier, ocs_notifier_free)

/* To be called at each change of the status. */
void ocs_notifier_step (OcsNotifier *notifier);
