/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A blocking Varlink client: for ocsctl and for the worker's threads, never for a main loop.
 * Every wait ends at the time-out (seconds without a byte, 0 for none) or when cancellable (nullable) is triggered. */
#pragma once
#include <gio/gio.h>
#include <json-glib/json-glib.h>

typedef struct _OcsWire OcsWire;

/* OCS_ERROR_UNREACHABLE where nobody listens, OCS_ERROR_DENIED where the socket may not be opened. */
OcsWire *ocs_wire_open (const char *path, guint timeout, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_wire_close (OcsWire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsWire, ocs_wire_close)

typedef enum { OCS_WIRE_PLAIN, OCS_WIRE_MORE, OCS_WIRE_UPGRADE } OcsWireMode;
/* method: qualified. parameters: transfer full, nullable. */
gboolean ocs_wire_send (OcsWire *wire, const char *method, JsonObject *parameters, OcsWireMode mode,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The next reply's parameters, transfer full. continues: nullable. A Varlink error becomes an OCS_ERROR with its message. */
JsonObject *ocs_wire_receive (OcsWire *wire, gboolean *continues, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Both, for a plain call or an upgrade. */
JsonObject *ocs_wire_call (OcsWire *wire, const char *method, JsonObject *parameters, OcsWireMode mode,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After an upgrade. Sends data (may be called often), then the end with a trailer {}. */
gboolean ocs_wire_send_data (OcsWire *wire, const guint8 *bytes, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_wire_send_end (OcsWire *wire, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads data up to the end; each piece goes to sink (nullable: data is then OCS_ERROR_INVALID_DATA). Returns the trailer, transfer full.
 * Called again where another object follows. */
typedef gboolean (*OcsWireSink) (const guint8 *bytes, gsize length, gpointer user_data, GError **error);
JsonObject *ocs_wire_receive_data (OcsWire *wire, OcsWireSink sink, gpointer user_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
