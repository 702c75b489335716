/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-show"
#include "worker/show.h"
#include "ipc/error.h"
#include "worker/core/outline.h"
#include "worker/gather.h"
#include <string.h>

/* A reply stays well below the cap of a message, whatever a field holds. */
#define ENTRIES_AT_ONCE 200
#define TEXT_AT_ONCE (32 * 1024)

struct _OcsShow {
  OcsSite *site;            /* borrowed: outlives us */
  GPtrArray *waiting;       /* owned; element-type Visitor: for what is being collected */
  GCancellable *collecting; /* owned, nullable */
};

/* What all who have waited for it look at. */
typedef struct {
  OcsInventory *inventory; /* owned */
  JsonObject *outline;     /* owned, nullable; of the inventory that the server took last */
  char *text;              /* owned, nullable until somebody wants XML */
} Picture;

typedef struct {
  OcsCall *call; /* owned */
  OcsRightsClass rights;
  gboolean as_xml;
  Picture *picture; /* owned: a reference; nullable while he waits */
  guint section;
  gsize entry;
  gsize done; /* of the picture's text */
} Visitor;

static void
picture_clear (gpointer data)
{
  Picture *picture = data;

  ocs_inventory_free (picture->inventory);
  g_clear_pointer (&picture->outline, json_object_unref);
  g_free (picture->text);
}

/* Ends his call. error: nullable. */
static void
visitor_end (Visitor *visitor, const GError *error)
{
  if (error != NULL)
    ocs_call_fail (visitor->call, error);
  else
    ocs_call_reply (visitor->call, NULL);
  if (visitor->picture != NULL)
    g_rc_box_release_full (visitor->picture, picture_clear);
  g_free (visitor);
}

static JsonArray *
notes_of (const OcsInventory *inventory, const char *section)
{
  const GPtrArray *notes = ocs_inventory_notes (inventory);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < notes->len; i++) {
    const OcsNote *note = notes->pdata[i];

    if (g_str_equal (note->section, section))
      json_array_add_string_element (array, note->why);
  }
  return array;
}

static void
set_lines (JsonObject *reply, const char *member, const GPtrArray *lines)
{
  JsonArray *array = json_array_sized_new (lines->len);

  for (guint i = 0; i < lines->len; i++)
    json_array_add_string_element (array, lines->pdata[i]);
  json_object_set_array_member (reply, member, array);
}

/* With the first piece of a section: only to those who may see all of it. TRUE where something has changed. */
static gboolean
add_changes (const Visitor *visitor, const char *section, JsonObject *reply)
{
  const Picture *picture = visitor->picture;
  g_autoptr (GPtrArray) come = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);

  if (picture->outline == NULL || visitor->rights < OCS_RIGHTS_SEAT || visitor->entry > 0
      || !ocs_outline_compare (picture->outline, picture->inventory, section, come, gone))
    return FALSE;
  set_lines (reply, "come", come);
  set_lines (reply, "gone", gone);
  return come->len + gone->len > 0;
}

/* The next piece of the next section that has anything; NULL after the last. */
static JsonObject *
next_section (Visitor *visitor)
{
  const OcsInventory *inventory = visitor->picture->inventory;
  const char *section;

  for (; (section = ocs_inventory_section (inventory, visitor->section)) != NULL; visitor->section++, visitor->entry = 0) {
    g_autoptr (JsonArray) notes = notes_of (inventory, section);
    gsize count = ocs_inventory_count (inventory, section);
    g_autoptr (JsonObject) reply = json_object_new ();
    gboolean changed = add_changes (visitor, section, reply);

    if (visitor->entry >= count && (visitor->entry > 0 || (json_array_get_length (notes) == 0 && !changed)))
      continue;
    json_object_set_string_member (reply, "section", section);
    json_object_set_array_member (reply, "entries",
                                  ocs_inventory_to_json (inventory, section, visitor->entry, ENTRIES_AT_ONCE,
                                                         visitor->rights >= OCS_RIGHTS_SEAT ? NULL : ocs_rights_hides_field));
    if (visitor->entry == 0 && visitor->rights >= OCS_RIGHTS_SEAT)
      json_object_set_array_member (reply, "notes", json_array_ref (notes));
    visitor->entry += ENTRIES_AT_ONCE;
    return g_steal_pointer (&reply);
  }
  return NULL;
}

