/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-courier"
#include "worker/courier/courier.h"
#include "ipc/idl.h"
#include "ipc/limits.h"
#include "ipc/names.h"
#include "worker/courier/errand.h"
#include "worker/courier/methods.h"
#include <string.h>
#include <unistd.h>

struct _OcsCourier {
  OcsErrands *errands; /* owned */
  OcsServer *server;   /* owned */
};

static const OcsMethod control_methods[] = {
    {.name = "Attest", .func = ocs_attest_call},
    {.name = "Describe", .func = ocs_describe_call},
    {.name = "Diagnose", .func = ocs_diagnose_server_call},
    {.name = "GetConfinement", .func = ocs_confined_call},
    {.name = "Exchange", .func = ocs_exchange_call, .needs_upgrade = TRUE},
    {.name = "Label", .func = ocs_label_call},
    {NULL},
};

static const OcsMethod bulk_methods[] = {
    {.name = "FindProxy", .func = ocs_findproxy_call},
    {.name = "Diagnose", .func = ocs_diagnose_object_call},
    {.name = "GetConfinement", .func = ocs_confined_call},
    {.name = "Fetch", .func = ocs_fetch_call, .needs_upgrade = TRUE},
    {.name = "Probe", .func = ocs_probe_call},
    {.name = "Scan", .func = ocs_scan_call},
    {NULL},
};

static const struct {
  const char *name;
  const char *socket;
  const OcsMethod *methods;
} roles[] = {
    [OCS_ROLE_CONTROL] = {"control", OCS_COURIER_CONTROL_SOCKET, control_methods},
    [OCS_ROLE_BULK] = {"bulk", OCS_COURIER_BULK_SOCKET, bulk_methods},
};

gboolean
ocs_role_from_name (const char *name, OcsRole *role)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (roles); i++)
    if (strcmp (name, roles[i].name) == 0) {
      *role = (OcsRole)i;
      return TRUE;
    }
  return FALSE;
}

const char *
ocs_role_socket (OcsRole role)
{
  return roles[role].socket;
}

static gboolean
on_server_admit (const OcsPeer *peer, gpointer user_data)
{
  return peer->uid == 0 || peer->uid == getuid ();
}

OcsCourier *
ocs_courier_new (OcsRole role, int fd, const char *const *lacking, GError **error)
{
  g_autoptr (OcsCourier) courier = g_new0 (OcsCourier, 1);
  OcsServerConfig config = {
      .interface = OCS_COURIER_INTERFACE,
      .description = ocs_idl_courier (),
      .methods = roles[role].methods,
      .message_max = OCS_COURIER_MESSAGE_MAX,
      .admit = on_server_admit,
  };

  courier->errands = ocs_errands_new ();
  courier->errands->lacking = g_strdupv ((GStrv)lacking);
  courier->server = ocs_server_new (&config, courier->errands);
  if (!ocs_server_listen (courier->server, fd, error))
    return NULL;
  return g_steal_pointer (&courier);
}

void
ocs_courier_free (OcsCourier *courier)
{
  if (courier == NULL)
    return;
  ocs_errands_free (courier->errands);
  ocs_server_free (courier->server);
  g_free (courier);
}
