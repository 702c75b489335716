/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker's head: when the server is contacted, what people asked for, and what they see. */
#pragma once
#include "worker/asking.h"
#include "worker/petition.h"

typedef struct _OcsAgent OcsAgent;
/* The status may be another. */
typedef void (*OcsAgentFunc) (OcsAgent *agent, gpointer user_data);

/* site: borrowed: outlives us. Nothing happens before ocs_agent_start(). */
OcsAgent *ocs_agent_new (OcsSite *site, OcsAgentFunc on_change, gpointer user_data);
void ocs_agent_free (OcsAgent *agent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsAgent, ocs_agent_free)

/* Goes on where the state on disk is, by the schedule. */
void ocs_agent_start (OcsAgent *agent);

/* A contact now, or a little later where many were asked for; one that runs is joined. Returns its serial. */
gint64 ocs_agent_contact (OcsAgent *agent);
/* The inventory now, see SendInventory in the interface file. */
gint64 ocs_agent_send_inventory (OcsAgent *agent, OcsAsked *asked);

/* What somebody says to the question of that id.
 * OCS_ERROR_NOT_FOUND where it does not stand (any more), OCS_ERROR_REFUSED where that answer is not allowed. */
gboolean ocs_agent_answer (OcsAgent *agent, const char *id, const OcsSaid *said, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* See SetTag in the interface file. tag: nullable: never ask again. */
gboolean ocs_agent_set_tag (OcsAgent *agent, const char *tag, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Drops a package that does not run: the server is told ERR_ABORTED. OCS_ERROR_NOT_FOUND, OCS_ERROR_REFUSED where it runs or has run. */
gboolean ocs_agent_drop (OcsAgent *agent, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The ini may be another: it is read anew, after the contact under way. Downloads go on. */
void ocs_agent_reload (OcsAgent *agent);

/* Contact or deployment under way or due. */
gboolean ocs_agent_is_busy (OcsAgent *agent);
/* Why the last contact failed; borrowed, nullable. */
const OcsReason *ocs_agent_problem (OcsAgent *agent);

/* All of it, transfer full: who may see what is for rights.h. */
OcsStatus *ocs_agent_status (OcsAgent *agent);

/* See ocs_depot_dup_small_url(). */
char *ocs_agent_dup_small_url (OcsAgent *agent);