static JsonObject *
next_text (Visitor *visitor)
{
  const char *start = visitor->picture->text + visitor->done;
  gsize left = strlen (start);
  const char *end;
  g_autofree char *piece = NULL;
  JsonObject *reply;

  if (left == 0)
    return NULL;
  /* Never in the middle of a character. */
  end = left <= TEXT_AT_ONCE ? start + left : g_utf8_find_prev_char (start, start + TEXT_AT_ONCE);
  piece = g_strndup (start, end - start);
  visitor->done = end - visitor->picture->text;
  reply = json_object_new ();
  json_object_set_string_member (reply, "text", piece);
  return reply;
}

static void
stream (OcsCall *call, gpointer user_data)
{
  Visitor *visitor = user_data;

  while (ocs_call_is_taken (call)) {
    JsonObject *reply = visitor->as_xml ? next_text (visitor) : next_section (visitor);

    if (reply == NULL || !ocs_call_continue (call, reply)) {
      visitor_end (visitor, NULL);
      return;
    }
  }
  ocs_call_when_taken (call, stream, visitor);
}

static gboolean
has_gone (const Visitor *visitor)
{
  return g_cancellable_is_cancelled (ocs_call_cancellable (visitor->call));
}

static void
receive (Visitor *visitor, const OcsSite *site, Picture *picture)
{
  OcsEnvelope envelope = {
      .deviceid = site->ledger->identity->deviceid, .checksum = OCS_CHECKSUM_EVERYTHING, .account = site->ledger->account};

  visitor->picture = g_rc_box_acquire (picture);
  if (has_gone (visitor)) {
    visitor_end (visitor, NULL);
    return;
  }
  if (visitor->as_xml && picture->text == NULL)
    picture->text = ocs_inventory_to_xml (picture->inventory, &envelope, NULL);
  stream (visitor->call, visitor);
}

static void
on_collected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsShow *show = user_data;
  g_autoptr (GError) error = NULL;
  OcsInventory *inventory = ocs_gather_finish (result, &error);
  g_autoptr (GPtrArray) visitors = NULL;
  Picture *picture = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the show has gone */
  g_clear_object (&show->collecting);
  visitors = g_steal_pointer (&show->waiting);
  show->waiting = g_ptr_array_new ();
  if (inventory != NULL) {
    picture = g_rc_box_new0 (Picture);
    picture->inventory = inventory;
    picture->outline = ocs_store_read (show->site->store, OCS_STORE_OUTLINE);
  }
  for (guint i = 0; i < visitors->len; i++) {
    if (picture != NULL)
      receive (visitors->pdata[i], show->site, picture);
    else
      visitor_end (visitors->pdata[i], error);
  }
  if (picture != NULL)
    g_rc_box_release_full (picture, picture_clear);
}

/* Somebody may come and go a hundred times while one is collected. */
static void
forget_gone (OcsShow *show)
{
  for (guint i = show->waiting->len; i > 0; i--)
    if (has_gone (show->waiting->pdata[i - 1]))
      visitor_end (g_ptr_array_steal_index_fast (show->waiting, i - 1), NULL);
}

OcsShow *
ocs_show_new (OcsSite *site)
{
  OcsShow *show = g_new0 (OcsShow, 1);

  show->site = site;
  show->waiting = g_ptr_array_new ();
  return show;
}

void
ocs_show_free (OcsShow *show)
{
  if (show == NULL)
    return;
  if (show->collecting != NULL)
    g_cancellable_cancel (show->collecting);
  g_clear_object (&show->collecting);
  for (guint i = 0; i < show->waiting->len; i++)
    visitor_end (show->waiting->pdata[i], NULL);
  g_ptr_array_unref (show->waiting);
  g_free (show);
}

void
ocs_show_inventory (OcsShow *show, OcsCall *call, gboolean xml, OcsRightsClass rights)
{
  g_autoptr (GError) error = NULL;
  Visitor *visitor;

  if (xml && rights < OCS_RIGHTS_SEAT) {
    g_set_error (&error, OCS_ERROR, OCS_ERROR_DENIED, "the whole inventory is for the person at the machine and for administrators");
    ocs_call_fail (call, error);
    return;
  }
  visitor = g_new0 (Visitor, 1);
  visitor->call = call;
  visitor->rights = rights;
  visitor->as_xml = xml;
  forget_gone (show);
  g_ptr_array_add (show->waiting, visitor);
  if (show->collecting != NULL)
    return;
  show->collecting = g_cancellable_new ();
  ocs_gather_async (show->site, FALSE, show->collecting, on_collected, show);
}
