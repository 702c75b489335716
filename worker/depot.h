/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All packages of this machine: which one is worked on, in the order of their priority. One uses the line at a time and one runs at a
 * time; one that waits holds back no other. */
#pragma once
#include "worker/asking.h"
#include "worker/core/reply.h"
#include "worker/site.h"

typedef struct _OcsDepot OcsDepot;
typedef void (*OcsDepotFunc) (OcsDepot *depot, gpointer user_data);

/* Loads what is on disk; nothing is done before ocs_depot_work(). */
OcsDepot *ocs_depot_new (OcsSite *site, OcsDepotFunc on_change, gpointer user_data);
void ocs_depot_free (OcsDepot *depot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsDepot, ocs_depot_free)

/* A PROLOG is about to be sent, with all taken: what it says of a package whose result the server gets meanwhile may be older than that. */
void ocs_depot_expect (OcsDepot *depot);
/* Takes what a PROLOG reply says about packages: a few at once, many one after the other while nothing new is begun. */
void ocs_depot_offer (OcsDepot *depot, const OcsReply *reply);
/* Something of that is not taken yet; on_change is called once all is. */
gboolean ocs_depot_is_taking (OcsDepot *depot);
/* Starts what can be started now, and sees to it that it is called again when more can. */
void ocs_depot_work (OcsDepot *depot);
/* Somebody has answered what a package asks; errors as of ocs_deploy_answer(). */
gboolean ocs_depot_answer (OcsDepot *depot, const char *id, const OcsSaid *said, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* See ocs_agent_drop(). */
gboolean ocs_depot_drop (OcsDepot *depot, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Something is under way or to be done now. */
gboolean ocs_depot_is_busy (OcsDepot *depot);
/* The ids that count as done for the server: element-type char*, transfer full. NULL as ocs_store_history(). */
GPtrArray *ocs_depot_history (OcsDepot *depot, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds packages and the job under way to status. */
void ocs_depot_describe (OcsDepot *depot, OcsStatus *status);
/* A small file by http that lies where the parts of the newest package do; transfer full, NULL without one. */
char *ocs_depot_dup_small_url (OcsDepot *depot);
/* Whether bytes are coming in, so that the status changes by itself. */
gboolean ocs_depot_is_fetching (OcsDepot *depot);
