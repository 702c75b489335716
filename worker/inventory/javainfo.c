/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JAVAINFO: the Java that is run where none is named, from the file "release" beside it (as JDKs have had since 7). The Unix agent sends
 * none; the server searches by it. */
#include "worker/inventory/keyvalue.h"
#include "worker/inventory/section.h"
#include <string.h>

#define FOLDER "/usr/lib/jvm"

/* "/usr/lib/jvm/x" for "/usr/lib/jvm/x/bin/java" or "/usr/lib/jvm/x/jre/bin/java"; NULL for another path. transfer full. */
static char *
home_of (const char *program)
{
  static const char *const ends[] = {"/jre/bin/java", "/bin/java"};
  for (guint i = 0; program != NULL && i < G_N_ELEMENTS (ends); i++)
    if (*program == '/' && g_str_has_suffix (program, ends[i]))
      return g_strndup (program, strlen (program) - strlen (ends[i]));
  return NULL;
}

/* Where Debian, Fedora and SUSE keep the choice, where Arch does, and else the only one that there is. transfer full, nullable. */
static char *
find_home (const OcsSource *source)
{
  g_autofree char *program = ocs_source_target (source, "/etc/alternatives/java");
  char *home = home_of (program);
  if (home != NULL)
    return home;
  g_autofree char *chosen = ocs_source_target (source, FOLDER "/default");
  if (chosen != NULL && strchr (chosen, '/') == NULL)
    return g_strconcat (FOLDER "/", chosen, NULL);
  g_autoptr (GPtrArray) names = ocs_source_list (source, FOLDER);
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofree char *link = ocs_source_target (source, FOLDER "/%s", name);
    if (link != NULL || !ocs_source_exists (source, FOLDER "/%s/release", name))
      continue;
    if (home != NULL) { /* several, and nobody has chosen */
      g_free (home);
      return NULL;
    }
    home = g_strconcat (FOLDER "/", name, NULL);
  }
  return home;
}

/* The third number of "17.0.15", and what stands behind the line of "1.8.0_412"; 0 where there is none. */
static gint64
patch_level (const char *version)
{
  const char *line = strchr (version, '_');
  g_auto (GStrv) parts = g_strsplit (version, ".", 4);
  if (line != NULL)
    return CLAMP (g_ascii_strtoll (line + 1, NULL, 10), 0, G_MAXINT32);
  return g_strv_length (parts) < 3 ? 0 : CLAMP (g_ascii_strtoll (parts[2], NULL, 10), 0, G_MAXINT32);
}

/* "DE" for LANG=de_DE.UTF-8; NULL where it names no country. transfer full. */
static char *
country (const OcsSource *source)
{
  static const char *const files[] = {"/etc/default/locale", "/etc/locale.conf"};
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *text = ocs_source_read (source, NULL, "%s", files[i]);
    g_autofree char *language = ocs_keyvalue_get (text, "LANG");
    const char *line = language == NULL ? NULL : strchr (language, '_');
    if (line != NULL && strcspn (line + 1, ".@") == 2)
      return g_strndup (line + 1, 2);
  }
  return NULL;
}

void
ocs_javainfo_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autofree char *home = find_home (machine->source);
  g_autofree char *release = home == NULL ? NULL : ocs_source_read (machine->source, NULL, "%s/release", home);
  g_autofree char *version = ocs_keyvalue_get (release, "JAVA_VERSION");
  g_autofree char *maker = ocs_keyvalue_get (release, "IMPLEMENTOR");
  g_autofree char *where = country (machine->source);
  if (version == NULL)
    return;
  OcsEntry *entry = ocs_inventory_add (inventory, "JAVAINFO");
  ocs_entry_setf (entry, "JAVANAME", "Java %s%s%s%s", version, maker != NULL ? " (" : "", maker != NULL ? maker : "",
                  maker != NULL ? ")" : "");
  ocs_entry_set_int (entry, "JAVAPATHLEVEL", patch_level (version));
  ocs_entry_set (entry, "JAVACOUNTRY", where);
  ocs_entry_set (entry, "JAVAHOME", home);
}
