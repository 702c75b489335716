/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/bypass.h"
#include "worker/core/url.h"

#include <string.h>

#define RULES_MAX 1000

typedef enum { RULE_NAME, RULE_DOMAIN, RULE_NETWORK, RULE_LOCAL, RULE_ALL } RuleKind;

typedef struct {
  RuleKind kind;
  char *name; /* owned, nullable; NAME, and DOMAIN without its dot */
  guint8 bytes[16];
  guint size;   /* of bytes */
  guint prefix; /* bits */
  guint16 port; /* 0: any */
} Rule;

struct _OcsBypass {
  GArray *rules; /* owned; element-type Rule */
};

static gboolean
read_ipv4 (const char *text, guint8 bytes[4])
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 5);

  if (g_strv_length (parts) != 4)
    return FALSE;
  for (guint i = 0; i < 4; i++) {
    guint64 value;

    if (!g_ascii_string_to_unsigned (parts[i], 10, 0, 255, &value, NULL))
      return FALSE;
    bytes[i] = (guint8)value;
  }
  return TRUE;
}

/* Groups of one side of "::"; their number of bytes, -1 where one is odd. dotted: the last may be an IPv4 address. */
static int
read_groups (const char *text, gboolean dotted, guint8 *bytes)
{
  g_auto (GStrv) groups = g_strsplit (text, ":", 9);
  int size = 0;

  if (*text == '\0')
    return 0;
  for (guint i = 0; groups[i] != NULL; i++) {
    guint64 value;

    if (dotted && groups[i + 1] == NULL && strchr (groups[i], '.') != NULL)
      return size <= 12 && read_ipv4 (groups[i], bytes + size) ? size + 4 : -1;
    if (size > 14 || strlen (groups[i]) > 4 || !g_ascii_string_to_unsigned (groups[i], 16, 0, 0xffff, &value, NULL))
      return -1;
    bytes[size++] = (guint8)(value >> 8);
    bytes[size++] = (guint8)value;
  }
  return size;
}

static gboolean
read_ipv6 (const char *text, guint8 bytes[16])
{
  guint8 tail[16] = {0};
  const char *gap = strstr (text, "::");
  g_autofree char *front = gap != NULL ? g_strndup (text, (gsize)(gap - text)) : NULL;
  int head_size, tail_size;

  memset (bytes, 0, 16);
  if (gap == NULL)
    return read_groups (text, TRUE, bytes) == 16;
  head_size = strstr (gap + 2, "::") == NULL ? read_groups (front, FALSE, bytes) : -1;
  tail_size = read_groups (gap + 2, TRUE, tail);
  if (head_size < 0 || tail_size < 0 || head_size + tail_size > 14)
    return FALSE;
  memcpy (bytes + 16 - tail_size, tail, (gsize)tail_size);
  return TRUE;
}

guint
ocs_bypass_read_address (const char *text, guint8 bytes[16])
{
  static const guint8 mapped[12] = {[10] = 0xff, [11] = 0xff};

  if (strchr (text, ':') == NULL)
    return read_ipv4 (text, bytes) ? 4 : 0;
  if (!read_ipv6 (text, bytes))
    return 0;
  if (memcmp (bytes, mapped, sizeof mapped) != 0)
    return 16;
  memmove (bytes, bytes + 12, 4);
  return 4;
}

/* address/bits */
static gboolean
read_network (Rule *rule, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);
  gsize length = strlen (parts[0]);
  g_autofree char *address = parts[0][0] == '[' && parts[0][length - 1] == ']' ? g_strndup (parts[0] + 1, length - 2) : g_strdup (parts[0]);
  guint64 bits = 0;

  rule->size = ocs_bypass_read_address (address, rule->bytes);
  if (rule->size == 0)
    return FALSE;
  rule->kind = RULE_NETWORK;
  rule->prefix = rule->size * 8;
  if (parts[1] == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (parts[1], 10, 0, rule->size * 8, &bits, NULL))
    return FALSE;
  rule->prefix = (guint)bits;
  return TRUE;
}

