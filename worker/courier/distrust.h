/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says why there is no TLS connection, and what to do. Pure. */
#pragma once
#include "worker/courier/ending.h"

/* One line with {server} and {proxy} in it. transfer full; NULL where ending did not fail for TLS. */
char *ocs_distrust_describe (const OcsEnding *ending);
