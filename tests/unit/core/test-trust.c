/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/trust.h"

#include <string.h>

#define HTTP "http://ocs/ocsinventory"
#define HTTPS "https://ocs/ocsinventory"

static const char *const others[] = {"Packages.example", NULL};

typedef struct {
  OcsTrust trust;
  const char *info_loc;
  const char *refusal; /* a word of the message; NULL where it is allowed */
} Case;

/* server, verify, has_ca_bundle, system_ca, allow_insecure_deployment, trusted_info_hosts */
static const Case cases[] = {
    /* https, checked: the reply is trusted, whatever it names */
    {{HTTPS, TRUE, TRUE, FALSE, FALSE, NULL}, "ocs/download", NULL},
    {{HTTPS, TRUE, FALSE, TRUE, FALSE, NULL}, "elsewhere/download", NULL},
    {{HTTPS, TRUE, TRUE, FALSE, FALSE, NULL}, "elsewhere/download", NULL},
    {{HTTPS, TRUE, FALSE, FALSE, FALSE, NULL}, "ocs/download", "SystemCa"},
    /* http: CaBundle only, and the server's host */
    {{HTTP, TRUE, TRUE, FALSE, FALSE, NULL}, "ocs/download", NULL},
    {{HTTP, TRUE, TRUE, FALSE, FALSE, NULL}, "OCS:8443/download", NULL},
    {{HTTP, TRUE, FALSE, TRUE, FALSE, NULL}, "ocs/download", "CaBundle"},
    {{HTTP, TRUE, FALSE, FALSE, FALSE, NULL}, "ocs/download", "CaBundle"},
    {{HTTP, TRUE, FALSE, FALSE, TRUE, NULL}, "ocs/download", "CaBundle"},
    {{HTTP, TRUE, TRUE, TRUE, FALSE, NULL}, "elsewhere/download", "TrustedInfoHosts"},
    {{HTTP, TRUE, TRUE, TRUE, FALSE, others}, "elsewhere/download", "TrustedInfoHosts"},
    {{HTTP, TRUE, TRUE, TRUE, FALSE, others}, "packages.example/download", NULL},
    {{HTTP, TRUE, TRUE, FALSE, FALSE, others}, "ocs.evil/download", "TrustedInfoHosts"},
    /* SSL=0 */
    {{HTTPS, FALSE, TRUE, TRUE, FALSE, NULL}, "ocs/download", "AllowInsecureDeployment"},
    {{HTTP, FALSE, TRUE, TRUE, FALSE, NULL}, "ocs/download", "AllowInsecureDeployment"},
    {{HTTPS, FALSE, FALSE, FALSE, TRUE, NULL}, "elsewhere/download", NULL},
    {{HTTP, FALSE, FALSE, FALSE, TRUE, NULL}, "ocs/download", NULL},
    {{HTTP, FALSE, FALSE, FALSE, TRUE, NULL}, "elsewhere/download", "TrustedInfoHosts"},
    /* SSL=0, but signed: whether it is, is judged with the info */
    {{HTTPS, FALSE, FALSE, FALSE, FALSE, NULL, TRUE, NULL}, "ocs/download", NULL},
    {{HTTP, FALSE, FALSE, FALSE, FALSE, NULL, TRUE, NULL}, "ocs/download", NULL},
    {{HTTP, FALSE, FALSE, FALSE, FALSE, NULL, TRUE, NULL}, "elsewhere/download", "TrustedInfoHosts"},
    {{HTTP, TRUE, FALSE, TRUE, FALSE, NULL, TRUE, NULL}, "ocs/download", "CaBundle"},
};

static void
test_allows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    OcsOffer offer = {.id = (char *)"17", .info_loc = (char *)cases[i].info_loc};
    g_autoptr (GError) error = NULL;
    gboolean allowed = ocs_trust_allows (&cases[i].trust, &offer, &error);

    g_test_message ("case %u", i);
    g_assert_cmpint (allowed, ==, cases[i].refusal == NULL);
    if (allowed)
      continue;
    g_assert_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED);
    g_assert_nonnull (strstr (error->message, cases[i].refusal));
  }
}

