/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-import"
#include "worker/core/import.h"
#include "ipc/error.h"
#include "worker/core/hop.h"
#include "worker/core/seal.h"
#include "worker/core/text.h"
#include "worker/core/vault.h"

#include <string.h>

typedef struct {
  const char *name; /* lower case */
  const char *key;  /* ours; NULL: handled elsewhere, or without a counterpart */
  const char *why;  /* it is left out; NULL: it is taken, or means nothing here */
} Rule;

#define SCHEDULE "when the server is contacted follows from PROLOG_FREQ and the server's own word"

/* UnixAgent Config.pm, and what of it means something here. */
static const Rule perl_rules[] = {
    {"server", "Server", NULL},
    {"ssl", "SSL", NULL},
    {"ca", "CaBundle", NULL},
    {"tag", "TAG", NULL},
    {"nosoftware", "NoSoftware", NULL},
    {"debug", "Debug", NULL},
    {"proxy", NULL, NULL},
    {"user", NULL, NULL},
    {"password", NULL, NULL},
    {"basevardir", NULL, NULL},
    {"local", NULL, "the inventory goes to the server; for files instead set Local= yourself"},
    {"nolocal", NULL, NULL},
    {"realm", NULL, "the login is made whatever name the server gives its realm"},
    {"remotedir", NULL, "write the whole address into Server="},
    {"force", NULL, "'ocsctl inventory send' does it when it is wanted"},
    {"lazy", NULL, SCHEDULE},
    {"daemon", NULL, SCHEDULE},
    {"wait", NULL, SCHEDULE},
    {"delaytime", NULL, SCHEDULE},
    {"logger", NULL, "the journal has the log"},
    {"logfile", NULL, "the journal has the log"},
    {"logfacility", NULL, "the journal has the log"},
    {"info", NULL, NULL},
    {"snmp", NULL, "other devices are not asked by SNMP"},
    {"snmptimeout", NULL, "other devices are not asked by SNMP"},
    {"snmpretry", NULL, "other devices are not asked by SNMP"},
    {"forking_enabled", NULL, "other devices are not asked by SNMP"},
    {"fork_count", NULL, "other devices are not asked by SNMP"},
    {NULL, NULL, NULL},
};

/* Fedora's script for the Perl agent reads the OCS ones. */
static const Rule environment_rules[] = {
    {"ocsserver", "Server", NULL}, {"ocstag", "TAG", NULL},   {"ocsproxyserver", NULL, NULL},    {"http_proxy", NULL, NULL},
    {"https_proxy", NULL, NULL},   {"all_proxy", NULL, NULL}, {"no_proxy", "ProxyBypass", NULL}, {"ocsmode", NULL, SCHEDULE},
    {"ocspause", NULL, SCHEDULE},  {NULL, NULL, NULL},
};

