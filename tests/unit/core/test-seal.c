/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/seal.h"
#include "worker/core/vault.h"

#include <string.h>

static const guint8 key[OCS_SEAL_KEY_SIZE] = {1, 2, 3, 4};
static const guint8 other[OCS_SEAL_KEY_SIZE] = {1, 2, 3, 5};
static const guint8 nonce[OCS_SEAL_NONCE_SIZE] = {9, 8, 7};

static void
assert_closed (const char *stored, const char *place, const guint8 *with)
{
  g_autoptr (GError) error = NULL;
  char *plain = ocs_seal_open (stored, place, with, &error);

  g_assert_null (plain);
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_assert_null (strstr (error->message, "aes"));
}

static void
test_round (void)
{
  const char *const texts[] = {"", "x y", "S3cret!pw", "pässwört €", "a b\"c'd=;#|||"};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *sealed = ocs_seal_close (texts[i], "ProxyPwd", key, nonce);
    char *plain = ocs_seal_open (sealed, "ProxyPwd", key, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (plain, ==, texts[i]);
    g_assert_true (ocs_seal_is_sealed (sealed));
    g_assert_true (*texts[i] == '\0' || strstr (sealed, texts[i]) == NULL);
    ocs_secret_free (plain);
  }
}

static void
test_bound (void)
{
  g_autofree char *sealed = ocs_seal_close ("roxor", "ProxyPwd", key, nonce);

  assert_closed (sealed, "ProxyUser", key);
  assert_closed (sealed, "ProxyPwd", other);
  assert_closed (sealed, "ProxyPwd", NULL);
}

/* Not one bit may be changed, nor anything added or taken away. */
static void
test_damaged (void)
{
  g_autofree char *sealed = ocs_seal_close ("roxor", "ProxyPwd", key, nonce);
  const char *text = strchr (sealed, '}') + 1;
  gsize size = 0;
  g_autofree guint8 *bytes = g_base64_decode (text, &size);
  g_autofree char *longer = g_strconcat (sealed, "AAAA", NULL);
  g_autofree char *blank = g_strconcat (sealed, " ", NULL);

  for (gsize i = 0; i < size * 8; i++) {
    g_autofree char *base = NULL;
    g_autofree char *changed = NULL;

    bytes[i / 8] ^= (guint8)(1 << (i % 8));
    base = g_base64_encode (bytes, size);
    changed = g_strconcat ("{aes-256-gcm}", base, NULL);
    assert_closed (changed, "ProxyPwd", key);
    bytes[i / 8] ^= (guint8)(1 << (i % 8));
  }
  assert_closed (longer, "ProxyPwd", key);
  assert_closed (blank, "ProxyPwd", key);
  assert_closed ("{aes-256-gcm}", "ProxyPwd", key);
  assert_closed ("{aes-256-gcm}AAAA", "ProxyPwd", key);
}

static void
test_limits (void)
{
  g_autofree char *most = g_strnfill (OCS_SEAL_PLAIN_MAX, 'x');
  g_autofree char *more = g_strnfill (OCS_SEAL_PLAIN_MAX + 1, 'x');
  g_autofree char *sealed = ocs_seal_close (most, "Pwd", key, nonce);
  g_autofree char *dirty = ocs_seal_close ("a\nb", "Pwd", key, nonce);
  g_autoptr (GError) error = NULL;
  char *plain = ocs_seal_open (sealed, "Pwd", key, &error);

  g_assert_cmpstr (plain, ==, most);
  ocs_secret_free (plain);
  g_assert_null (ocs_seal_close (more, "Pwd", key, nonce));
  assert_closed (dirty, "Pwd", key);
  g_assert_false (ocs_seal_is_sealed ("EdJdsJc6fNXRXzMlaDblzQ==|||E02L5EtgtxzUSEPp98J25Q=="));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/round", test_round);
  g_test_add_func ("/seal/bound", test_bound);
  g_test_add_func ("/seal/damaged", test_damaged);
  g_test_add_func ("/seal/limits", test_limits);
  return g_test_run ();
}
