/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See people.h. */
#include "worker/inventory/people.h"
#include "worker/inventory/keyvalue.h"
#include <string.h>
#include <utmp.h>

static int
compare_names (gconstpointer left, gconstpointer right)
{
  return strcmp (*(const char *const *)left, *(const char *const *)right);
}

static void
add_name (GPtrArray *names, const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (g_str_equal (g_ptr_array_index (names, i), name))
      return;
  g_ptr_array_add (names, g_strdup (name));
}

static void
from_logind (const OcsSource *source, GPtrArray *names)
{
  g_autoptr (GPtrArray) sessions = ocs_source_list (source, "/run/systemd/sessions");
  for (guint i = 0; i < sessions->len; i++) {
    g_autofree char *text = ocs_source_read (source, NULL, "/run/systemd/sessions/%s", (const char *)g_ptr_array_index (sessions, i));
    g_autofree char *user = ocs_keyvalue_get (text, "USER");
    g_autofree char *class = ocs_keyvalue_get (text, "CLASS");
    g_autofree char *state = ocs_keyvalue_get (text, "STATE");
    if (user != NULL && g_strcmp0 (class, "user") == 0 && g_strcmp0 (state, "closing") != 0)
      add_name (names, user);
  }
}

static void
from_utmp (const OcsSource *source, GPtrArray *names)
{
  gsize length = 0;
  g_autofree char *bytes = ocs_source_read (source, &length, "/run/utmp");
  for (gsize at = 0; bytes != NULL && at + sizeof (struct utmp) <= length; at += sizeof (struct utmp)) {
    struct utmp record;
    memcpy (&record, bytes + at, sizeof record);
    g_autofree char *name = g_strndup (record.ut_user, sizeof record.ut_user);
    if (record.ut_type == USER_PROCESS && *name != '\0')
      add_name (names, name);
  }
}

char *
ocs_people_logged_in (const OcsSource *source)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  from_logind (source, names);
  if (names->len == 0)
    from_utmp (source, names);
  if (names->len == 0)
    return NULL;
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv ("/", (char **)names->pdata);
}
