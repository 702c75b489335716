/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground under the commands: calls with a time limit for the whole command, and exit statuses. */
#define G_LOG_DOMAIN "ocs-ctl"
#include "tray/ctl/ctl.h"

#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/names.h"
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  GCancellable *cancellable; /* owned */
  int seconds;
} Clock;

/* The calls block, so the limit for the whole needs a thread; the end of the program ends it. */
static gpointer
clock_run (gpointer data)
{
  Clock *clock = data;
  g_usleep ((gulong)clock->seconds * G_USEC_PER_SEC);
  g_cancellable_cancel (clock->cancellable);
  g_object_unref (clock->cancellable);
  g_free (clock);
  return NULL;
}

void
ocs_ctl_start_clock (OcsCtl *ctl, int timeout)
{
  if (timeout <= 0)
    return;
  Clock *clock = g_new0 (Clock, 1);
  clock->cancellable = g_object_ref (ctl->cancellable);
  clock->seconds = timeout;
  g_thread_unref (g_thread_new ("clock", clock_run, clock));
}

void
ocs_ctl_clear (OcsCtl *ctl)
{
  g_clear_pointer (&ctl->socket, g_free);
  g_clear_object (&ctl->cancellable);
  g_clear_pointer (&ctl->zone, g_time_zone_unref);
}

OcsExit
ocs_ctl_exit_status (const OcsCtl *ctl, const GError *error)
{
  if (g_cancellable_is_cancelled (ctl->cancellable) || g_error_matches (error, OCS_ERROR, OCS_ERROR_TIMED_OUT))
    return OCS_EXIT_TIMED_OUT;
  /* Interrupted: the worker went away in the middle. */
  if (g_error_matches (error, OCS_ERROR, OCS_ERROR_UNREACHABLE) || g_error_matches (error, OCS_ERROR, OCS_ERROR_INTERRUPTED))
    return OCS_EXIT_NOT_REACHABLE;
  if (g_error_matches (error, OCS_ERROR, OCS_ERROR_DENIED))
    return OCS_EXIT_DENIED;
  return OCS_EXIT_FAILED;
}

JsonObject *
ocs_ctl_call (OcsCtl *ctl, const char *method, JsonObject *parameters, GError **error)
{
  g_autofree char *qualified = g_strconcat (OCS_WORKER_INTERFACE ".", method, NULL);
  g_autoptr (OcsWire) wire = ocs_wire_open (ctl->socket, 0, ctl->cancellable, error);
  if (wire == NULL) {
    g_clear_pointer (&parameters, json_object_unref);
    return NULL;
  }
  return ocs_wire_call (wire, qualified, parameters, OCS_WIRE_PLAIN, error);
}

OcsWire *
ocs_ctl_stream (OcsCtl *ctl, const char *method, JsonObject *parameters, guint silence, GError **error)
{
  g_autofree char *qualified = g_strconcat (OCS_WORKER_INTERFACE ".", method, NULL);
  g_autoptr (OcsWire) wire = ocs_wire_open (ctl->socket, silence, ctl->cancellable, error);
  if (wire == NULL) {
    g_clear_pointer (&parameters, json_object_unref);
    return NULL;
  }
  return ocs_wire_send (wire, qualified, parameters, OCS_WIRE_MORE, error) ? g_steal_pointer (&wire) : NULL;
}

JsonObject *
ocs_ctl_member (JsonObject *reply, const char *member, GError **error)
{
  JsonObject *object = ocs_json_object (reply, member);
  if (object == NULL)
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the worker's answer has no \"%s\": is it of another version?", member);
  return object;
}

void
ocs_ctl_print (const char *text)
{
  fputs (text, stdout);
  fflush (stdout);
}

/* JSON allows the control characters above ASCII; a terminal obeys them. */
void
ocs_ctl_print_json (JsonObject *object)
{
  g_autofree char *text = ocs_json_write (object);
  g_autoptr (GString) line = g_string_sized_new (strlen (text) + 1);
  for (const char *at = text; *at; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    if (g_unichar_iscntrl (c))
      g_string_append_printf (line, "\\u%04x", c);
    else
      g_string_append_len (line, at, g_utf8_next_char (at) - at);
  }
  g_string_append_c (line, '\n');
  ocs_ctl_print (line->str);
}

gint64
ocs_ctl_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}
