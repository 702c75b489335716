/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What flatpak has installed for all users, from its files. */
#pragma once
#include "worker/core/inventory.h"
#include "worker/inventory/source.h"

/* What is written beside each installed version ("deploy"). All owned, nullable. */
typedef struct {
  char *origin;  /* the remote it came from: "flathub" */
  char *version; /* as its maker calls it */
  char *title;   /* "Firefox" */
  char *summary;
  guint64 size; /* bytes */
} OcsFlatpak;

/* Adds an entry to SOFTWARES for each application and runtime; their translations and debug files are parts of them. */
void ocs_flatpak_collect (const OcsSource *source, OcsInventory *inventory);

/* The file "deploy", a GVariant of type (ssasta{sv}) (flatpak, common/flatpak-dir.c). bytes may be anything. Pure. */
void ocs_flatpak_parse (const void *bytes, gsize length, OcsFlatpak *flatpak);
void ocs_flatpak_clear (OcsFlatpak *flatpak);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OcsFlatpak, ocs_flatpak_clear)
