/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/distrust.h"
#include <string.h>

/* Clocks of a site may differ by that much without anybody noticing; seconds. */
#define SKEW_MAX (10 * 60)

/* X509_V_ERR_… (openssl/x509_vfy.h; the numbers are part of its interface). */
enum { NOT_YET_VALID = 9, HAS_EXPIRED = 10, SELF_SIGNED = 18 };

static const struct {
  long result;
  const char *text;
} verify_rows[] = {
    {23, "it has been revoked: renew it on the server"},
    {24, "one of its authorities may not sign certificates: make the certificate anew"},
    {26, "it was made for another use than a server: make the certificate anew"},
    {66, "its key is too weak: make the certificate anew"},
    {67, "the key of its authority is too weak: make the certificate anew"},
    {68, "its signature is too weak: make the certificate anew"},
};

/* Parts of OpenSSL's own words (ssl/ssl_err.c). The alerts come from the other side and are about what we showed it. */
static const struct {
  const char *part;
  const char *text;
} detail_rows[] = {
    {"alert certificate required", "{server} asks for a certificate of this machine: set ClientCert= and ClientKey= in ocsinventory.ini"},
    {"alert bad certificate", "{server} does not accept the certificate of this machine: check ClientCert= in ocsinventory.ini"},
    {"alert unsupported certificate", "{server} does not accept the certificate of this machine: check ClientCert= in ocsinventory.ini"},
    {"alert certificate revoked", "{server} says that the certificate of this machine is revoked: renew the file in ClientCert="},
    {"alert certificate expired", "{server} says that the certificate of this machine has expired: renew the file in ClientCert="},
    {"alert certificate unknown", "{server} does not accept the certificate of this machine: check ClientCert= in ocsinventory.ini"},
    {"alert unknown ca", "{server} does not know who signed the certificate of this machine: check ClientCert= in ocsinventory.ini"},
    {"alert access denied", "{server} does not let this machine in by its certificate: check ClientCert= in ocsinventory.ini"},
    {"alert handshake failure",
     "{server} finds no common ground for TLS, or asks for a certificate of this machine: update the server's TLS, "
     "or set ClientCert= and ClientKey="},
    {"alert protocol version", "{server} speaks no TLS that is safe, 1.2 or newer: update the server's TLS"},
    {"unsupported protocol", "{server} speaks no TLS that is safe, 1.2 or newer: update the server's TLS"},
    {"wrong version number", "what answers at {server} does not speak TLS: check that the port of Server= is the one for https"},
    {"packet length too long", "what answers at {server} does not speak TLS: check that the port of Server= is the one for https"},
    {"dh key too small", "the key exchange of {server} is too weak: update the server's TLS"},
    {"ee key too small", "the key of the certificate of {server} is too weak: make the certificate anew"},
    {"ca md too weak", "the certificate of {server} has a signature that is too weak: make the certificate anew"},
    {"legacy renegotiation disabled", "{server} knows only an unsafe form of TLS renegotiation: update the server's TLS"},
};

static char *
dup_day (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M UTC") : g_strdup ("?");
}

/* The Date of an answer says whether this machine's clock or the certificate is wrong. */
static char *
describe_clock (const OcsEnding *ending, const char *now)
{
  g_autofree char *date = dup_day (ending->date);

  return g_strdup_printf ("this machine's clock says %s, but the network says %s, so the certificate of {server} looks %s: set the clock",
                          now, date, ending->verify_result == HAS_EXPIRED ? "expired" : "not yet valid");
}

static char *
describe_dates (const OcsEnding *ending)
{
  const OcsPapers *papers = ending->papers;
  gboolean expired = ending->verify_result == HAS_EXPIRED;
  gint64 limit = papers != NULL ? (expired ? papers->not_after : papers->not_before) : 0;
  g_autofree char *now = dup_day (ending->now), *day = dup_day (limit);

  if (ending->date != 0 && ABS (ending->now - ending->date) > SKEW_MAX && limit != 0 && (ending->date > limit) != expired)
    return describe_clock (ending, now);
  if (limit == 0)
    return g_strdup (expired ? "the certificate of {server} has expired: renew it on the server, or set this machine's clock"
                             : "the certificate of {server} is not valid yet: set this machine's clock");
  if (expired && ending->date != 0)
    return g_strdup_printf ("the certificate of {server} expired on %s: renew it on the server", day);
  if (expired)
    return g_strdup_printf (
        "the certificate of {server} expired on %s and this machine's clock says %s: renew it on the server, or set the "
        "clock if it is wrong",
        day, now);
  return g_strdup_printf ("the certificate of {server} is valid from %s on and this machine's clock says %s: set the clock, or wait", day,
                          now);
}

/* A proxy that opens TLS signs with an authority of its own; so does a site's private one. Only the name tells people which it is. */
static char *
describe_authority (const OcsEnding *ending)
{
  const char *issuer = ending->papers != NULL ? ending->papers->issuer : NULL;
  const char *store = ending->system_ca ? "the system does not know: name a file with that authority's certificate in CaBundle="
                                        : "is not in CaBundle=: put that authority's certificate there";
  g_autofree char *who = issuer != NULL ? g_strdup_printf ("\"%s\"", issuer) : g_strdup ("an authority");

  if (ending->verify_result == SELF_SIGNED)
    return g_strdup_printf ("the certificate of {server} is signed by itself (%s)%s: put it into the file of CaBundle=", who,
                            ending->proxy != NULL ? ", or put there by proxy {proxy}" : "");
  if (ending->proxy != NULL)
    return g_strdup_printf (
        "the certificate of {server} is signed by %s, which %s if it is yours; if proxy {proxy} opens TLS, let it pass {server} untouched",
        who, store);
  return g_strdup_printf ("the certificate of {server} is signed by %s, which %s if it is yours", who, store);
}

