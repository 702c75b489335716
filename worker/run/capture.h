/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The output of a command, capped: its first and its last half are kept, whatever it writes. Pure. */
#pragma once
#include <glib.h>

typedef struct _OcsCapture OcsCapture;

/* max: bytes kept, at least 2. */
OcsCapture *ocs_capture_new (gsize max);
void ocs_capture_free (OcsCapture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsCapture, ocs_capture_free)

void ocs_capture_push (OcsCapture *capture, const void *bytes, gsize length);
gboolean ocs_capture_is_truncated (OcsCapture *capture);
/* What was kept as valid UTF-8 without NUL bytes, with a line in the middle that says how much was left out. transfer full. */
char *ocs_capture_text (OcsCapture *capture);
