/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-redact"
#include "tray/view/redact.h"

#define NAMES "pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|private[-_]?key|authorization|cookie|credential"

static const struct {
  const char *pattern;
  const char *replacement;
} rules[] = {
    {"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", "…"},
    {"([a-z][a-z0-9+.-]*://)[^/@\\s\"'<>]+@", "\\1…@"},
    {"((?:" NAMES ")\\w*(?:\\\\?[\"'])?\\s*[:=]\\s*)(\\\\?[\"']).*?\\2", "\\1\\2…\\2"},
    {"((?:" NAMES ")\\w*\\s*[:=]\\s*)(?:(?:basic|digest|bearer|negotiate|ntlm)\\s+)?[^\\s\"',;&\\\\]+", "\\1…"},
    {"(--?(?:" NAMES ")\\s+)[^\\s\"']+", "\\1…"},
    {"[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+", "…@…"},
    {"(/home/|/Users/|\\\\Users\\\\)[^/\\\\\\s\"':]+", "\\1…"},
};

char *
ocs_redact (const char *text)
{
  char *clean = g_strdup (text);

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GRegex) regex = g_regex_new (rules[i].pattern, G_REGEX_CASELESS | G_REGEX_DOTALL | G_REGEX_OPTIMIZE, 0, &error);
    char *next = regex != NULL ? g_regex_replace (regex, clean, -1, 0, rules[i].replacement, 0, &error) : NULL;

    g_free (clean);
    /* What cannot be searched (too long for the matcher) must not leave. */
    if (next == NULL)
      return g_strdup_printf ("… (%s)", error->message);
    clean = next;
  }
  return clean;
}
