/* SPDX-License-Identifier: GPL-3.0-or-later */
/* _NET_ACTIVE_WINDOW of the root and _NET_WM_STATE of the window that it names (Extended Window Manager Hints 1.5). Their changes are
 * listened for only while a full-screen window is there and something waits for its end, so that nothing wakes up otherwise. */
#define G_LOG_DOMAIN "ocs-fullscreen"
#include "tray/fullscreen.h"

#include <gdk/gdkx.h>

#define ATOMS_MAX 64
#define ACTIVE_WINDOW "_NET_ACTIVE_WINDOW"
#define WM_STATE "_NET_WM_STATE"

struct _OcsFullscreen {
  OcsFullscreenFunc on_end;
  gpointer user_data;  /* borrowed: outlives us */
  GdkDisplay *display; /* borrowed: the program's; NULL where it is not X11 */
  GdkWindow *active;   /* owned, nullable; somebody else's window, while it is followed */
  gulong id;           /* of it */
  gboolean follows;
  guint look; /* source id */
};

OcsFullscreen *
ocs_fullscreen_new (OcsFullscreenFunc on_end, gpointer user_data)
{
  OcsFullscreen *fullscreen = g_new0 (OcsFullscreen, 1);
  GdkDisplay *display = gdk_display_get_default ();
  fullscreen->display = GDK_IS_X11_DISPLAY (display) ? display : NULL;
  fullscreen->on_end = on_end;
  fullscreen->user_data = user_data;
  return fullscreen;
}

static GdkWindow *
root_of (OcsFullscreen *fullscreen)
{
  return gdk_screen_get_root_window (gdk_display_get_default_screen (fullscreen->display));
}

/* Transfer full, nullable: none has the focus, it has just gone, or it is one of ours. */
static GdkWindow *
find_active (OcsFullscreen *fullscreen)
{
  g_autofree guchar *data = NULL;
  int format = 0, length = 0;
  /* Xlib gives what has 32 bits as longs. */
  gboolean found = gdk_property_get (root_of (fullscreen), gdk_atom_intern_static_string (ACTIVE_WINDOW),
                                     gdk_atom_intern_static_string ("WINDOW"), 0, sizeof (gulong), FALSE, NULL, &format, &length, &data);
  gulong id = found && format == 32 && length >= (int)sizeof (gulong) ? *(const gulong *)(const void *)data : 0;
  if (id == 0 || gdk_x11_window_lookup_for_display (fullscreen->display, id) != NULL)
    return NULL;
  return gdk_x11_window_foreign_new_for_display (fullscreen->display, id);
}

/* Some window managers go on naming a window that has gone, or has been put away. */
static gboolean
fills_screen (GdkWindow *window)
{
  g_autofree guchar *data = NULL;
  int length = 0;
  gboolean found = gdk_property_get (window, gdk_atom_intern_static_string (WM_STATE), gdk_atom_intern_static_string ("ATOM"), 0,
                                     ATOMS_MAX * sizeof (GdkAtom), FALSE, NULL, NULL, &length, &data);
  const GdkAtom *atoms = (const GdkAtom *)(const void *)data;
  gboolean full = FALSE, hidden = (gdk_window_get_state (window) & GDK_WINDOW_STATE_WITHDRAWN) != 0;
  for (gsize i = 0; found && i < (gsize)length / sizeof (GdkAtom); i++) {
    full = full || atoms[i] == gdk_atom_intern_static_string ("_NET_WM_STATE_FULLSCREEN");
    hidden = hidden || atoms[i] == gdk_atom_intern_static_string ("_NET_WM_STATE_HIDDEN");
  }
  return full && !hidden;
}

static void
listen (GdkWindow *window, GdkEventMask mask)
{
  gdk_window_set_events (window, gdk_window_get_events (window) | mask);
}

static GdkFilterReturn on_x_event (GdkXEvent *native, GdkEvent *event, gpointer user_data);

static void
follow (OcsFullscreen *fullscreen)
{
  if (!fullscreen->follows)
    gdk_window_add_filter (NULL, on_x_event, fullscreen);
  fullscreen->follows = TRUE;
  fullscreen->id = GDK_WINDOW_XID (fullscreen->active);
  listen (root_of (fullscreen), GDK_PROPERTY_CHANGE_MASK);
  listen (fullscreen->active, GDK_PROPERTY_CHANGE_MASK | GDK_STRUCTURE_MASK);
}

static void
rest (OcsFullscreen *fullscreen)
{
  if (fullscreen->follows)
    gdk_window_remove_filter (NULL, on_x_event, fullscreen);
  fullscreen->follows = FALSE;
  g_clear_handle_id (&fullscreen->look, g_source_remove);
  g_clear_object (&fullscreen->active);
}

/* Another program's window may go at any moment, which is no error of ours. */
static gboolean
look (OcsFullscreen *fullscreen)
{
  gdk_x11_display_error_trap_push (fullscreen->display);
  g_clear_object (&fullscreen->active);
  fullscreen->active = find_active (fullscreen);
  gboolean full = fullscreen->active != NULL && fills_screen (fullscreen->active);
  if (full)
    follow (fullscreen);
  gdk_x11_display_error_trap_pop_ignored (fullscreen->display);
  if (!full)
    rest (fullscreen);
  return full;
}

static gboolean
on_look_due (gpointer user_data)
{
  OcsFullscreen *fullscreen = user_data;
  fullscreen->look = 0;
  if (!look (fullscreen))
    fullscreen->on_end (fullscreen->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
concerns (OcsFullscreen *fullscreen, const XEvent *event)
{
  Atom active = gdk_x11_get_xatom_by_name_for_display (fullscreen->display, ACTIVE_WINDOW);
  Atom state = gdk_x11_get_xatom_by_name_for_display (fullscreen->display, WM_STATE);
  switch (event->type) {
  case PropertyNotify:
    return event->xproperty.atom == active || event->xproperty.atom == state;
  case UnmapNotify:
    return event->xunmap.window == fullscreen->id;
  case DestroyNotify:
    return event->xdestroywindow.window == fullscreen->id;
  default:
    return FALSE;
  }
}

static GdkFilterReturn
on_x_event (GdkXEvent *native, GdkEvent *event, gpointer user_data)
{
  OcsFullscreen *fullscreen = user_data;
  if (fullscreen->look == 0 && concerns (fullscreen, native))
    fullscreen->look = g_idle_add (on_look_due, fullscreen);
  return GDK_FILTER_CONTINUE;
}

void
ocs_fullscreen_free (OcsFullscreen *fullscreen)
{
  rest (fullscreen);
  g_free (fullscreen);
}

gboolean
ocs_fullscreen_holds (OcsFullscreen *fullscreen)
{
  return fullscreen->display != NULL && (fullscreen->follows || look (fullscreen));
}
