/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of [OCS Tray] as people see them. Must not look up the host name or open anything. */
#define G_LOG_DOMAIN "ocs-policy"
#include "tray/view/policy.h"

#include "ipc/json.h"
#include <string.h>

OcsPolicy *
ocs_policy_new (void)
{
  OcsPolicy *policy = g_new0 (OcsPolicy, 1);
  policy->show = g_strdup ("seat");
  policy->quit = TRUE;
  policy->show_inventory = TRUE;
  return policy;
}

void
ocs_policy_free (OcsPolicy *policy)
{
  g_free (policy->show);
  g_free (policy->support_text);
  g_free (policy->support_url);
  g_free (policy->logo);
  g_free (policy);
}

static char *
text_of (JsonObject *reply, const char *member)
{
  const char *text = ocs_json_string (reply, member);
  return text && *text ? g_strdup (text) : NULL;
}

OcsPolicy *
ocs_policy_from_json (JsonObject *reply)
{
  OcsPolicy *policy = ocs_policy_new ();
  char *show = text_of (reply, "show");
  if (show) {
    g_free (policy->show);
    policy->show = show;
  }
  policy->quit = ocs_json_bool (reply, "quit", TRUE);
  policy->show_inventory = ocs_json_bool (reply, "show_inventory", TRUE);
  policy->support_text = text_of (reply, "support_text");
  policy->support_url = text_of (reply, "support_url");
  policy->logo = text_of (reply, "logo");
  return policy;
}

typedef char *(*Escape) (const char *value);

static char *
as_it_is (const char *value)
{
  return g_strdup (value);
}

static char *
for_an_address (const char *value)
{
  return g_uri_escape_string (value, NULL, FALSE);
}

static void
fill_in (GString *text, char letter, const char *host, const char *tag, Escape escape)
{
  const char *value = letter == 'h' ? host : letter == 't' ? tag : letter == 'n' ? "\n" : NULL;
  g_autofree char *escaped = escape (value ? value : "");
  if (letter == 'h' || letter == 't' || letter == 'n')
    g_string_append (text, escaped);
  else
    g_string_append_c (text, '%');
}

static char *
expand (const char *template, const char *host, const char *tag, Escape escape)
{
  GString *text = g_string_new (NULL);
  for (const char *at = template; *at; at++) {
    gboolean place = *at == '%' && strchr ("htn%", at[1] ? at[1] : ' ') != NULL;
    if (place)
      fill_in (text, *++at, host, tag, escape);
    else
      g_string_append_c (text, *at);
  }
  return g_string_free (text, FALSE);
}

char *
ocs_policy_support (const OcsPolicy *policy, const char *host, const char *tag)
{
  return policy->support_text ? expand (policy->support_text, host, tag, as_it_is) : NULL;
}

char *
ocs_policy_link (const OcsPolicy *policy, const char *host, const char *tag)
{
  static const char *const schemes[] = {"http", "https", "mailto", "tel"};
  g_autofree char *scheme = policy->support_url ? g_uri_parse_scheme (policy->support_url) : NULL;
  for (guint i = 0; scheme && i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strcasecmp (scheme, schemes[i]) == 0)
      return expand (policy->support_url, host, tag, for_an_address);
  return NULL;
}
