/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of error codes: what each is called in files and on the wire, and what a schedule may conclude from it. */
#define G_LOG_DOMAIN "ocs-error"
#include "ipc/error.h"
#include <gio/gio.h>
#include <string.h>

typedef struct {
  const char *nick;
  const char *wire_name;
  gboolean retryable;
  gboolean away;
} ErrorRow;

static const ErrorRow error_rows[] = {
    [OCS_ERROR_FAILED] = {"failed", "Failed", FALSE, FALSE},
    [OCS_ERROR_INVALID_DATA] = {"invalid-data", "InvalidData", FALSE, FALSE},
    [OCS_ERROR_UNSUPPORTED] = {"unsupported", "Unsupported", FALSE, FALSE},
    [OCS_ERROR_DENIED] = {"denied", "Denied", FALSE, FALSE},
    [OCS_ERROR_BUSY] = {"busy", "Busy", TRUE, FALSE},
    [OCS_ERROR_NOT_FOUND] = {"not-found", "NotFound", FALSE, FALSE},
    [OCS_ERROR_CANCELLED] = {"cancelled", "Cancelled", FALSE, FALSE},
    [OCS_ERROR_TIMED_OUT] = {"timed-out", "TimedOut", TRUE, TRUE},
    [OCS_ERROR_UNREACHABLE] = {"unreachable", "Unreachable", TRUE, TRUE},
    [OCS_ERROR_PROXY_UNREACHABLE] = {"proxy-unreachable", "ProxyUnreachable", TRUE, TRUE},
    [OCS_ERROR_PROXY_AUTH] = {"proxy-auth", "ProxyAuth", FALSE, FALSE},
    [OCS_ERROR_PROXY_REFUSED] = {"proxy-refused", "ProxyRefused", FALSE, FALSE},
    [OCS_ERROR_SERVER_AUTH] = {"server-auth", "ServerAuth", FALSE, FALSE},
    [OCS_ERROR_TLS] = {"tls", "Tls", FALSE, FALSE},
    [OCS_ERROR_REFUSED] = {"refused", "Refused", FALSE, FALSE},
    /* A captive portal goes away by itself. */
    [OCS_ERROR_BAD_REPLY] = {"bad-reply", "BadReply", TRUE, FALSE},
    /* Somebody else may have healed the cache. */
    [OCS_ERROR_DIGEST] = {"digest", "Digest", TRUE, FALSE},
    [OCS_ERROR_NO_SPACE] = {"no-space", "NoSpace", FALSE, FALSE},
    [OCS_ERROR_NOT_CONFIGURED] = {"not-configured", "NotConfigured", FALSE, FALSE},
    [OCS_ERROR_UNTRUSTED] = {"untrusted", "Untrusted", FALSE, FALSE},
    [OCS_ERROR_INTERRUPTED] = {"interrupted", "Interrupted", TRUE, FALSE},
};
G_STATIC_ASSERT (G_N_ELEMENTS (error_rows) == OCS_ERROR_N);

/* Errors of org.varlink.service, whose names are not ours (varlink.org/Service). */
static const struct {
  const char *wire_name;
  OcsError code;
} service_rows[] = {
    {"InterfaceNotFound", OCS_ERROR_UNSUPPORTED},    {"MethodNotFound", OCS_ERROR_UNSUPPORTED},
    {"MethodNotImplemented", OCS_ERROR_UNSUPPORTED}, {"InvalidParameter", OCS_ERROR_INVALID_DATA},
    {"PermissionDenied", OCS_ERROR_DENIED},          {"ExpectedMore", OCS_ERROR_UNSUPPORTED},
};

static const struct {
  GIOErrorEnum io;
  OcsError code;
} io_rows[] = {
    {G_IO_ERROR_CANCELLED, OCS_ERROR_CANCELLED},
    {G_IO_ERROR_TIMED_OUT, OCS_ERROR_TIMED_OUT},
    {G_IO_ERROR_NO_SPACE, OCS_ERROR_NO_SPACE},
    {G_IO_ERROR_NOT_FOUND, OCS_ERROR_NOT_FOUND},
    {G_IO_ERROR_PERMISSION_DENIED, OCS_ERROR_DENIED},
    {G_IO_ERROR_READ_ONLY, OCS_ERROR_DENIED},
    {G_IO_ERROR_BUSY, OCS_ERROR_BUSY},
    {G_IO_ERROR_WOULD_BLOCK, OCS_ERROR_BUSY},
    {G_IO_ERROR_PENDING, OCS_ERROR_BUSY},
    {G_IO_ERROR_NOT_SUPPORTED, OCS_ERROR_UNSUPPORTED},
    {G_IO_ERROR_INVALID_DATA, OCS_ERROR_INVALID_DATA},
    {G_IO_ERROR_INVALID_ARGUMENT, OCS_ERROR_INVALID_DATA},
    {G_IO_ERROR_HOST_NOT_FOUND, OCS_ERROR_UNREACHABLE},
    {G_IO_ERROR_HOST_UNREACHABLE, OCS_ERROR_UNREACHABLE},
    {G_IO_ERROR_NETWORK_UNREACHABLE, OCS_ERROR_UNREACHABLE},
    {G_IO_ERROR_CONNECTION_REFUSED, OCS_ERROR_UNREACHABLE},
    {G_IO_ERROR_BROKEN_PIPE, OCS_ERROR_INTERRUPTED},
    {G_IO_ERROR_NOT_CONNECTED, OCS_ERROR_INTERRUPTED},
};

