/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* A name and a value, as in ACCOUNTINFO. */
typedef struct {
  char *name;  /* owned */
  char *value; /* owned */
} OcsPair;

OcsPair *ocs_pair_new (const char *name, const char *value);
void ocs_pair_free (OcsPair *pair);
/* Empty; frees its OcsPair elements. */
GPtrArray *ocs_pairs_new (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPair, ocs_pair_free)
