/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time, chance and the names of this machine: what the pure core gets as arguments. */
#pragma once
#include <glib.h>

gint64 ocs_clock_now (void);       /* seconds since the epoch */
gint64 ocs_clock_monotonic (void); /* milliseconds, goes on during sleep (CLOCK_BOOTTIME) */
gint64 ocs_clock_awake (void);     /* milliseconds, stands still during sleep (CLOCK_MONOTONIC) */
double ocs_clock_random (void);    /* 0 … 1, from the kernel */
char *ocs_clock_host_name (void);  /* transfer full */
/* Below root ("/", or a captured machine); transfer full, nullable. */
char *ocs_clock_machine_id (const char *root);
char *ocs_clock_firmware_uuid (const char *root); /* only root may read it */
char *ocs_clock_boot_id (void);                   /* of this boot; transfer full, nullable */