static gboolean
read_rule (Rule *rule, const char *text, gboolean like_environment)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  const char *name = g_str_has_prefix (lower, "*.") ? lower + 2 : lower[0] == '.' ? lower + 1 : lower;
  g_autofree char *host = NULL;

  rule->kind = g_str_equal (lower, "*") ? RULE_ALL : RULE_LOCAL;
  if (rule->kind == RULE_ALL || g_str_equal (lower, "<local>") || read_network (rule, lower))
    return TRUE;
  if (!ocs_url_split_host (name, &host, &rule->port, NULL))
    return FALSE;
  if (read_network (rule, host))
    return TRUE;
  rule->kind = name != lower || like_environment ? RULE_DOMAIN : RULE_NAME;
  rule->name = g_steal_pointer (&host);
  return TRUE;
}

static void
rule_clear (gpointer data)
{
  Rule *rule = data;

  g_free (rule->name);
}

OcsBypass *
ocs_bypass_parse (const char *text, gboolean like_environment, GPtrArray *problems)
{
  OcsBypass *bypass = g_new0 (OcsBypass, 1);
  g_auto (GStrv) parts = g_strsplit_set (text != NULL ? text : "", ",; \t", RULES_MAX);

  bypass->rules = g_array_new (FALSE, TRUE, sizeof (Rule));
  g_array_set_clear_func (bypass->rules, rule_clear);
  for (guint i = 0; parts[i] != NULL; i++) {
    Rule rule = {0};

    if (*parts[i] == '\0')
      continue;
    if (read_rule (&rule, parts[i], like_environment))
      g_array_append_val (bypass->rules, rule);
    else if (problems != NULL)
      g_ptr_array_add (
          problems, g_strdup_printf ("\"%.60s\" is no host, .domain, network or <local>", strchr (parts[i], '@') != NULL ? "…" : parts[i]));
  }
  return bypass;
}

void
ocs_bypass_free (OcsBypass *bypass)
{
  if (bypass == NULL)
    return;
  g_array_unref (bypass->rules);
  g_free (bypass);
}

static gboolean
shares_prefix (const guint8 *left, const guint8 *right, guint bits)
{
  guint whole = bits / 8, rest = bits % 8;
  guint8 mask = (guint8)(0xff << (8 - rest));

  return memcmp (left, right, whole) == 0 && (rest == 0 || (left[whole] & mask) == (right[whole] & mask));
}

/* This machine's own names and addresses, and names that only a site knows. */
static gboolean
is_local (const char *host, const guint8 *address, guint size)
{
  static const guint8 ipv6_loopback[16] = {[15] = 1};

  if (size == 4)
    return address[0] == 127;
  if (size == 16)
    return memcmp (address, ipv6_loopback, 16) == 0;
  return strchr (host, '.') == NULL;
}

static gboolean
is_below (const char *host, const char *domain)
{
  gsize host_length = strlen (host), length = strlen (domain);

  return g_str_equal (host, domain) || (host_length > length && g_str_has_suffix (host, domain) && host[host_length - length - 1] == '.');
}

gboolean
ocs_bypass_matches (const OcsBypass *bypass, const char *host, guint16 port)
{
  guint8 address[16];
  guint size = ocs_bypass_read_address (host, address);

  for (guint i = 0; i < bypass->rules->len; i++) {
    const Rule *rule = &g_array_index (bypass->rules, Rule, i);
    gboolean matches = rule->kind == RULE_ALL;

    if (rule->port != 0 && rule->port != port)
      continue;
    if (rule->kind == RULE_NAME)
      matches = g_str_equal (host, rule->name);
    else if (rule->kind == RULE_DOMAIN)
      matches = is_below (host, rule->name);
    else if (rule->kind == RULE_LOCAL)
      matches = is_local (host, address, size);
    else if (rule->kind == RULE_NETWORK)
      matches = size == rule->size && shares_prefix (address, rule->bytes, rule->prefix);
    if (matches)
      return TRUE;
  }
  return FALSE;
}
