/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of /proc/cpuinfo, of x86, ARM, POWER, RISC-V and s390x. Pure. */
#pragma once
#include <glib.h>

/* One logical processor. */
typedef struct {
  int number;
  int package;      /* -1: the text does not say (ARM) */
  int core;         /* -1: the same */
  int mhz;          /* now, so it jitters where the kernel scales it; 0: not said */
  int implementer;  /* ARM; -1 elsewhere */
  int part;         /* ARM; -1 elsewhere */
  gboolean is_wide; /* x86: can run 64-bit code */
  char *vendor;     /* owned, nullable */
  char *model;      /* owned, nullable */
} OcsCpu;

/* text: nullable. Of OcsCpu, in the order of the text. transfer full. */
GPtrArray *ocs_cpuinfo_parse (const char *text);

/* "Intel" for "GenuineIntel". borrowed. */
const char *ocs_cpuinfo_vendor_name (const OcsCpu *cpu);
/* The model; for ARM the name of the core where it is known, else its numbers. transfer full. */
char *ocs_cpuinfo_model_name (const OcsCpu *cpu);
/* The clock that a model name ends with ("… @ 2.60GHz"), in MHz; 0: none. */
int ocs_cpuinfo_model_mhz (const char *model);
