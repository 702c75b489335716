/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learns from real fragments what a proxy keeps: "came, and was not held a moment later" is an object that is too large for it, or one
 * that it may not keep. */
#pragma once
#include "worker/site.h"

/* url, size bytes, has just come through proxy. Asks whether it is held now where that teaches something; at most a few
 * times per proxy. Nothing waits for it. site must outlive the main loop. */
void ocs_keeping_ask (OcsSite *site, const char *proxy, const char *url, gint64 size);
