/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a monitor says of itself: VESA E-EDID, the base block and the extension blocks of CTA-861 and DisplayID. Pure; every access is
 * checked, since monitors, docks and adapters lie. */
#pragma once
#include <glib.h>

#define OCS_EDID_BLOCK 128
/* The base block and its extensions; what comes after is not looked at. */
#define OCS_EDID_MAX (256 * OCS_EDID_BLOCK)

typedef struct {
  char vendor[4];      /* three letters of the PNP registry, "DEL" */
  guint16 product;     /* the maker's number of the model */
  guint32 number;      /* serial number; 0: none */
  guint week;          /* of manufacture; 0: not said */
  guint year;          /* of manufacture or of the model; 0: not said */
  gboolean is_digital; /* not by an analogue cable */
  char name[14];       /* "DELL U2415"; empty: not said, as the next two */
  char serial[14];     /* as on its label */
  char text[14];       /* free; panels of notebooks have their model there */
} OcsEdid;

/* NULL for what is no EDID or whose base block is damaged. A damaged or missing extension block is left out. transfer full. */
OcsEdid *ocs_edid_parse (const void *bytes, gsize length);
void ocs_edid_free (OcsEdid *edid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsEdid, ocs_edid_free)

/* The name, else what the panel says, else the maker's numbers ("AUO 573d"). transfer full. */
char *ocs_edid_model (const OcsEdid *edid);
/* As printed on the monitor, else the number; NULL where it has none. transfer full. */
char *ocs_edid_serial (const OcsEdid *edid);
