/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/journal.h"
#include "ipc/error.h"
#include "worker/io/clock.h"

#define KEPT 1000

struct _OcsJournal {
  OcsLogRing *ring; /* owned; touched by the main thread only */
  GThread *main;    /* borrowed: only compared */
  OcsJournalFunc on_line;
  gpointer user_data; /* borrowed: the listener's */
  guint tell;
};

/* A line on its way from a thread. */
typedef struct {
  OcsJournal *journal; /* borrowed: lives as long as the process */
  GLogLevelFlags level;
  char *domain; /* owned */
  char *text;   /* owned */
} Passed;

static gboolean
on_tell (gpointer user_data)
{
  OcsJournal *journal = user_data;

  journal->tell = 0;
  if (journal->on_line != NULL)
    journal->on_line (journal->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_passed (gpointer user_data)
{
  Passed *passed = user_data;
  OcsJournal *journal = passed->journal;

  ocs_log_ring_add (journal->ring, ocs_clock_now (), passed->level, passed->domain, passed->text);
  if (journal->on_line != NULL && journal->tell == 0)
    journal->tell = g_idle_add (on_tell, journal);
  return G_SOURCE_REMOVE;
}

static void
passed_free (gpointer data)
{
  Passed *passed = data;

  g_free (passed->domain);
  g_free (passed->text);
  g_free (passed);
}

static char *
copy_field (const GLogField *field)
{
  return field->length < 0 ? g_strdup (field->value) : g_strndup (field->value, (gsize)field->length);
}

/* borrowed, nullable: that of a domain is text that ends with a NUL byte. */
static const char *
find_domain (const GLogField *fields, gsize n_fields)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "GLIB_DOMAIN") && fields[i].length < 0)
      return fields[i].value;
  return NULL;
}

static GLogWriterOutput
on_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  GLogWriterOutput output;
  Passed *passed;

  if ((level & (G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG)) != 0 && g_log_writer_default_would_drop (level, find_domain (fields, n_fields)))
    return G_LOG_WRITER_HANDLED;
  passed = g_new0 (Passed, 1);
  passed->journal = user_data;
  passed->level = level;
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && passed->text == NULL)
      passed->text = copy_field (&fields[i]);
    else if (g_str_equal (fields[i].key, "GLIB_DOMAIN") && passed->domain == NULL)
      passed->domain = copy_field (&fields[i]);
  output = g_log_writer_default (level, fields, n_fields, NULL);
  if (g_thread_self () == passed->journal->main) {
    on_passed (passed);
    passed_free (passed);
  } else {
    g_idle_add_full (G_PRIORITY_DEFAULT, on_passed, passed, passed_free);
  }
  return output;
}

OcsJournal *
ocs_journal_new (void)
{
  OcsJournal *journal = g_new0 (OcsJournal, 1);

  journal->ring = ocs_log_ring_new (KEPT);
  journal->main = g_thread_self ();
  g_log_set_writer_func (on_log, journal, NULL);
  return journal;
}

const OcsLogRing *
ocs_journal_lines (const OcsJournal *journal)
{
  return journal->ring;
}

void
ocs_journal_listen (OcsJournal *journal, OcsJournalFunc on_line, gpointer user_data)
{
  journal->on_line = on_line;
  journal->user_data = user_data;
}

void
ocs_journal_log (const char *domain, GLogLevelFlags level, const char *package, const GError *error, const char *format, ...)
{
  g_auto (GVariantDict) fields = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  /* A variant holds UTF-8 only, and a text may quote what somebody else wrote. */
  g_variant_dict_insert_value (&fields, "MESSAGE", g_variant_new_take_string (g_utf8_make_valid (text, -1)));
  if (package != NULL)
    g_variant_dict_insert (&fields, "OCS_PACKAGE", "s", package);
  if (error != NULL)
    g_variant_dict_insert (&fields, "OCS_ERROR", "s", ocs_error_nick (ocs_error_code (error)));
  g_log_variant (domain, level, g_variant_dict_end (&fields));
}
