/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is logged in. */
#pragma once
#include "worker/inventory/source.h"

/* Names, each once, in order, joined by '/': by logind's sessions of people, else by utmp. NULL where nobody is. transfer full. */
char *ocs_people_logged_in (const OcsSource *source);
