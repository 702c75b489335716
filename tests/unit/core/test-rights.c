/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/idl.h"
#include "ipc/json.h"
#include "worker/core/rights.h"

#include <string.h>

static GPtrArray *
interface_methods (void)
{
  g_auto (GStrv) lines = g_strsplit (ocs_idl_worker (), "\n", -1);
  GPtrArray *methods = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "method "))
      g_ptr_array_add (methods, g_strndup (lines[i] + 7, strcspn (lines[i] + 7, "(")));
  return methods;
}

/* A method that is added to the interface must get a row, and its line here. */
static void
test_table (void)
{
  static const struct {
    const char *method;
    OcsRightsClass needed;
  } expected[] = {
      /* clang-format off */
      {"GetStatus", OCS_RIGHTS_ANY},
      {"GetProxy", OCS_RIGHTS_ANY},
      {"GetPolicy", OCS_RIGHTS_ANY},
      {"Watch", OCS_RIGHTS_PERSON},
      {"ListPackages", OCS_RIGHTS_PERSON},
      {"GetPackage", OCS_RIGHTS_PERSON},
      {"GetHistory", OCS_RIGHTS_PERSON},
      {"GetTraffic", OCS_RIGHTS_PERSON},
      {"TestProxy", OCS_RIGHTS_PERSON},
      {"GetSettings", OCS_RIGHTS_PERSON},
      {"Contact", OCS_RIGHTS_PERSON},
      {"SendInventory", OCS_RIGHTS_PERSON},
      {"ShowInventory", OCS_RIGHTS_PERSON},
      {"Answer", OCS_RIGHTS_GRAPHICAL},
      {"SetTag", OCS_RIGHTS_SEAT},
      {"GetLog", OCS_RIGHTS_ADMIN},
      {"Configure", OCS_RIGHTS_ADMIN},
      {"Import", OCS_RIGHTS_ADMIN},
      {"DropPackage", OCS_RIGHTS_ADMIN},
      /* clang-format on */
  };
  g_autoptr (GPtrArray) methods = interface_methods ();

  g_assert_cmpuint (methods->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_true (g_ptr_array_find_with_equal_func (methods, expected[i].method, g_str_equal, NULL));
    /* Each that is an administrator's has an action of its own or shares one: polkit may authorise somebody for it. */
    g_assert_true (expected[i].needed < OCS_RIGHTS_ADMIN || g_str_has_prefix (ocs_rights_action (expected[i].method), "org.ocscompanion."));
    for (guint rights = OCS_RIGHTS_ANY; rights <= OCS_RIGHTS_ADMIN; rights++) {
      g_autoptr (GError) error = NULL;
      gboolean allowed = ocs_rights_allows ((OcsRightsClass)rights, expected[i].method, &error);

      g_assert_cmpint (allowed, ==, rights >= expected[i].needed);
      if (!allowed)
        g_assert_error (error, OCS_ERROR, OCS_ERROR_DENIED);
    }
  }
}

static void
test_unknown (void)
{
  const char *const methods[] = {"Reconfigure", "getstatus", "", "org.ocscompanion.Worker.GetStatus", NULL};

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
    g_autoptr (GError) error = NULL;
    OcsRightsClass needed;

    g_assert_false (ocs_rights_needed (methods[i], &needed));
    g_assert_false (ocs_rights_allows (OCS_RIGHTS_ADMIN, methods[i], &error));
    g_assert_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED);
  }
}

