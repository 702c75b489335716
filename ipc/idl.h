/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of the interface files, made from them when the program is built. */
#pragma once

const char *ocs_idl_worker (void);
const char *ocs_idl_courier (void);
