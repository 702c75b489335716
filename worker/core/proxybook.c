/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/proxybook.h"
#include "ipc/json.h"
#include "worker/core/verdict.h"

#define MEGABYTE (1024 * 1024)

struct _OcsProxybook {
  GPtrArray *pages; /* owned; element-type OcsProxyPage */
};

static const char *const manners_names[] = {
    [OCS_MANNERS_UNKNOWN] = "unknown",
    [OCS_MANNERS_ASKABLE] = "askable",
    [OCS_MANNERS_DEAF] = "deaf",
};

static void
page_free (OcsProxyPage *page)
{
  g_free (page->name);
  g_free (page);
}

OcsProxybook *
ocs_proxybook_new (void)
{
  OcsProxybook *book = g_new0 (OcsProxybook, 1);

  book->pages = g_ptr_array_new_with_free_func ((GDestroyNotify)page_free);
  return book;
}

void
ocs_proxybook_free (OcsProxybook *book)
{
  if (book == NULL)
    return;
  g_ptr_array_unref (book->pages);
  g_free (book);
}

const OcsProxyPage *
ocs_proxybook_find (const OcsProxybook *book, const char *name)
{
  for (guint i = 0; i < book->pages->len; i++) {
    OcsProxyPage *page = book->pages->pdata[i];

    if (g_strcmp0 (page->name, name) == 0)
      return page;
  }
  return NULL;
}

static void
drop_oldest (OcsProxybook *book)
{
  guint oldest = 0;

  for (guint i = 1; i < book->pages->len; i++)
    if (((OcsProxyPage *)book->pages->pdata[i])->used < ((OcsProxyPage *)book->pages->pdata[oldest])->used)
      oldest = i;
  g_ptr_array_remove_index (book->pages, oldest);
}

OcsProxyPage *
ocs_proxybook_open (OcsProxybook *book, const char *name, gint64 now)
{
  OcsProxyPage *page = (OcsProxyPage *)ocs_proxybook_find (book, name);

  if (page == NULL) {
    if (book->pages->len >= OCS_PROXYBOOK_MAX)
      drop_oldest (book);
    page = g_new0 (OcsProxyPage, 1);
    page->name = g_strdup (name);
    g_ptr_array_add (book->pages, page);
  }
  page->used = now;
  return page;
}

OcsManners
ocs_proxybook_manners (const OcsProxyPage *page, gint64 now)
{
  gint64 age = page != NULL ? now - page->learnt : 0;

  return page != NULL && age >= 0 && age < OCS_PROXYBOOK_FRESH ? page->manners : OCS_MANNERS_UNKNOWN;
}

void
ocs_proxybook_learn (OcsProxyPage *page, int status, gint64 now)
{
  page->manners = status == 504 ? OCS_MANNERS_ASKABLE : OCS_MANNERS_DEAF;
  page->learnt = now;
}

void
ocs_proxybook_note (OcsProxyPage *page, OcsVerdict verdict, gint64 bytes, gint64 size, gboolean claimed, gint64 now)
{
  *(ocs_verdict_is_from_cache (verdict) ? &page->from_cache : &page->from_wan) += MAX (bytes, 0);
  page->verdict = verdict;
  page->used = now;
  if (verdict == OCS_VERDICT_HIT || verdict == OCS_VERDICT_REVALIDATED)
    ocs_proxybook_note_kept (page, size, TRUE);
  if (claimed && verdict == OCS_VERDICT_MISS) {
    page->manners = OCS_MANNERS_DEAF;
    page->learnt = now;
  }
}

gboolean
ocs_proxybook_wonders (const OcsProxyPage *page, gint64 size, gint64 now)
{
  return ocs_proxybook_manners (page, now) == OCS_MANNERS_ASKABLE && page->verdict == OCS_VERDICT_MISS && size > page->kept
         && (page->not_kept == 0 || size < page->not_kept);
}

void
ocs_proxybook_note_kept (OcsProxyPage *page, gint64 size, gboolean kept)
{
  if (size <= 0)
    return;
  if (kept) {
    page->kept = MAX (page->kept, size);
    /* Whoever has raised its limit is believed. */
    if (page->not_kept <= page->kept)
      page->not_kept = 0;
  } else if (size > page->kept && (page->not_kept == 0 || size < page->not_kept)) {
    page->not_kept = size;
  }
}

char *
ocs_proxybook_describe (const OcsProxyPage *page)
{
  double megabytes = (double)page->not_kept / MEGABYTE;

  if (page->not_kept == 0)
    return NULL;
  if (page->kept == 0)
    return g_strdup_printf (
        "proxy %s does not keep what comes through it (%.1f MB came and it did not hold them): each machine fetches over the "
        "line; give it a disk cache and raise its largest object size",
        page->name, megabytes);
  return g_strdup_printf (
      "proxy %s keeps %.1f MB but not %.1f MB: such parts cross the line for each machine; raise its largest object size", page->name,
      (double)page->kept / MEGABYTE, megabytes);
}

JsonArray *
ocs_proxybook_to_json (const OcsProxybook *book)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < book->pages->len; i++) {
    const OcsProxyPage *page = book->pages->pdata[i];
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "name", page->name);
    json_object_set_int_member (object, "used", page->used);
    json_object_set_string_member (object, "manners", manners_names[page->manners]);
    json_object_set_int_member (object, "learnt", page->learnt);
    json_object_set_int_member (object, "from_cache", page->from_cache);
    json_object_set_int_member (object, "from_wan", page->from_wan);
    json_object_set_string_member (object, "verdict", ocs_verdict_name (page->verdict));
    json_object_set_int_member (object, "kept", page->kept);
    json_object_set_int_member (object, "not_kept", page->not_kept);
    json_array_add_object_element (array, object);
  }
  return array;
}

static OcsManners
manners_from_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (manners_names); i++)
    if (g_strcmp0 (name, manners_names[i]) == 0)
      return (OcsManners)i;
  return OCS_MANNERS_UNKNOWN;
}

static gint64
read_size (JsonObject *object, const char *member)
{
  return MAX (ocs_json_int (object, member, 0), 0);
}

OcsProxybook *
ocs_proxybook_from_json (JsonArray *array)
{
  OcsProxybook *book = ocs_proxybook_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    const char *name = object != NULL ? ocs_json_string (object, "name") : NULL;
    OcsProxyPage *page = name != NULL ? ocs_proxybook_open (book, name, read_size (object, "used")) : NULL;

    if (page == NULL)
      continue;
    page->manners = manners_from_name (ocs_json_string (object, "manners"));
    page->learnt = read_size (object, "learnt");
    page->from_cache = read_size (object, "from_cache");
    page->from_wan = read_size (object, "from_wan");
    page->verdict = ocs_verdict_from_name (ocs_json_string (object, "verdict"));
    page->kept = read_size (object, "kept");
    page->not_kept = read_size (object, "not_kept");
  }
  return book;
}
