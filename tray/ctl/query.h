/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question of the worker as lines on a terminal. Pure. */
#pragma once
#include "ipc/question.h"

/* What is asked, or what is to be done, in one line; the server's text without its markup. Transfer full. */
char *ocs_query_words (const OcsQuestion *question);

/* What can be answered and what happens without an answer, or what was decided. Transfer full. */
char *ocs_query_choices (const OcsQuestion *question, gint64 now, GTimeZone *zone);