static void
test_no_host (void)
{
  const OcsTrust trust = {HTTP, TRUE, TRUE, FALSE, FALSE, NULL};
  const OcsTrust nowhere = {"", TRUE, TRUE, FALSE, FALSE, NULL};
  OcsOffer offer = {.id = (char *)"17", .info_loc = (char *)"a@b"};
  g_autoptr (GError) error = NULL;

  g_assert_false (ocs_trust_allows (&trust, &offer, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED);
  g_assert_false (ocs_trust_allows (&nowhere, &offer, NULL));
}

static void
test_postcmd (void)
{
  const OcsTrust http = {HTTP, TRUE, TRUE, FALSE, FALSE, NULL};
  const OcsTrust https = {HTTPS, TRUE, TRUE, FALSE, FALSE, NULL};
  const OcsTrust unchecked = {HTTPS, FALSE, TRUE, FALSE, FALSE, NULL};
  const OcsTrust signed_http = {HTTP, TRUE, TRUE, FALSE, FALSE, NULL, TRUE, NULL};
  g_autoptr (GError) error = NULL;

  g_assert_true (ocs_trust_allows_postcmd (&http, NULL, NULL));
  g_assert_true (ocs_trust_allows_postcmd (&http, "", NULL));
  g_assert_true (ocs_trust_allows_postcmd (&http, "REBOOT", NULL));
  g_assert_true (ocs_trust_allows_postcmd (&http, "SHUTDOWN", NULL));
  g_assert_false (ocs_trust_allows_postcmd (&http, "REBOOT; id", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED);
  g_assert_false (ocs_trust_allows_postcmd (&http, "rm -rf /", NULL));
  g_assert_false (ocs_trust_allows_postcmd (&unchecked, "echo", NULL));
  g_assert_true (ocs_trust_allows_postcmd (&https, "echo", NULL));
  g_assert_true (ocs_trust_allows_postcmd (&signed_http, "echo", NULL));
}

/* The system's certificates never count for the info of a server without https. */
static void
test_info (void)
{
  const OcsTrust http = {HTTP, TRUE, TRUE, TRUE, FALSE, NULL};
  const OcsTrust https = {HTTPS, TRUE, TRUE, TRUE, FALSE, NULL};
  const OcsTrust open = {HTTPS, FALSE, FALSE, FALSE, TRUE, NULL};
  const OcsTrust closed = {HTTPS, FALSE, FALSE, FALSE, FALSE, NULL};
  const OcsTrust signed_only = {HTTPS, FALSE, FALSE, FALSE, FALSE, NULL, TRUE, NULL};

  g_assert_false (ocs_trust_for_info (&http).system_ca);
  g_assert_true (ocs_trust_for_info (&http).use_ca_bundle);
  g_assert_true (ocs_trust_for_info (&http).verify);
  g_assert_true (ocs_trust_for_info (&https).system_ca);
  g_assert_false (ocs_trust_for_info (&open).verify);
  g_assert_true (ocs_trust_for_info (&closed).verify);
  g_assert_false (ocs_trust_for_info (&signed_only).verify);
}

/* Never downgraded: no signature, a file that cannot be read, one of somebody else, also where all else is allowed. */
static void
test_signature (void)
{
  OcsOffer offer = {.id = (char *)"17", .info_loc = (char *)"ocs/download", .postcmd = (char *)""};
  OcsInfo info = {.id = (char *)"17", .path = (char *)"", .name = (char *)"", .command = (char *)"true"};
  OcsTrust trust = {HTTPS, TRUE, TRUE, TRUE, TRUE, NULL, FALSE, NULL};
  static const char *const signatures[] = {NULL, "", "AAAA", "no base64 at all!", "MIIB"};

  g_assert_true (ocs_trust_allows_info (&trust, &offer, &info, NULL));
  g_assert_true (ocs_trust_allows_package (&trust, &offer, &info, NULL));
  trust.requires_signature = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++)
    for (guint with_file = 0; with_file < 2; with_file++) {
      g_autoptr (GError) error = NULL;

      info.signature = (char *)signatures[i];
      trust.signers = with_file ? "-----BEGIN CERTIFICATE-----" : NULL;
      g_assert_false (ocs_trust_allows_package (&trust, &offer, &info, &error));
      g_assert_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED);
      g_assert_nonnull (strstr (error->message, with_file && i < 2 ? "ocs-sign" : "RequireSignature"));
    }
  /* Before it is described there is nothing to judge yet. */
  g_assert_true (ocs_trust_allows_package (&trust, &offer, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trust/allows", test_allows);
  g_test_add_func ("/trust/no-host", test_no_host);
  g_test_add_func ("/trust/postcmd", test_postcmd);
  g_test_add_func ("/trust/info", test_info);
  g_test_add_func ("/trust/signature", test_signature);
  return g_test_run ();
}
