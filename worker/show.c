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

typedef struct {
  OcsSite *site; /* borrowed: outlives us */
  OcsCall *call; /* owned */
  OcsRightsClass rights;
  gboolean as_xml;
  OcsInventory *inventory; /* owned, nullable until collected */
  JsonObject *outline;     /* owned, nullable; of the inventory that the server took last */
  guint section;
  gsize entry;
  char *text; /* owned, nullable; as_xml */
  gsize done; /* of text */
} Show;

static void
show_free (Show *show)
{
  ocs_inventory_free (show->inventory);
  g_clear_pointer (&show->outline, json_object_unref);
  g_free (show->text);
  g_free (show);
}

static JsonArray *
notes_of (const Show *show, const char *section)
{
  const GPtrArray *notes = ocs_inventory_notes (show->inventory);
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
add_changes (const Show *show, const char *section, JsonObject *reply)
{
  g_autoptr (GPtrArray) come = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);

  if (show->outline == NULL || show->rights < OCS_RIGHTS_SEAT || show->entry > 0
      || !ocs_outline_compare (show->outline, show->inventory, section, come, gone))
    return FALSE;
  set_lines (reply, "come", come);
  set_lines (reply, "gone", gone);
  return come->len + gone->len > 0;
}

/* The next piece of the next section that has anything; NULL after the last. */
static JsonObject *
next_section (Show *show)
{
  const char *section;

  for (; (section = ocs_inventory_section (show->inventory, show->section)) != NULL; show->section++, show->entry = 0) {
    g_autoptr (JsonArray) notes = notes_of (show, section);
    gsize count = ocs_inventory_count (show->inventory, section);
    g_autoptr (JsonObject) reply = json_object_new ();
    gboolean changed = add_changes (show, section, reply);

    if (show->entry >= count && (show->entry > 0 || (json_array_get_length (notes) == 0 && !changed)))
      continue;
    json_object_set_string_member (reply, "section", section);
    json_object_set_array_member (reply, "entries",
                                  ocs_inventory_to_json (show->inventory, section, show->entry, ENTRIES_AT_ONCE,
                                                         show->rights >= OCS_RIGHTS_SEAT ? NULL : ocs_rights_hides_field));
    if (show->entry == 0 && show->rights >= OCS_RIGHTS_SEAT)
      json_object_set_array_member (reply, "notes", json_array_ref (notes));
    show->entry += ENTRIES_AT_ONCE;
    return g_steal_pointer (&reply);
  }
  return NULL;
}

static JsonObject *
next_text (Show *show)
{
  gsize left = strlen (show->text + show->done);
  const char *end;
  g_autofree char *piece = NULL;
  JsonObject *reply;

  if (left == 0)
    return NULL;
  /* Never in the middle of a character. */
  end = left <= TEXT_AT_ONCE ? show->text + show->done + left
                             : g_utf8_find_prev_char (show->text + show->done, show->text + show->done + TEXT_AT_ONCE);
  piece = g_strndup (show->text + show->done, end - (show->text + show->done));
  show->done = end - show->text;
  reply = json_object_new ();
  json_object_set_string_member (reply, "text", piece);
  return reply;
}

static void
stream (OcsCall *call, gpointer user_data)
{
  Show *show = user_data;

  while (ocs_call_is_taken (call)) {
    JsonObject *reply = show->as_xml ? next_text (show) : next_section (show);

    if (reply == NULL || !ocs_call_continue (call, reply)) {
      ocs_call_reply (call, NULL);
      show_free (show);
      return;
    }
  }
  ocs_call_when_taken (call, stream, show);
}

static void
on_collected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Show *show = user_data;
  OcsEnvelope envelope = {.deviceid = show->site->ledger->identity->deviceid, .checksum = OCS_CHECKSUM_EVERYTHING};

  show->inventory = ocs_gather_finish (result, NULL);
  if (show->inventory == NULL) {
    ocs_call_reply (show->call, NULL);
    show_free (show);
    return;
  }
  envelope.account = show->site->ledger->account;
  show->outline = ocs_store_read (show->site->store, OCS_STORE_OUTLINE);
  if (show->as_xml)
    show->text = ocs_inventory_to_xml (show->inventory, &envelope, NULL);
  stream (show->call, show);
}

void
ocs_show_inventory (OcsSite *site, OcsCall *call, gboolean xml, OcsRightsClass rights)
{
  g_autoptr (GError) error = NULL;
  Show *show;

  if (xml && rights < OCS_RIGHTS_SEAT) {
    g_set_error (&error, OCS_ERROR, OCS_ERROR_DENIED, "the whole inventory is for the person at the machine and for administrators");
    ocs_call_fail (call, error);
    return;
  }
  show = g_new0 (Show, 1);
  show->site = site;
  show->call = call;
  show->rights = rights;
  show->as_xml = xml;
  ocs_gather_async (site, FALSE, NULL, on_collected, show);
}