/* What an error of ours carries beside its words. */
typedef struct {
  int retry_after;
} OcsErrorPrivate;

static void
ocs_error_private_init (OcsErrorPrivate *carried)
{
  carried->retry_after = 0;
}

static void
ocs_error_private_copy (const OcsErrorPrivate *from, OcsErrorPrivate *to)
{
  *to = *from;
}

static void
ocs_error_private_clear (OcsErrorPrivate *carried)
{
}

/* GLib's own arithmetic, which clang does not believe to be aligned. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR (OcsError, ocs_error)
#pragma GCC diagnostic pop

GError *
ocs_error_new_told (OcsError code, const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message, -1);
  g_autofree char *line =
      g_utf8_strlen (valid, -1) > OCS_ERROR_TOLD_MAX ? g_utf8_substring (valid, 0, OCS_ERROR_TOLD_MAX) : g_strdup (valid);

  for (char *c = line; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_error_new_literal (OCS_ERROR, (gint)code, line);
}

void
ocs_error_set_retry_after (GError *error, gint64 seconds)
{
  if (error != NULL && error->domain == OCS_ERROR)
    ocs_error_get_private (error)->retry_after = (int)CLAMP (seconds, 0, OCS_RETRY_AFTER_MAX);
}

int
ocs_error_retry_after (const GError *error)
{
  return error != NULL && error->domain == OCS_ERROR ? ocs_error_get_private (error)->retry_after : 0;
}

static const ErrorRow *
error_row (OcsError code)
{
  return (guint)code < OCS_ERROR_N ? &error_rows[code] : &error_rows[OCS_ERROR_FAILED];
}

const char *
ocs_error_nick (OcsError code)
{
  return error_row (code)->nick;
}

OcsError
ocs_error_from_nick (const char *nick)
{
  for (guint i = 0; i < OCS_ERROR_N; i++)
    if (g_strcmp0 (nick, error_rows[i].nick) == 0)
      return (OcsError)i;
  return OCS_ERROR_FAILED;
}

const char *
ocs_error_wire_name (OcsError code)
{
  return error_row (code)->wire_name;
}

OcsError
ocs_error_from_wire_name (const char *name)
{
  const char *dot = name != NULL ? strrchr (name, '.') : NULL;

  if (dot == NULL)
    return OCS_ERROR_FAILED;
  for (guint i = 0; i < OCS_ERROR_N; i++)
    if (strcmp (dot + 1, error_rows[i].wire_name) == 0)
      return (OcsError)i;
  for (guint i = 0; i < G_N_ELEMENTS (service_rows); i++)
    if (strcmp (dot + 1, service_rows[i].wire_name) == 0)
      return service_rows[i].code;
  return OCS_ERROR_FAILED;
}

static OcsError
code_from_io (gint io)
{
  for (guint i = 0; i < G_N_ELEMENTS (io_rows); i++)
    if (io_rows[i].io == (GIOErrorEnum)io)
      return io_rows[i].code;
  return OCS_ERROR_FAILED;
}

OcsError
ocs_error_code (const GError *error)
{
  if (error == NULL)
    return OCS_ERROR_FAILED;
  if (error->domain == OCS_ERROR)
    return (guint)error->code < OCS_ERROR_N ? (OcsError)error->code : OCS_ERROR_FAILED;
  if (error->domain == G_IO_ERROR)
    return code_from_io (error->code);
  if (error->domain == G_FILE_ERROR) {
    if (error->code == G_FILE_ERROR_NOSPC)
      return OCS_ERROR_NO_SPACE;
    if (error->code == G_FILE_ERROR_NOENT)
      return OCS_ERROR_NOT_FOUND;
    if (error->code == G_FILE_ERROR_ACCES || error->code == G_FILE_ERROR_PERM || error->code == G_FILE_ERROR_ROFS)
      return OCS_ERROR_DENIED;
  }
  return OCS_ERROR_FAILED;
}

gboolean
ocs_error_is_retryable (const GError *error)
{
  return error_row (ocs_error_code (error))->retryable;
}

gboolean
ocs_error_is_away (const GError *error)
{
  return error_row (ocs_error_code (error))->away;
}
