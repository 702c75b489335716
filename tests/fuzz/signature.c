/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a package's signature, and as the file of who may sign: never right without the key. */
#include "worker/core/signature.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const char signer[] = "-----BEGIN CERTIFICATE-----\n"
                             "MIIBcjCCARegAwIBAgIUSlZnCPa7jRx2r+HdA3CtKieDwSkwCgYIKoZIzj0EAwIw\n"
                             "DjEMMAoGA1UEAwwDb25lMB4XDTI2MTEyMjE3NDAyOVoXDTI2MTEyMzE3NDAyOVow\n"
                             "DjEMMAoGA1UEAwwDb25lMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEF1BS3aTt\n"
                             "wuCtXDInxu3+7SUJxaTuZvtihomS/xiiKPkYv5yud13xaH8XsEUHjIHRKJamqx9n\n"
                             "F7RpkrgXooxko6NTMFEwHQYDVR0OBBYEFIH4X2IU+EK4NXF5xCssl8YDJ0RlMB8G\n"
                             "A1UdIwQYMBaAFIH4X2IU+EK4NXF5xCssl8YDJ0RlMA8GA1UdEwEB/wQFMAMBAf8w\n"
                             "CgYIKoZIzj0EAwIDSQAwRgIhAOS3cvbbwBZ0jAl0eNnvgKIi5mdf0TRVzyPQTVbU\n"
                             "eYIwAiEAwpyoBUmEQv2WI6erG/I8Bd4iVh5kKqzZv4wr/KhlYNw=\n"
                             "-----END CERTIFICATE-----\n";

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *pem = g_strndup ((const char *)data, size);

  if (ocs_signature_check (signer, data, size, "OCS-COMPANION-PACKAGE 1\n", NULL)
      || ocs_signature_check (pem, data, size, "OCS-COMPANION-PACKAGE 1\n", NULL))
    __builtin_trap ();
  return 0;
}
