/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/distrust.h"
#include <string.h>

#define S "ocs:443"
#define P "proxy:3128"
#define DAY G_GINT64_CONSTANT (86400)
#define NOW G_GINT64_CONSTANT (1790000000) /* 2026-09-21 */

static const OcsPapers site = {.names = (char *)"ocs.example, 192.0.2.1",
                               .issuer = (char *)"Squid of the Site",
                               .not_before = NOW - 10 * DAY,
                               .not_after = NOW - 2 * DAY};
static const OcsPapers early = {
    .names = (char *)"ocs.example", .issuer = (char *)"CA", .not_before = NOW + 2 * DAY, .not_after = NOW + 9 * DAY};
static const OcsPapers nameless = {0};
static const OcsPapers asking = {.asked = TRUE};

typedef struct {
  const char *name;
  OcsEnding ending;
  const char *words[4];
} Case;

#define VERIFY(n) .code = CURLE_PEER_FAILED_VERIFICATION, .verify_result = (n), .now = NOW

static const Case cases[] = {
    {"authority", {VERIFY (20), .papers = &site}, {"\"Squid of the Site\"", "CaBundle="}},
    {"authority unnamed", {VERIFY (20), .papers = &nameless}, {"an authority", "CaBundle="}},
    {"authority unseen", {VERIFY (19)}, {"an authority", "CaBundle="}},
    {"authority by proxy", {VERIFY (19), .papers = &site, .proxy = P}, {"\"Squid of the Site\"", "CaBundle=", "{proxy} opens TLS"}},
    {"authority of the system", {VERIFY (21), .papers = &site, .system_ca = TRUE}, {"\"Squid of the Site\"", "the system does not know"}},
    {"own signature", {VERIFY (18), .papers = &site}, {"signed by itself", "CaBundle="}},
    {"own signature by proxy", {VERIFY (18), .papers = &site, .proxy = P}, {"signed by itself", "{proxy}"}},

    {"expired", {VERIFY (10), .papers = &site}, {"expired on 2026-09-19", "clock says 2026-09-21", "renew"}},
    {"expired, dates agree", {VERIFY (10), .papers = &site, .date = NOW + 30}, {"expired on 2026-09-19", "renew"}},
    {"expired, our clock is ahead", {VERIFY (10), .papers = &site, .date = NOW - 5 * DAY}, {"network says 2026-09-16", "set the clock"}},
    /* The clock is wrong, but setting it would not help. */
    {"expired, our clock is ahead a little", {VERIFY (10), .papers = &site, .date = NOW - DAY}, {"expired on", "renew"}},
    {"expired unseen", {VERIFY (10)}, {"has expired", "renew"}},
    {"not yet", {VERIFY (9), .papers = &early}, {"valid from 2026-09-23", "clock says 2026-09-21", "set the clock"}},
    {"not yet, our clock is behind", {VERIFY (9), .papers = &early, .date = NOW + 3 * DAY}, {"network says 2026-09-24", "set the clock"}},
    {"not yet, dates agree", {VERIFY (9), .papers = &early, .date = NOW}, {"valid from", "wait"}},
    {"not yet unseen", {VERIFY (9)}, {"not valid yet", "clock"}},

    {"name", {VERIFY (0), .papers = &site}, {"\"ocs.example, 192.0.2.1\"", "Server="}},
    {"name, result untouched", {VERIFY (1), .papers = &site}, {"made out to", "Server="}},
    {"name by OpenSSL", {VERIFY (62), .papers = &site}, {"made out to", "Server="}},
    {"address by OpenSSL", {VERIFY (64)}, {"another name", "Server="}},
    {"revoked", {VERIFY (23)}, {"revoked", "renew"}},
    {"weak", {VERIFY (68)}, {"too weak", "anew"}},
    {"unknown result", {VERIFY (99), .detail = "odd"}, {"odd", "https"}},

    {"old TLS",
     {.code = CURLE_SSL_CONNECT_ERROR, .detail = "error:0A00042E:SSL routines::tlsv1 alert protocol version"},
     {"1.2", "update"}},
    {"old TLS, seen here", {.code = CURLE_SSL_CONNECT_ERROR, .detail = "error:0A000102:SSL routines::unsupported protocol"}, {"1.2"}},
    {"no TLS",
     {.code = CURLE_SSL_CONNECT_ERROR, .detail = "error:0A00010B:SSL routines::wrong version number"},
     {"does not speak TLS", "port"}},
    {"something else", {.code = CURLE_SSL_CONNECT_ERROR, .detail = "strange"}, {"strange", "https"}},
    {"nothing said", {.code = CURLE_SSL_CONNECT_ERROR}, {"SSL connect error"}},
    {"client certificate, 1.2", {.code = CURLE_SSL_CONNECT_ERROR, .detail = "sslv3 alert handshake failure"}, {"ClientCert="}},
    {"client certificate, 1.3",
     {.code = CURLE_RECV_ERROR, .detail = "OpenSSL SSL_read: tlsv13 alert certificate required"},
     {"ClientKey="}},
    {"client unknown", {.code = CURLE_RECV_ERROR, .detail = "tlsv1 alert unknown ca"}, {"does not know who signed", "ClientCert="}},
    {"client expired", {.code = CURLE_SEND_ERROR, .detail = "sslv3 alert certificate expired"}, {"has expired", "ClientCert="}},
    {"client files", {.code = CURLE_SSL_CERTPROBLEM, .detail = "unable to set private key file"}, {"ClientKey=", "passphrase"}},
    {"bundle", {.code = CURLE_SSL_CACERT_BADFILE}, {"CaBundle=", "PEM"}},

    {"hung up without one", {.code = CURLE_RECV_ERROR, .papers = &asking}, {"asked", "set ClientCert="}},
    {"hung up on ours", {.code = CURLE_SEND_ERROR, .papers = &asking, .client_cert = TRUE}, {"asked", "check ClientCert="}},
    {"cut off later", {.code = CURLE_RECV_ERROR, .papers = &asking, .status = 200}, {NULL}},
    {"no matter of TLS", {.code = CURLE_COULDNT_CONNECT}, {NULL}},
    {"reset", {.code = CURLE_RECV_ERROR, .detail = "Recv failure: Connection reset by peer"}, {NULL}},
    {"good", {.code = CURLE_OK}, {NULL}},
};

static void
test_case (gconstpointer data)
{
  const Case *one = data;
  OcsEnding ending = one->ending;
  g_autofree char *text = NULL;

  ending.server = S;
  text = ocs_distrust_describe (&ending);
  if (one->words[0] == NULL) {
    g_assert_null (text);
    return;
  }
  g_assert_nonnull (text);
  g_test_message ("%s", text);
  for (guint i = 0; i < G_N_ELEMENTS (one->words) && one->words[i] != NULL; i++)
    g_assert_nonnull (strstr (text, one->words[i]));
  g_assert_false (g_str_has_suffix (text, "."));
  g_assert_true (ending.proxy != NULL || strstr (text, "{proxy}") == NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/distrust/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  return g_test_run ();
}