static char *
describe_name (const OcsEnding *ending)
{
  if (ending->papers == NULL || ending->papers->names == NULL)
    return g_strdup ("the certificate of {server} is made out to another name: use the name in the certificate in Server=");
  return g_strdup_printf ("the certificate of {server} is made out to \"%s\": use that name in Server=, or make the certificate anew",
                          ending->papers->names);
}

static char *
describe_verify (const OcsEnding *ending)
{
  switch (ending->verify_result) {
  case NOT_YET_VALID:
  case HAS_EXPIRED:
    return describe_dates (ending);
  case 2: /* issuer not found, in its four forms */
  case SELF_SIGNED:
  case 19:
  case 20:
  case 21:
    return describe_authority (ending);
  case 62: /* name, address */
  case 64:
    return describe_name (ending);
  default:
    break;
  }
  for (guint i = 0; i < G_N_ELEMENTS (verify_rows); i++)
    if (ending->verify_result == verify_rows[i].result)
      return g_strdup_printf ("the certificate of {server} is not accepted: %s", verify_rows[i].text);
  /* libcurl looks at the name itself and leaves OpenSSL's result as it was: 0 where the chain is good, 1 at first. */
  return ending->verify_result <= 1 ? describe_name (ending) : NULL;
}

static gboolean
is_tls (CURLcode code)
{
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_CACERT_BADFILE
         || code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CIPHER || code == CURLE_SSL_ISSUER_ERROR
         || code == CURLE_SSL_INVALIDCERTSTATUS;
}

/* A server that hangs up on our certificate, or on none, may do so before its reason is read. */
static char *
describe_silence (const OcsEnding *ending)
{
  if (ending->papers == NULL || !ending->papers->asked || ending->status != 0)
    return NULL;
  return g_strdup (ending->client_cert
                       ? "{server} asked for a certificate of this machine and hung up on it: check ClientCert= in ocsinventory.ini"
                       : "{server} asked for a certificate of this machine and hung up without one: set ClientCert= and ClientKey=");
}

/* The certificate of a proxy that is spoken to over TLS. */
static char *
describe_proxy (const OcsEnding *ending)
{
  const OcsPapers *papers = ending->papers;
  const char *issuer = papers != NULL && papers->issuer != NULL ? papers->issuer : "an authority";

  if (ending->code != CURLE_PEER_FAILED_VERIFICATION)
    return g_strdup ("no TLS connection to proxy {proxy}: check that ProxyPort= speaks TLS, or set ProxyType=1");
  switch (ending->proxy_verify_result) {
  case HAS_EXPIRED:
    return g_strdup ("the certificate of proxy {proxy} has expired: renew it there, or set this machine's clock");
  case NOT_YET_VALID:
    return g_strdup ("the certificate of proxy {proxy} is not valid yet: set this machine's clock");
  case 2:
  case SELF_SIGNED:
  case 19:
  case 20:
  case 21:
    return g_strdup_printf ("the certificate of proxy {proxy} is signed by \"%s\", which %s if it is yours", issuer,
                            ending->proxy_system_ca ? "the system does not know: name a file with that authority's certificate in ProxyCa="
                                                    : "is not in ProxyCa=: put that authority's certificate there");
  default:
    break;
  }
  if (papers != NULL && papers->names != NULL)
    return g_strdup_printf ("the certificate of proxy {proxy} is made out to \"%s\": use that name in Proxy=", papers->names);
  return g_strdup ("the certificate of proxy {proxy} is not accepted: use the name in the certificate in Proxy=");
}

char *
ocs_distrust_describe (const OcsEnding *ending)
{
  const char *detail = ending->detail != NULL ? ending->detail : "";
  char *text = NULL;

  /* With TLS 1.3 the server's word on our certificate comes when we already read the answer. */
  if (!is_tls (ending->code) && (ending->code != CURLE_RECV_ERROR && ending->code != CURLE_SEND_ERROR && ending->code != CURLE_GOT_NOTHING))
    return NULL;
  if (ending->proxy_tls && is_tls (ending->code) && ending->connect_status == 0)
    return describe_proxy (ending);
  if (ending->code == CURLE_PEER_FAILED_VERIFICATION)
    text = describe_verify (ending);
  for (guint i = 0; i < G_N_ELEMENTS (detail_rows) && text == NULL; i++)
    if (strstr (detail, detail_rows[i].part) != NULL)
      return g_strdup (detail_rows[i].text);
  if (text != NULL)
    return text;
  if (!is_tls (ending->code))
    return describe_silence (ending);
  if (ending->code == CURLE_SSL_CACERT_BADFILE)
    return g_strdup ("no certificate can be read from the file in CaBundle=: it must be PEM text");
  if (ending->code == CURLE_SSL_CERTPROBLEM)
    return g_strdup ("the files in ClientCert= and ClientKey= cannot be used: they must be PEM, belong together and have no passphrase");
  return g_strdup_printf ("no TLS connection to {server} (%s): check that the port of Server= speaks https",
                          *detail != '\0' ? detail : curl_easy_strerror (ending->code));
}
