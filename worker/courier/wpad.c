/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/wpad.h"
#include "worker/core/url.h"
#include <string.h>

/* line: behind the keyword. */
static GPtrArray *
read_domains (const char *line)
{
  GPtrArray *urls = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) domains = g_strsplit_set (line, " \t\r", -1);

  for (guint i = 0; domains[i] != NULL && urls->len < OCS_WPAD_MAX; i++) {
    g_autofree char *name = g_strconcat ("wpad.", domains[i], NULL);
    g_autofree char *host = NULL;
    gsize length = strlen (name);
    guint16 port = 0;

    if (name[length - 1] == '.')
      name[length - 1] = '\0';
    if (strchr (name, '.') != NULL && name[5] != '\0' && ocs_url_split_host (name, &host, &port, NULL) && port == 0)
      g_ptr_array_add (urls, g_strdup_printf ("http://%s/wpad.dat", host));
  }
  return urls;
}

GStrv
ocs_wpad_urls (const char *resolv_conf)
{
  g_auto (GStrv) lines = g_strsplit (resolv_conf, "\n", -1);
  g_autoptr (GPtrArray) urls = NULL;

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = lines[i];
    gsize word = strcspn (line, " \t");

    if ((word == 6 && (strncmp (line, "search", 6) == 0 || strncmp (line, "domain", 6) == 0))) {
      g_clear_pointer (&urls, g_ptr_array_unref);
      urls = read_domains (line + word);
    }
  }
  if (urls == NULL)
    return g_new0 (char *, 1);
  g_ptr_array_set_free_func (urls, NULL);
  g_ptr_array_add (urls, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&urls), FALSE);
}
