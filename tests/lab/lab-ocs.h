/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OCS protocol of the test server, after OCSInventory-Server 2.8.1 and 2.12.5 (Apache/Ocsinventory.pm and below): what is asked
 * arrives as a request, what is known of devices and packages is kept in memory. Opens no socket and no file. */
#pragma once
#include "tests/lab/lab-reply.h"

typedef struct {
  char *id;         /* owned; DEVICEID */
  char *user_agent; /* owned, nullable: of the last PROLOG */
  char *inventory;  /* owned, nullable: XML of the last one */
  char *checksum;   /* owned, nullable */
  gint64 prologs, inventories, notifies;
  GHashTable *results; /* owned; package id → TVALUE, "" while there is none */
  GHashTable *history; /* owned; set of package ids */
  GHashTable *account; /* owned; name → value */
  JsonArray *reports;  /* owned; every DOWNLOAD report, in order: {id, err} */
} OcsLabDevice;

typedef struct {
  JsonObject *config;   /* owned; see ocs_lab_ocs_new */
  GHashTable *devices;  /* owned; DEVICEID → OcsLabDevice */
  GHashTable *packages; /* owned; id → JsonObject as given to add */
  guint16 port;         /* where /download is by http */
  guint16 tls_port;     /* and by https; 0: nowhere */
} OcsLabOcs;

/* config's members and defaults: response AUTO (SEND until an inventory came, then STOP) | SEND | STOP | OFF (STOP without OPTION),
 * prolog_freq 24, inventory_on_startup 1, download {attributes of PARAM TYPE=CONF} or null, accountinfo {name: value} (as an
 * administrator sets them, for all devices), label null (text for GET deploy/label), check_user_agent true, user and password null. */
OcsLabOcs *ocs_lab_ocs_new (void);
void ocs_lab_ocs_free (OcsLabOcs *ocs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLabOcs, ocs_lab_ocs_free)

/* Answers anything at or below /ocsinventory; transfer full. Adds query, deviceid and xml to the request's record. */
OcsLabReply *ocs_lab_ocs_serve (OcsLabOcs *ocs, OcsLabRequest *request);

/* Everything known, for the control interface; transfer full. */
JsonObject *ocs_lab_ocs_describe (OcsLabOcs *ocs);
/* As the console's "affect again": the package is offered again, with force also to devices whose history has it. device: nullable for all.
 */
void ocs_lab_ocs_redeploy (OcsLabOcs *ocs, const char *id, const char *device, gboolean force);