static OcsStatus *
full_status (void)
{
  OcsStatus *status = ocs_status_new ();
  OcsPackageStatus *package = ocs_package_status_new ("1700000001");
  const char *const warnings[] = {"line 3: geheim", NULL};

  status->state = OCS_STATE_PROBLEM;
  status->reason = ocs_reason_new ("unreachable", "no way to geheim");
  status->server = g_strdup ("http://geheim/");
  status->deviceid = g_strdup ("geheim-2026-01-02-03-04-05");
  status->tag = g_strdup ("tag-geheim");
  g_strfreev (status->warnings);
  status->warnings = g_strdupv ((GStrv)warnings);
  status->proxy.kind = OCS_PROXY_HTTP;
  status->proxy.host = g_strdup ("proxy-geheim");
  status->proxy.port = 3128;
  status->proxy.from_cache = 77;
  status->proxy.reason = ocs_reason_new ("proxy-auth", "geheim wants a login");
  status->job = ocs_job_new (OCS_JOB_DOWNLOADING, "1700000001");
  status->outcome = ocs_outcome_new (1, 2, OCS_OUTCOME_FAILED, status->reason);
  package->step = OCS_STEP_FINISHED;
  package->result = g_strdup ("SUCCESS");
  package->command = g_strdup ("install geheim");
  package->output = g_strdup ("geheim installed");
  package->reason = ocs_reason_new ("untrusted", "geheim is not trusted");
  g_ptr_array_add (status->packages, package);
  g_ptr_array_add (status->questions, ocs_question_new (OCS_QUESTION_INSTALL, "1700000002"));
  return status;
}

static char *
seen_by (OcsRightsClass rights)
{
  g_autoptr (OcsStatus) status = full_status ();
  g_autoptr (JsonObject) object = NULL;

  ocs_rights_filter_status (status, rights);
  object = ocs_status_to_json (status);
  return ocs_json_write (object);
}

static void
test_any (void)
{
  g_autofree char *text = seen_by (OCS_RIGHTS_ANY);

  g_assert_null (strstr (text, "geheim"));
  g_assert_null (strstr (text, "1700000001"));
  g_assert_null (strstr (text, "3128"));
  g_assert_nonnull (strstr (text, "\"unreachable\""));
  g_assert_nonnull (strstr (text, "\"proxy-auth\""));
  g_assert_nonnull (strstr (text, "77"));
}

static void
test_person (void)
{
  g_autofree char *text = seen_by (OCS_RIGHTS_PERSON);

  g_assert_nonnull (strstr (text, "1700000001"));
  g_assert_nonnull (strstr (text, "SUCCESS"));
  g_assert_nonnull (strstr (text, "tag-geheim"));
  g_assert_null (strstr (text, "http://geheim"));
  g_assert_null (strstr (text, "geheim-2026"));
  g_assert_null (strstr (text, "proxy-geheim"));
  g_assert_null (strstr (text, "way to geheim"));
  g_assert_null (strstr (text, "line 3"));
  g_assert_null (strstr (text, "install"));
  g_assert_null (strstr (text, "is not trusted"));
  g_assert_nonnull (strstr (text, "untrusted"));
  g_assert_null (strstr (text, "1700000002"));
}

/* Questions are for those who see them: also far from the machine, who still may not read where it belongs to. */
static void
test_graphical (void)
{
  g_autofree char *text = seen_by (OCS_RIGHTS_GRAPHICAL);

  g_assert_nonnull (strstr (text, "1700000002"));
  g_assert_null (strstr (text, "http://geheim"));
  g_assert_null (strstr (text, "proxy-geheim"));
}

static void
test_seat_and_admin (void)
{
  g_autofree char *seat = seen_by (OCS_RIGHTS_SEAT);
  g_autofree char *admin = seen_by (OCS_RIGHTS_ADMIN);

  g_assert_nonnull (strstr (seat, "geheim-2026"));
  g_assert_nonnull (strstr (seat, "proxy-geheim"));
  g_assert_nonnull (strstr (seat, "3128"));
  g_assert_nonnull (strstr (seat, "line 3"));
  g_assert_nonnull (strstr (seat, "way to geheim"));
  g_assert_null (strstr (seat, "install geheim"));
  g_assert_null (strstr (seat, "geheim installed"));
  g_assert_nonnull (strstr (admin, "install geheim"));
}

static void
test_empty (void)
{
  for (guint rights = OCS_RIGHTS_ANY; rights <= OCS_RIGHTS_ADMIN; rights++) {
    g_autoptr (OcsStatus) status = ocs_status_new ();

    ocs_rights_filter_status (status, (OcsRightsClass)rights);
    g_assert_nonnull (status->warnings);
  }
}