static void G_GNUC_PRINTF (2, 3) note (GPtrArray *notes, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (notes, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static void
add (OcsImport *import, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  OcsAssign *assign;

  if (*value == '\0')
    return;
  assign = ocs_assign_new (name, value, &error);
  if (assign != NULL)
    g_ptr_array_add (import->values, assign);
  else
    note (import->left_out, "%s", error->message);
}

/* [scheme://][user[:password]@]host[:port][/] */
static void
add_proxy (OcsImport *import, const char *name, const char *value)
{
  /* Where none is written: libwww-perl's and curl's. */
  int port = g_ascii_strncasecmp (value, "socks", 5) == 0 ? 1080 : g_ascii_strncasecmp (value, "https:", 6) == 0 ? 443 : 80;
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsHop) hop = ocs_hop_parse (value, OCS_PROXY_HTTP, port, &error);
  g_autofree char *kind = NULL;
  g_autofree char *number = NULL;
  g_autofree char *host = NULL;

  if (ocs_assigns_find (import->values, "Proxy") != NULL) {
    note (import->left_out, "%s: another setting names the proxy already", name);
    return;
  }
  if (hop == NULL || hop->host == NULL) {
    note (import->left_out, "%s: %s", name, error != NULL ? error->message : "names no proxy");
    return;
  }
  kind = g_strdup_printf ("%d", (int)hop->kind);
  number = g_strdup_printf ("%d", hop->port);
  add (import, "ProxyType", kind);
  host = strchr (hop->host, ':') != NULL ? g_strdup_printf ("[%s]", hop->host) : g_strdup (hop->host);
  add (import, "Proxy", host);
  add (import, "ProxyPort", number);
  if (hop->user == NULL)
    return;
  add (import, "ProxyUser", hop->user);
  add (import, "ProxyPwd", hop->password);
}

/* The Perl agent keeps them in Base64. */
static void
add_login (OcsImport *import, const char *name, const char *key, const char *value)
{
  gsize size = 0;
  g_autofree guchar *bytes = g_base64_decode (value, &size);
  char *text = ocs_text_from_bytes ((const char *)bytes, size);

  if (size == 0 || ocs_text_has_control (text))
    note (import->left_out, "%s: is not in Base64: set %s yourself", name, key);
  else
    add (import, key, text);
  ocs_secret_free (text);
}

static const Rule *
find_rule (const Rule *rules, const char *name)
{
  for (; rules->name != NULL; rules++)
    if (g_str_equal (rules->name, name))
      return rules;
  return NULL;
}

static void
take_perl (OcsImport *import, const char *name, const char *value)
{
  const Rule *rule = find_rule (perl_rules, name);

  if (rule == NULL)
    note (import->left_out, "%s: has no counterpart here", name);
  else if (rule->why != NULL)
    note (import->left_out, "%s: %s", name, rule->why);
  else if (g_str_equal (name, "proxy"))
    add_proxy (import, name, value);
  else if (g_str_equal (name, "user"))
    add_login (import, name, "User", value);
  else if (g_str_equal (name, "password"))
    add_login (import, name, "Pwd", value);
  else if (g_str_equal (name, "basevardir")) {
    g_free (import->base);
    import->base = g_strdup (value);
  } else if (rule->key != NULL)
    add (import, rule->key, g_str_equal (name, "debug") && !g_str_equal (value, "0") ? "1" : value);
  if (g_str_equal (name, "server")) {
    g_free (import->server);
    import->server = g_strdup (value);
  }
}

static void
take_environment (OcsImport *import, const char *name, const char *value)
{
  const Rule *rule = find_rule (environment_rules, name);

  if (rule == NULL)
    note (import->left_out, "%s: means nothing here", name);
  else if (rule->why != NULL)
    note (import->left_out, "%s: %s", name, rule->why);
  else if (rule->key != NULL)
    add (import, rule->key, value);
  else
    add_proxy (import, name, value);
}

static void
unquote (char *value)
{
  gsize length = strlen (value);

  if (length >= 2 && (value[0] == '"' || value[0] == '\'') && value[length - 1] == value[0]) {
    memmove (value, value + 1, length - 2);
    value[length - 2] = '\0';
  }
}

/* key = value, # for comments. Of a key that stands twice the last counts, as for the Perl agent and the shell. */
static void
read_lines (OcsImport *import, const char *text, void (*take) (OcsImport *import, const char *name, const char *value))
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)ocs_secret_free);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = g_strstrip (lines[i]);
    const char *equals = strchr (line, '=');
    char *name, *value;

    if (*line == '\0' || *line == '#')
      continue;
    if (g_str_has_prefix (line, "export "))
      line += strlen ("export ");
    if (equals == NULL || equals <= line) {
      note (import->warnings, "line %u: is not KEY=VALUE and is left out", i + 1);
      continue;
    }
    name = g_strstrip (g_ascii_strdown (line, equals - line));
    value = g_strstrip (g_strdup (equals + 1));
    unquote (value);
    if (!g_hash_table_contains (values, name))
      g_ptr_array_add (order, name);
    g_hash_table_insert (values, name, value);
  }
  for (guint i = 0; i < order->len; i++)
    take (import, order->pdata[i], g_hash_table_lookup (values, order->pdata[i]));
}

