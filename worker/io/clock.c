/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/clock.h"
#include <sys/random.h>
#include <sys/utsname.h>
#include <time.h>

gint64
ocs_clock_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

gint64
ocs_clock_monotonic (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

gint64
ocs_clock_awake (void)
{
  return g_get_monotonic_time () / 1000;
}

double
ocs_clock_random (void)
{
  guint32 number;

  if (getrandom (&number, sizeof number, GRND_NONBLOCK) != sizeof number)
    number = g_random_int ();
  return number / (double)G_MAXUINT32;
}

char *
ocs_clock_host_name (void)
{
  struct utsname names;

  return g_strdup (uname (&names) == 0 && names.nodename[0] != '\0' ? names.nodename : "localhost");
}

static char *
read_line (const char *root, const char *name)
{
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_utf8_validate (text, -1, NULL))
    return NULL;
  g_strstrip (text);
  return text[0] != '\0' ? g_steal_pointer (&text) : NULL;
}

char *
ocs_clock_machine_id (const char *root)
{
  return read_line (root, "etc/machine-id");
}

char *
ocs_clock_firmware_uuid (const char *root)
{
  return read_line (root, "sys/class/dmi/id/product_uuid");
}

char *
ocs_clock_boot_id (void)
{
  return read_line ("/", "proc/sys/kernel/random/boot_id");
}