/* Each code, also one of a newer version, has a plain sentence. */
static void
test_plain_words (void)
{
  for (guint code = 0; code <= OCS_ERROR_N; code++) {
    g_autoptr (OcsPackageStatus) package = ocs_package_status_new ("1");

    package->reason = ocs_reason_new (code < OCS_ERROR_N ? ocs_error_nick ((OcsError)code) : "brand-new", "geheim");
    ocs_rights_filter_package (package, OCS_RIGHTS_PERSON);
    g_assert_cmpstr (package->reason->message, !=, "geheim");
    g_assert_cmpuint (strlen (package->reason->message), >, 10);
  }
}

static void
test_inventory_fields (void)
{
  g_assert_true (ocs_rights_hides_field ("BIOS", "SSN"));
  g_assert_true (ocs_rights_hides_field ("HARDWARE", "UUID"));
  g_assert_true (ocs_rights_hides_field ("STORAGES", "SERIALNUMBER"));
  g_assert_true (ocs_rights_hides_field ("LOCAL_USERS", "NAME"));
  g_assert_true (ocs_rights_hides_field ("PRINTERS", "PORT"));
  g_assert_false (ocs_rights_hides_field ("PORTS", "NAME"));
  g_assert_false (ocs_rights_hides_field ("SOFTWARES", "NAME"));
  g_assert_false (ocs_rights_hides_field ("CPUS", "TYPE"));
}

/* The lowest class that sees the value of each key; a key that is added must get its line in rights.c or be for SEAT. */
static void
test_settings (void)
{
  static const char *const for_person[] = {
      "ProxyFor", "DirectFallback", "BandwidthHours", "DownloadWindow", "Show", "SupportText", "SupportURL", "TAG", NULL};
  static const char *const for_seat[] = {
      "Server",   "Proxy",        "ProxyPort",           "ProxyPac",  "ProxyFallback", "ProxyBypass", "ProxyTrusted", "TrustedInfoHosts",
      "DEVICEID", "SiteNetworks", "DEFAULT_USER_DOMAIN", "ClientKey", "CaBundle",      NULL};
  static const char *const secrets[] = {"User", "Pwd", "ProxyUser", "ProxyPwd", NULL};
  guint seen = 0;

  for (const OcsSettingsKey *key = ocs_settings_keys (); key->section != NULL; key++) {
    gboolean person = !ocs_rights_hides_setting (key, OCS_RIGHTS_PERSON);
    gboolean seat = !ocs_rights_hides_setting (key, OCS_RIGHTS_SEAT);

    g_assert_true (ocs_rights_hides_setting (key, OCS_RIGHTS_ANY));
    g_assert_cmpint (person, ==, !ocs_rights_hides_setting (key, OCS_RIGHTS_GRAPHICAL));
    g_assert_cmpint (seat, ==, !ocs_rights_hides_setting (key, OCS_RIGHTS_ADMIN));
    g_assert_true (seat || !person);
    seen += g_strv_contains (for_person, key->key) + g_strv_contains (for_seat, key->key) + g_strv_contains (secrets, key->key);
    if (g_strv_contains (secrets, key->key))
      g_assert_false (seat);
    else
      g_assert_true (seat);
    if (g_strv_contains (for_seat, key->key))
      g_assert_false (person);
    if (g_strv_contains (for_person, key->key) || (key->type == OCS_SETTINGS_BOOL && seat))
      g_assert_true (person);
    if (key->type == OCS_SETTINGS_PATH || key->type == OCS_SETTINGS_HOSTS || key->type == OCS_SETTINGS_SERVER
        || key->type == OCS_SETTINGS_PROXY)
      g_assert_false (person);
  }
  g_assert_cmpuint (seen, ==, g_strv_length ((GStrv)for_person) + g_strv_length ((GStrv)for_seat) + g_strv_length ((GStrv)secrets));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rights/table", test_table);
  g_test_add_func ("/rights/unknown", test_unknown);
  g_test_add_func ("/rights/any", test_any);
  g_test_add_func ("/rights/person", test_person);
  g_test_add_func ("/rights/graphical", test_graphical);
  g_test_add_func ("/rights/seat-and-admin", test_seat_and_admin);
  g_test_add_func ("/rights/empty", test_empty);
  g_test_add_func ("/rights/plain-words", test_plain_words);
  g_test_add_func ("/rights/inventory-fields", test_inventory_fields);
  g_test_add_func ("/rights/settings", test_settings);
  return g_test_run ();
}
