/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server in this thread's main loop, and the test's client in a thread of its own. */
#pragma once
#include "ipc/address.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/server.h"
#include "ipc/wire.h"
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct _Rig Rig;
typedef void (*RigFunc) (Rig *rig);

struct _Rig {
  char *folder;
  char *path;
  OcsServer *server;
  GMainLoop *loop;
  RigFunc client;
  OcsCall *held; /* of a handler that answers later */
  OcsPipe *pipe;
  gint calls; /* atomic */
  gint cancelled;
  guint ticks;
  gsize bytes;
};

static inline void
rig_listen (Rig *rig, const OcsServerConfig *config)
{
  g_autoptr (GError) error = NULL;
  int fd = ocs_server_bind (rig->path, 0600, &error);
  gboolean ok;

  g_assert_no_error (error);
  rig->server = ocs_server_new (config, rig);
  ok = ocs_server_listen (rig->server, fd, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
}

static inline Rig *
rig_new (const OcsServerConfig *config)
{
  Rig *rig = g_new0 (Rig, 1);

  rig->folder = g_dir_make_tmp ("ocs-ipc-XXXXXX", NULL);
  rig->path = g_build_filename (rig->folder, "test.sock", NULL);
  rig->loop = g_main_loop_new (NULL, FALSE);
  if (config != NULL)
    rig_listen (rig, config);
  return rig;
}

static inline void
rig_free (Rig *rig)
{
  ocs_server_free (rig->server);
  g_unlink (rig->path);
  g_rmdir (rig->folder);
  g_main_loop_unref (rig->loop);
  g_free (rig->folder);
  g_free (rig->path);
  g_free (rig);
}

static inline gboolean
on_rig_done (gpointer data)
{
  g_main_loop_quit (((Rig *)data)->loop);
  return G_SOURCE_REMOVE;
}

static inline gpointer
rig_thread (gpointer data)
{
  Rig *rig = data;

  rig->client (rig);
  g_idle_add (on_rig_done, rig);
  return NULL;
}

/* Runs client in a thread while the server serves. */
static inline void
rig_run (Rig *rig, RigFunc client)
{
  GThread *thread;

  rig->client = client;
  thread = g_thread_new ("client", rig_thread, rig);
  g_main_loop_run (rig->loop);
  g_thread_join (thread);
}

static inline OcsWire *
rig_open (Rig *rig)
{
  g_autoptr (GError) error = NULL;
  OcsWire *wire = ocs_wire_open (rig->path, 10, NULL, &error);

  g_assert_no_error (error);
  return wire;
}

/* A raw, blocking socket. */
static inline int
rig_connect (Rig *rig)
{
  g_autoptr (GError) error = NULL;
  int fd = ocs_address_connect (rig->path, &error);

  g_assert_no_error (error);
  g_assert_true (g_unix_set_fd_nonblocking (fd, FALSE, NULL));
  return fd;
}

/* Sends text and its NUL, gives the next message. */
static inline char *
rig_ask (int fd, const char *text)
{
  GString *reply = g_string_new (NULL);
  char c;

  if (text != NULL)
    g_assert_cmpint (write (fd, text, strlen (text) + 1), ==, (gssize)strlen (text) + 1);
  while (read (fd, &c, 1) == 1 && c != '\0')
    g_string_append_c (reply, c);
  return g_string_free (reply, FALSE);
}
