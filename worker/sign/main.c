/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocs-sign: signs packages on the server for machines that take signed ones only. */
#define G_LOG_DOMAIN "ocs-sign"
#include "ipc/error.h"
#include "worker/sign/newkey.h"
#include "worker/sign/parcel.h"

#include <locale.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

#define NAME "OCS Inventory packages"

typedef struct {
  char *key;         /* owned, nullable */
  char *certificate; /* owned, nullable */
  char *postcmd;     /* owned, nullable */
  char *name;        /* owned, nullable */
  gboolean new_key;
  gboolean check;
  gboolean print;
  gboolean version;
  char **folders; /* owned, nullable */
} Options;

static void
options_clear (Options *options)
{
  g_free (options->key);
  g_free (options->certificate);
  g_free (options->postcmd);
  g_free (options->name);
  g_strfreev (options->folders);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static int
usage (const char *message)
{
  g_printerr ("ocs-sign: %s; see --help\n", message);
  return 2;
}

static int
fail (const GError *error)
{
  g_printerr ("ocs-sign: %s\n", error->message);
  return 1;
}

static char *
read_pem (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  char *text = NULL;

  if (g_file_get_contents (path, &text, NULL, &local))
    return text;
  g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "cannot read %s", local->message);
  return NULL;
}

static void
wipe (char *secret)
{
  if (secret != NULL)
    OPENSSL_cleanse (secret, strlen (secret));
  g_free (secret);
}

/* Asks for the passphrase where the key has one, once for all packages. */
static char *
read_key (const char *path, GError **error)
{
  char *text = read_pem (path, error);
  BIO *from, *to;
  EVP_PKEY *key;
  char *plain = NULL, *bytes = NULL;

  if (text == NULL || strstr (text, "ENCRYPTED") == NULL)
    return text;
  from = BIO_new_mem_buf (text, -1);
  to = BIO_new (BIO_s_secmem ());
  key = PEM_read_bio_PrivateKey (from, NULL, NULL, NULL);
  if (key != NULL && PEM_write_bio_PrivateKey (to, key, NULL, NULL, 0, NULL, NULL) == 1) {
    long length = BIO_get_mem_data (to, &bytes);

    plain = g_strndup (bytes, (gsize)length);
  } else {
    g_set_error (error, OCS_ERROR, OCS_ERROR_DENIED, "the key %s cannot be opened: its passphrase is another", path);
  }
  EVP_PKEY_free (key);
  BIO_free (from);
  BIO_free (to);
  wipe (text);
  return plain;
}

/* key: NULL to check only. */
static gboolean
do_one (const Options *options, const char *folder, const char *key, const char *certificate, GError **error)
{
  g_autoptr (OcsParcel) parcel = ocs_parcel_open (folder, options->postcmd, error);

  if (parcel == NULL)
    return FALSE;
  if (options->print)
    return fputs (parcel->text, stdout) >= 0 && fflush (stdout) == 0;
  if (key != NULL && !ocs_parcel_sign (parcel, key, certificate, error))
    return FALSE;
  /* What was just written is read again as a machine will. */
  if (!ocs_parcel_check (parcel, certificate, error)) {
    g_prefix_error (error, "%s: ", parcel->folder);
    return FALSE;
  }
  g_print ("%s: %s, %s%s%s\n", parcel->folder, key != NULL ? "signed" : "the signature is right", ocs_action_name (parcel->info->action),
           options->postcmd != NULL ? ", then " : "", options->postcmd != NULL ? options->postcmd : "");
  if (key != NULL && g_str_equal (parcel->info->digest_algo, "MD5"))
    g_print ("%s: its digest is MD5, as the console makes it: sign only archives that you packed yourself\n", parcel->folder);
  return TRUE;
}

static int
do_folders (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *certificate = options->print ? NULL : read_pem (options->certificate, &error);
  char *key = options->key != NULL && error == NULL ? read_key (options->key, &error) : NULL;
  int status = 0;

  if (error != NULL) {
    wipe (key);
    return fail (error);
  }
  for (guint i = 0; options->folders[i] != NULL; i++) {
    g_autoptr (GError) problem = NULL;

    if (!do_one (options, options->folders[i], key, certificate, &problem))
      status = fail (problem);
  }
  wipe (key);
  return status;
}

static int
do_new_key (const Options *options)
{
  g_autoptr (GError) error = NULL;

  if (!ocs_newkey_write (options->key, options->certificate, options->name != NULL ? options->name : NAME, &error))
    return fail (error);
  g_print ("%s: keep it secret and keep a copy; with a passphrase: openssl pkey -aes256 -in %s -out NEW\n"
           "%s: give it to each machine, and name it there: RequireSignature=/etc/ocs-companion/signers.pem\n",
           options->key, options->key, options->certificate);
  return 0;
}

static int
act (const Options *options)
{
  gboolean has_folders = options->folders != NULL && options->folders[0] != NULL;

  if (options->new_key + options->check + options->print > 1)
    return usage ("say one of --new-key, --check and --print");
  if (options->new_key)
    return options->key != NULL && options->certificate != NULL && !has_folders ? do_new_key (options)
                                                                                : usage ("--new-key needs --key and --cert, two new files");
  if (!has_folders)
    return usage ("name the folder of a package, such as /var/lib/ocsinventory-reports/download/1700000001");
  if (!options->print && options->certificate == NULL)
    return usage ("name the certificate by --cert");
  if (options->check == (options->key != NULL) && !options->print)
    return usage (options->check ? "--check needs no key" : "name the key by --key");
  return do_folders (options);
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = {NULL};
  const GOptionEntry entries[] = {
      {"key", 0, 0, G_OPTION_ARG_FILENAME, &options.key, "Private key to sign with, PEM", "FILE"},
      {"cert", 0, 0, G_OPTION_ARG_FILENAME, &options.certificate, "Its certificate, PEM", "FILE"},
      {"postcmd", 0, 0, G_OPTION_ARG_STRING, &options.postcmd, "What POSTCMD will be when the package is affected", "COMMAND"},
      {"check", 0, 0, G_OPTION_ARG_NONE, &options.check, "Only check the signatures that are there", NULL},
      {"print", 0, 0, G_OPTION_ARG_NONE, &options.print, "Only print what is signed, byte by byte, for another program to sign", NULL},
      {"new-key", 0, 0, G_OPTION_ARG_NONE, &options.new_key, "Make a key and its certificate", NULL},
      {"name", 0, 0, G_OPTION_ARG_STRING, &options.name, "Name in the new certificate (" NAME ")", "NAME"},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options.version, "Print the version and exit", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.folders, NULL, "FOLDER…"},
      {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_set_summary (context, "Signs packages where they lie on the server; FOLDER holds info and the fragments.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return usage (error->message);
  if (options.version)
    return printf ("ocs-sign %s\n", OCS_VERSION) > 0 ? 0 : 1;
  return act (&options);
}
