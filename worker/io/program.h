/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting the project's own programs. */
#pragma once
#include "worker/core/post.h"
#include <gio/gio.h>

/* Path of a program that lives beside the running one; transfer full. */
char *ocs_program_path (const char *name);

typedef struct _OcsProgram OcsProgram;

/* Runs "ocs-courier --role=ROLE" with the listening socket at socket_path as its inherited fd, as user (nullable: the own one) where that
 * can be, and starts it again when it ends. It ends with the worker. The socket stands at once, so nobody has to wait for the courier. */
OcsProgram *ocs_program_spawn_courier (const char *role, const char *socket_path, const char *user,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_program_end (OcsProgram *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsProgram, ocs_program_end)

/* Runs ocs-run for a package in a unit of its own (ocs-package@.service) where systemd runs and has it, else in a session of its own, so
 * that it outlives the worker, and calls back when none runs for that package any more, whoever started it. ocs-run itself sees to it that
 * a package runs once. Where a failed start leaves no result, finish says why. */
void ocs_program_run_package_async (const char *state_dir, const char *id, GAsyncReadyCallback callback, gpointer user_data);
gboolean ocs_program_run_package_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes text to all terminals, by wall(1), which systemd starts where it runs; without it nothing happens. */
void ocs_program_wall (const char *text);

/* Restarts the machine or turns it off, by systemd where it runs, else by shutdown. */
gboolean ocs_program_power (OcsPostKind kind, GError **error) G_GNUC_WARN_UNUSED_RESULT;
