/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl inventory show: what the server would be told, as it streams in. No more than one section is kept, but for --json. */
#define G_LOG_DOMAIN "ocs-inventory"
#include "ipc/error.h"
#include "ipc/json.h"
#include "tray/ctl/command.h"
#include "tray/ctl/listing.h"
#include "tray/ctl/sheet.h"
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Seconds without a byte. Whoever reads through a pager may take hours for the whole, so there is no limit for that. */
#define SILENCE 120
#define USUAL_WIDTH 80

typedef struct {
  OcsCtl *ctl;          /* borrowed: the command's */
  int width;            /* of the terminal; 0 where standard output is none */
  OcsListing *listing;  /* owned, nullable; the section that is being gathered */
  gboolean begun;       /* something was printed */
  JsonObject *sections; /* owned; for --json: name → array of entries */
  JsonArray *notes;     /* owned; for --json */
  gboolean line_open;   /* the XML so far does not end a line */
} Show;

static void
show_clear (Show *show)
{
  g_clear_pointer (&show->listing, ocs_listing_free);
  g_clear_pointer (&show->sections, json_object_unref);
  g_clear_pointer (&show->notes, json_array_unref);
}

static int
terminal_width (void)
{
  struct winsize size = {0};
  if (!isatty (STDOUT_FILENO))
    return 0;
  return ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL_WIDTH;
}

static void
print_listing (Show *show)
{
  if (show->listing == NULL)
    return;
  g_autofree char *text = ocs_listing_format (show->listing, show->width);
  if (show->begun)
    ocs_ctl_print ("\n");
  ocs_ctl_print (text);
  show->begun = TRUE;
  g_clear_pointer (&show->listing, ocs_listing_free);
}

static void
gather_listing (Show *show, const char *section, JsonObject *reply)
{
  if (show->listing && g_strcmp0 (show->listing->name, section) != 0)
    print_listing (show);
  if (show->listing == NULL)
    show->listing = ocs_listing_new (section);
  ocs_listing_add (show->listing, ocs_json_array (reply, "entries"), ocs_json_array (reply, "notes"));
}

static void
gather_json (Show *show, const char *section, JsonObject *reply)
{
  JsonArray *entries = ocs_json_array (reply, "entries");
  JsonArray *notes = ocs_json_array (reply, "notes");
  if (!json_object_has_member (show->sections, section))
    json_object_set_array_member (show->sections, section, json_array_new ());
  JsonArray *all = json_object_get_array_member (show->sections, section);
  for (guint i = 0; entries && i < json_array_get_length (entries); i++)
    json_array_add_element (all, json_array_dup_element (entries, i));
  for (guint i = 0; notes && i < json_array_get_length (notes); i++) {
    JsonObject *note = json_object_new ();
    json_object_set_string_member (note, "section", section);
    json_object_set_member (note, "note", json_array_dup_element (notes, i));
    json_array_add_object_element (show->notes, note);
  }
}

/* A file gets every byte, a terminal none that steers it. */
static void
print_xml (Show *show, const char *text)
{
  g_autofree char *clean = show->width > 0 ? ocs_sheet_clean (text) : NULL;
  ocs_ctl_print (clean ? clean : text);
  if (*text)
    show->line_open = !g_str_has_suffix (text, "\n");
}

static gboolean
take_reply (Show *show, JsonObject *reply, gboolean last, GError **error)
{
  const char *section = ocs_json_string (reply, "section");
  const char *text = ocs_json_string (reply, "text");
  if (show->ctl->xml && text)
    print_xml (show, text);
  else if (!show->ctl->xml && section && show->ctl->json)
    gather_json (show, section, reply);
  else if (!show->ctl->xml && section)
    gather_listing (show, section, reply);
  else if (!last) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the worker's answer has no \"%s\": is it of another version?",
                 show->ctl->xml ? "text" : "section");
    return FALSE;
  }
  return TRUE;
}

static void
finish (Show *show)
{
  if (show->ctl->json) {
    g_autoptr (JsonObject) whole = json_object_new ();
    json_object_set_object_member (whole, "sections", json_object_ref (show->sections));
    json_object_set_array_member (whole, "notes", json_array_ref (show->notes));
    ocs_ctl_print_json (whole);
  } else if (show->ctl->xml && show->width > 0 && show->line_open) {
    ocs_ctl_print ("\n");
  } else {
    print_listing (show);
  }
}

static gboolean
run (Show *show, OcsWire *wire, GError **error)
{
  gboolean continues = TRUE;
  /* Where nobody takes what is printed the rest is not asked for; main() says so. */
  for (gboolean first = TRUE; continues && !ferror (stdout); first = FALSE) {
    g_autoptr (JsonObject) reply = ocs_wire_receive (wire, &continues, error);
    if (reply == NULL && !first)
      g_prefix_error (error, "the inventory is not complete: ");
    if (reply == NULL || !take_reply (show, reply, !continues, error))
      return FALSE;
  }
  finish (show);
  return TRUE;
}

gboolean
ocs_command_inventory_show (OcsCtl *ctl, char **arguments, GError **error)
{
  JsonObject *parameters = ctl->xml ? json_object_new () : NULL;
  if (parameters)
    json_object_set_boolean_member (parameters, "xml", TRUE);
  g_autoptr (OcsWire) wire = ocs_ctl_stream (ctl, "ShowInventory", parameters, ctl->timeout < 0 ? SILENCE : 0, error);
  if (wire == NULL)
    return FALSE;
  Show show = {.ctl = ctl, .width = terminal_width (), .sections = json_object_new (), .notes = json_array_new ()};
  gboolean done = run (&show, wire, error);
  show_clear (&show);
  return done;
}
