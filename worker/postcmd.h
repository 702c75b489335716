/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What POSTCMD asks for once the result is reported: a restart, turning off, or a command. */
#pragma once
#include "worker/work.h"

/* POST: takes a duty's task (see work.h) and ends it. */
void ocs_postcmd_do (GTask *task, const OcsPackage *package);
