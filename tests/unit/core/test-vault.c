/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/vault.h"

#include <string.h>

static const guint8 iv[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static void
assert_opens (const char *stored, const char *expected)
{
  g_autoptr (GError) error = NULL;
  char *plain = ocs_vault_open_windows (stored, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plain, ==, expected);
  ocs_secret_free (plain);
}

static void
assert_closed (const char *stored)
{
  g_autoptr (GError) error = NULL;
  char *plain = ocs_vault_open_windows (stored, &error);

  g_assert_null (plain);
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_assert_null (strstr (error->message, "||"));
}

/* Without a NUL byte: the samples of the documentation. With one: made by openssl enc. */
static void
test_vectors (void)
{
  assert_opens ("EdJdsJc6fNXRXzMlaDblzQ==|||E02L5EtgtxzUSEPp98J25Q==", "vip");
  assert_opens ("BHC2aWyaiD5Pgl1UmLXBmw==|||NH5R4H3hZiDiDFkVezPAVQ==", "roxor");
  assert_opens ("AAECAwQFBgcICQoLDA0ODw==|||VS5Z8j36KuuqhxzAI5wscw==", "proxyuser");
  assert_opens ("AAECAwQFBgcICQoLDA0ODw==|||3e8qpYOgiOt862xQejkRbg==", "S3cret!pw");
  assert_opens ("", "");
}

static void
test_seal (void)
{
  g_autofree char *user = ocs_vault_seal_windows ("proxyuser", iv);
  g_autofree char *password = ocs_vault_seal_windows ("S3cret!pw", iv);

  g_assert_cmpstr (user, ==, "AAECAwQFBgcICQoLDA0ODw==|||VS5Z8j36KuuqhxzAI5wscw==");
  g_assert_cmpstr (password, ==, "AAECAwQFBgcICQoLDA0ODw==|||3e8qpYOgiOt862xQejkRbg==");
}

static void
test_round_trip (void)
{
  const char *const texts[] = {"", "x", "exactly15bytes!", "sixteen bytes!!!", "Grüße", "пароль", "a:b=c|||d"};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *sealed = ocs_vault_seal_windows (texts[i], iv);

    assert_opens (sealed, texts[i]);
  }
  for (guint length = 0; length < 100; length++) {
    g_autofree char *text = g_strnfill (length, 'p');
    g_autofree char *sealed = ocs_vault_seal_windows (text, iv);

    assert_opens (sealed, text);
  }
}

/* Latin-1 goes out as one byte: the Windows agent reads byte by byte. */
static void
test_latin1 (void)
{
  g_autofree char *accented = ocs_vault_seal_windows ("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", iv);

  g_assert_cmpuint (strlen (accented), ==, strlen ("AAECAwQFBgcICQoLDA0ODw==|||VS5Z8j36KuuqhxzAI5wscw=="));
  assert_opens (accented, "éééééééé");
}

static void
test_fails_closed (void)
{
  g_autofree char *huge = g_strnfill (100000, 'A');
  g_autofree char *long_value = g_strconcat ("AAECAwQFBgcICQoLDA0ODw==|||", huge, NULL);

  assert_closed ("vip");
  assert_closed ("|||");
  assert_closed ("EdJdsJc6fNXRXzMlaDblzQ==|||");
  assert_closed ("|||E02L5EtgtxzUSEPp98J25Q==");
  assert_closed ("EdJdsJc6fNXRXzMlaDblzQ==|||E02L5EtgtxzUSEPp98J25Q");        /* cut */
  assert_closed ("EdJdsJc6fNXRXzMlaDblzQ==|||E02L5Etg txzUSEPp98J25Q==");     /* blank */
  assert_closed ("EdJdsJc6fNXRXzMlaDblz===|||E02L5EtgtxzUSEPp98J25Q==");      /* too much padding */
  assert_closed ("AAAA|||E02L5EtgtxzUSEPp98J25Q==");                          /* short IV */
  assert_closed ("EdJdsJc6fNXRXzMlaDblzQ==|||AAAA");                          /* not a block */
  assert_closed ("EdJdsJc6fNXRXzMlaDblzQ==|||F02L5EtgtxzUSEPp98J25Q==");      /* another ciphertext */
  assert_closed ("EdJdsJc6fNXRXzMlaDblzQ==|||E02L5EtgtxzUSEPp98J25Q==|||AA"); /* a third part */
  assert_closed (long_value);
}

/* What decrypts to control characters was not a login: here the first byte of the IV turns "vip" into "\tip". */
static void
test_control (void)
{
  guint8 other[16] = {0};
  g_autofree char *sealed = ocs_vault_seal_windows ("vip", other);
  g_autofree char *text = NULL;

  other[0] = 'v' ^ '\t';
  text = g_base64_encode (other, sizeof other);
  memcpy (sealed, text, strlen (text));
  assert_closed (sealed);
}

/* WindowsAgent OcsUtils.cpp: a Base64 text without a padding sign is refused. */
static void
test_readable_on_windows (void)
{
  for (gsize length = 0; length < 130; length++) {
    g_autofree char *plain = g_strnfill (length, 'x');
    g_autofree char *sealed = ocs_vault_seal_windows (plain, iv);

    g_assert_cmpint (ocs_vault_is_readable_on_windows (plain), ==, g_str_has_suffix (sealed, "="));
  }
  g_assert_true (ocs_vault_is_readable_on_windows ("pässwört"));
  g_assert_false (ocs_vault_is_readable_on_windows ("пароль"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/vectors", test_vectors);
  g_test_add_func ("/vault/seal", test_seal);
  g_test_add_func ("/vault/round-trip", test_round_trip);
  g_test_add_func ("/vault/latin1", test_latin1);
  g_test_add_func ("/vault/fails-closed", test_fails_closed);
  g_test_add_func ("/vault/control", test_control);
  g_test_add_func ("/vault/readable-on-windows", test_readable_on_windows);
  return g_test_run ();
}
