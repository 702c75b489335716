/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See makers.h. */
#include "worker/inventory/makers.h"
#include <string.h>

typedef struct {
  const char *prefix;
  const char *maker;
} Prefix;

/* '#' stands for a digit: "ST1000" is Seagate's, "STEC" is not. */
static const Prefix prefixes[] = {
    {"ADATA", "ADATA"},
    {"Amazon", "Amazon"},
    {"Apacer", "Apacer"},
    {"APPLE", "Apple"},
    {"CT#", "Crucial"},
    {"Corsair", "Corsair"},
    {"Crucial", "Crucial"},
    {"FUJITSU", "Fujitsu"},
    {"HFM", "SK hynix"},
    {"HFS", "SK hynix"},
    {"HGST", "HGST"},
    {"Hitachi", "Hitachi"},
    {"INTEL", "Intel"},
    {"KBG#", "Kioxia"},
    {"KINGSTON", "Kingston"},
    {"KIOXIA", "Kioxia"},
    {"KXG#", "Kioxia"},
    {"LITEON", "Lite-On"},
    {"Lexar", "Lexar"},
    {"MAXTOR", "Maxtor"},
    {"MTFD", "Micron"},
    {"MZ", "Samsung"},
    {"Micron", "Micron"},
    {"OCZ", "OCZ"},
    {"PLEXTOR", "Plextor"},
    {"PNY", "PNY"},
    {"Patriot", "Patriot"},
    {"QEMU", "QEMU"},
    {"SK hynix", "SK hynix"},
    {"SKHynix", "SK hynix"},
    {"SPCC", "Silicon Power"},
    {"SSDPE", "Intel"},
    {"SSDSC", "Intel"},
    {"ST#", "Seagate"},
    {"Sabrent", "Sabrent"},
    {"Samsung", "Samsung"},
    {"SanDisk", "SanDisk"},
    {"Seagate", "Seagate"},
    {"TOSHIBA", "Toshiba"},
    {"TS#", "Transcend"},
    {"Transcend", "Transcend"},
    {"VBOX", "VirtualBox"},
    {"VMware", "VMware"},
    {"WD ", "Western Digital"},
    {"WD#", "Western Digital"},
    {"WDC", "Western Digital"},
    {"WDS#", "Western Digital"},
    {"WD_", "Western Digital"},
};

static gboolean
begins (const char *model, const char *prefix)
{
  for (; *prefix != '\0'; prefix++, model++) {
    gboolean same = *prefix == '#' ? g_ascii_isdigit (*model) : g_ascii_tolower (*model) == g_ascii_tolower (*prefix);
    if (!same)
      return FALSE;
  }
  return TRUE;
}

const char *
ocs_maker_of_model (const char *model)
{
  for (guint i = 0; model != NULL && i < G_N_ELEMENTS (prefixes); i++)
    if (begins (model, prefixes[i].prefix))
      return prefixes[i].maker;
  return NULL;
}

const char *
ocs_maker_of_card (gint64 number, gboolean is_sd)
{
  static const struct {
    guint8 sd;
    guint8 mmc;
    const char *maker;
  } cards[] = {
      {0x1B, 0x15, "Samsung"}, {0x03, 0x45, "SanDisk"},   {0x02, 0x11, "Toshiba"},  {0x41, 0x70, "Kingston"},
      {0x27, 0xF4, "Phison"},  {0x74, 0x00, "Transcend"}, {0x00, 0x90, "SK hynix"}, {0x00, 0x13, "Micron"},
  };
  for (guint i = 0; number > 0 && i < G_N_ELEMENTS (cards); i++)
    if (number == (is_sd ? cards[i].sd : cards[i].mmc))
      return cards[i].maker;
  return NULL;
}
