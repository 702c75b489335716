/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Static files as Apache serves them: Last-Modified, ETag from size and time, conditional requests, one byte range, no Cache-Control. */
#pragma once
#include "tests/lab/lab-reply.h"

/* Serves a file for GET and HEAD; 404 where it is not there, 403 for a folder. transfer full. */
OcsLabReply *ocs_lab_files_serve (const OcsLabRequest *request, const char *file);
/* Whether a path from a URL stays below its folder: no empty, "." or ".." part. */
gboolean ocs_lab_files_is_safe (const char *path);
