/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether NetworkManager takes the connection for metered (its property Metered, NMMetered: 1 yes, 3 guess-yes). Without a system bus or
 * without NetworkManager it is not. */
#pragma once
#include <glib.h>

typedef struct _OcsMetered OcsMetered;
typedef void (*OcsMeteredFunc) (gpointer user_data);

/* on_change comes with each change, and never within. */
OcsMetered *ocs_metered_new (OcsMeteredFunc on_change, gpointer user_data);
void ocs_metered_free (OcsMetered *metered);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsMetered, ocs_metered_free)

gboolean ocs_metered_is (const OcsMetered *metered);
/* The first answer is not here yet. */
gboolean ocs_metered_is_pending (const OcsMetered *metered);
