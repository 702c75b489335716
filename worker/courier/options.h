/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns a request into options of libcurl. Every option that any request uses is set each time, since handles are used again. */
#pragma once
#include "worker/courier/transfer.h"

/* Checks URL, User-Agent and headers; returns "host:port" of the URL, transfer full. */
char *ocs_options_check (const OcsRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Names whom a login belongs to; NULL without a login. transfer full. */
char *ocs_options_dup_key (const OcsRequest *request);
/* transfer full, nullable; must live as long as the transfer. */
struct curl_slist *ocs_options_lines (const OcsRequest *request);
gboolean ocs_options_apply (const OcsRequest *request, CURL *easy, struct curl_slist *lines, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes logins, certificates and pointers out again. */
void ocs_options_forget (CURL *easy);
