/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as the OCS server takes it, and the few pieces of XML that we send. Writing only: what comes from the network is parsed
 * elsewhere. Pure. */
#pragma once
#include <glib.h>

#define OCS_XML_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

/* The first length bytes of text (-1: up to the NUL) made fit to be sent: valid UTF-8 (a byte that is not is taken as Latin-1), no
 * character that XML forbids, and text that the server would store as "1" made harmless, visibly: its round brackets become square
 * ones (OCSInventory-Server Apache/Ocsinventory.pm, the scrubbing of CONTENT since 2.12). Cleaning twice changes nothing.
 * transfer full. */
char *ocs_xml_clean (const char *text, gssize length);

/* Appends text, cleaned and escaped, fit for an element and for a quoted attribute value. NULL appends nothing. */
void ocs_xml_append_text (GString *out, const char *text);
/* The same for what ocs_xml_clean() has already returned. */
void ocs_xml_append_cleaned (GString *out, const char *text);

/* A line of its own, indented by depth × 2: <name>text</name>; text is cleaned and escaped, name is ours and is not. */
void ocs_xml_append_element (GString *out, guint depth, const char *name, const char *text);
void ocs_xml_open (GString *out, guint depth, const char *name);
void ocs_xml_close (GString *out, guint depth, const char *name);
