/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of hardware by its numbers, as PCI, USB and monitors carry them: from udev's hardware database on this machine, else from the
 * pci.ids and usb.ids files under the root. */
#pragma once
#include "worker/inventory/source.h"

/* Its class is not asked for. */
#define OCS_HWID_NO_CLASS G_MAXUINT

typedef struct {
  guint vendor;      /* 0 … 0xFFFF */
  guint device;      /* 0 … 0xFFFF */
  guint class;       /* 24 bits: class, subclass, interface; or OCS_HWID_NO_CLASS */
  char *alias;       /* owned, nullable; its modalias, which udev's database is asked for */
  char *vendor_name; /* owned; nullable, as the next two: in no database */
  char *device_name;
  char *class_name; /* of the subclass where it has a name: "VGA compatible controller" */
} OcsHwid;

/* Frees the strings. */
void ocs_hwid_clear (OcsHwid *id);

/* "Intel Corporation 440FX"; the numbers for what has no name. transfer full. */
char *ocs_hwid_label (const OcsHwid *id);

/* Fills in the names that are not set yet. ids: of OcsHwid. files: paths of ids files, ended by NULL, of which the first that is there
 * is read if udev's database did not name all. */
void ocs_hwid_name_all (const OcsSource *source, GPtrArray *ids, const char *const *files);
/* The same from the text of an ids file. Pure. */
void ocs_hwid_name_from_ids (GPtrArray *ids, const char *text, gsize length);

/* One property ("ID_VENDOR_FROM_DATABASE") of a modalias in udev's database; NULL for none, and for a captured machine. transfer full. */
char *ocs_hwid_property (const OcsSource *source, const char *alias, const char *key);
