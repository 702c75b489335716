/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state folder (root 0700). Whatever is written is durable when the function returns: new file, fsync, rename, fsync of the folder.
 *
 *   file                      format                           who writes it
 *   lock                      flock, empty                     the worker that runs
 *   identity.json             see core/identity.h              worker; at the first start after the Perl agent, takeover.h
 *   account.json              pairs: [{name, value}]           worker, after an inventory
 *   schedule.json             see core/schedule.h, ledger.h    worker, after a contact
 *   accepted.json             section: digest                  worker, after the server took an inventory
 *   key                       32 random bytes                  worker, for the first login; io/machinekey.h
 *   tag.json                  see core/tagging.h              worker, when people are asked for the TAG and answer
 *   counters.json             totals, by day and by proxy      worker
 *   outline.json              see core/outline.h               worker, after the server took an inventory
 *   contacts.json             contacts: [Outcome], at most 100  worker, after a contact
 *   restart.json              see power.h                      worker
 *   outcome.json              Outcome of the Worker interface  worker
 *   history                   one package id a line            worker
 *   packages/ID/state.json    see core/package.h               worker
 *   packages/ID/ID-N[.part]   a fragment                       worker
 *   packages/ID/ID-N.sums     see sums.h                       worker, while healing
 *   packages/ID/order.json    see core/order.h                 worker
 *   packages/ID/started.json, result.json, lock, output, run/  ocs-run
 *
 * A file that cannot be read as what it should be is kept beside as NAME.broken and said in the log; nothing is lost. */
#pragma once
#include <json-glib/json-glib.h>

#define OCS_STORE_OUTLINE "outline.json"

typedef struct _OcsStore OcsStore;

/* Makes the folder where needed. OCS_ERROR_BUSY where another worker has it. */
OcsStore *ocs_store_open (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_store_close (OcsStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsStore, ocs_store_close)

const char *ocs_store_folder (OcsStore *store);

/* name: relative to the folder. NULL where there is none; a broken one is moved aside. transfer full. */
JsonObject *ocs_store_read (OcsStore *store, const char *name);
gboolean ocs_store_write (OcsStore *store, const char *name, JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_store_set_aside (OcsStore *store, const char *name, const char *why);

/* Ids in the order in which they were added, transfer full, element-type char*. NULL where there is a history that cannot be read: what is
 * missing in it would run again. */
GPtrArray *ocs_store_history (OcsStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds id unless it is there. */
gboolean ocs_store_remember (OcsStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds those that are not there, in one write. element-type char* */
gboolean ocs_store_remember_all (OcsStore *store, const GPtrArray *ids, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ids of the package folders, sorted, transfer full. */
GPtrArray *ocs_store_packages (OcsStore *store);
/* Makes packages/ID (0700). */
gboolean ocs_store_make_package (OcsStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *ocs_store_package_path (OcsStore *store, const char *id, const char *file); /* file: nullable */
/* Where a fragment lies, from 1; transfer full. */
char *ocs_store_fragment_path (OcsStore *store, const char *id, gint64 fragment);
/* What its command printed, at most limit bytes of it; transfer full, nullable. */
char *ocs_store_package_output (OcsStore *store, const char *id, gsize limit);
/* Numbers of the whole fragments on disk. element-type gint64. */
GArray *ocs_store_fragments (OcsStore *store, const char *id);
/* Numbers of those that a pass of healing has fetched: both they and their sums are there. A set of gint64*, transfer full. */
GHashTable *ocs_store_healed (OcsStore *store, const char *id);
/* Removes parts of fragments, and sums: what the next pass of healing must not find. */
gboolean ocs_store_begin_pass (OcsStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes what ocs-run left of a run that was none. */
gboolean ocs_store_drop_result (OcsStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes all but state.json and output: what is left is the record that people see. */
gboolean ocs_store_clean_package (OcsStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes the folder of a package of which no journal was ever written: a crash came before. */
void ocs_store_sweep_package (OcsStore *store, const char *id);
gboolean ocs_store_remove_package (OcsStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes what the server knows of another machine, of which this state is a copy: all but identity and history. */
gboolean ocs_store_forget_machine (OcsStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