static void
take_entry (OcsImport *import, const OcsIniEntry *entry)
{
  const OcsSettingsKey *key = ocs_settings_find_key (entry->section, entry->key);
  const char *last = strrchr (entry->value, '\\');
  g_autoptr (GError) error = NULL;

  if (key == NULL || key->type == OCS_SETTINGS_IGNORED) {
    note (import->left_out, "[%.60s]%.60s: %s", entry->section, entry->key, key != NULL ? "of Windows only" : "is not known here");
  } else if (key->type == OCS_SETTINGS_SECRET) {
    char *plain = ocs_seal_is_sealed (entry->value) ? NULL : ocs_vault_open_windows (entry->value, &error);

    if (plain != NULL)
      add (import, key->key, plain);
    else
      note (import->left_out, "%s: %s", key->key, error != NULL ? error->message : "was encrypted by another machine: set it yourself");
    ocs_secret_free (plain);
  } else if (key->type == OCS_SETTINGS_PATH && last != NULL && last[1] != '\0' && g_str_equal (key->key, "CaBundle")) {
    add (import, key->key, last + 1);
    note (import->warnings, "CaBundle: put the file %s next to ocsinventory.ini", last + 1);
  } else if (key->type == OCS_SETTINGS_PATH && *entry->value != '\0' && (last != NULL || entry->value[1] == ':')) {
    note (import->left_out, "%s: is a path of Windows", key->key);
  } else
    add (import, key->key, entry->value);
}

/* Windows agents leave the flag set without a user (WindowsAgent issue 84). */
static void
drop_blank_login (OcsImport *import, const char *user, const char *flag)
{
  const OcsAssign *set = ocs_assigns_find (import->values, flag);

  if (set != NULL && ocs_assigns_find (import->values, user) == NULL)
    g_ptr_array_remove (import->values, (gpointer)set);
}

static void
read_ini (OcsImport *import, const char *bytes, gsize length)
{
  g_autoptr (OcsIni) ini = ocs_ini_parse (bytes, length, import->warnings);
  const GPtrArray *entries = ocs_ini_entries (ini);

  for (guint i = 0; i < entries->len; i++)
    take_entry (import, entries->pdata[i]);
  drop_blank_login (import, "User", "AuthRequired");
  drop_blank_login (import, "ProxyUser", "ProxyAuthRequired");
}

OcsImport *
ocs_import_parse (const char *bytes, gsize length, OcsImportKind kind)
{
  OcsImport *import = g_new0 (OcsImport, 1);
  char *text = ocs_text_from_file (bytes, length);

  import->values = ocs_assigns_new ();
  import->warnings = g_ptr_array_new_with_free_func (g_free);
  import->left_out = g_ptr_array_new_with_free_func (g_free);
  if (kind == OCS_IMPORT_INI)
    read_ini (import, bytes, length);
  else
    read_lines (import, text, kind == OCS_IMPORT_PERL ? take_perl : take_environment);
  ocs_secret_free (text);
  ocs_assigns_complete (import->values);
  return import;
}

void
ocs_import_free (OcsImport *import)
{
  if (import == NULL)
    return;
  g_ptr_array_unref (import->values);
  g_ptr_array_unref (import->warnings);
  g_ptr_array_unref (import->left_out);
  g_free (import->base);
  g_free (import->server);
  g_free (import);
}

gboolean
ocs_import_kind_from_name (const char *name, OcsImportKind *kind)
{
  static const char *const names[] = {"ini", "perl", "environment"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0) {
      *kind = (OcsImportKind)i;
      return TRUE;
    }
  return FALSE;
}

OcsImportKind
ocs_import_guess (const char *bytes, gsize length)
{
  char *text = ocs_text_from_file (bytes, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  OcsImportKind kind = OCS_IMPORT_PERL;

  ocs_secret_free (text);
  for (guint i = 0; lines[i] != NULL && kind != OCS_IMPORT_INI; i++) {
    const char *line = g_strstrip (lines[i]);
    g_autofree char *name = NULL;

    if (g_str_has_prefix (line, "export "))
      line += strlen ("export ");
    name = g_ascii_strdown (line, (gssize)strcspn (line, " =\t"));
    if (*line == '[')
      kind = OCS_IMPORT_INI;
    else if (find_rule (environment_rules, name) != NULL)
      kind = OCS_IMPORT_ENVIRONMENT;
  }
  return kind;
}
