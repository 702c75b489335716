/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libvirt's files: units, states, and what is none of its machines. */
#include "ipc/error.h"
#include "worker/inventory/guest.h"
#include <string.h>

static OcsGuest *
parse (const char *text, GError **error)
{
  return ocs_libvirt_parse (text, strlen (text), error);
}

static void
test_units (void)
{
  static const struct {
    const char *text;
    gint64 megabytes;
  } rows[] = {
      {"<memory>1048576</memory>", 1024},
      {"<memory unit='KiB'>2048</memory>", 2},
      {"<memory unit='b'>1048576</memory>", 1},
      {"<memory unit='GiB'>3</memory>", 3072},
      {"<memory unit='G'>1</memory>", 1024},
      {"<memory unit='MB'>100</memory>", 95},
      {"<memory unit='TiB'>2</memory><currentMemory unit='MiB'> 512 </currentMemory>", 512},
      {"<memory unit='TiB'>99999999999999</memory>", 0},
      {"<memory>-5</memory>", 0},
      {"", 0},
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = g_strdup_printf ("<domain type='qemu'><name>x</name>%s</domain>", rows[i].text);
    g_autoptr (OcsGuest) guest = parse (text, NULL);
    g_assert_cmpint (guest->memory_mb, ==, rows[i].megabytes);
  }
}

static void
test_states (void)
{
  g_autoptr (OcsGuest) off = parse ("<domain type='kvm'><name>a</name><uuid>u</uuid><vcpu current='1'>8</vcpu></domain>", NULL);
  g_autoptr (OcsGuest) paused = parse ("<domstatus state='paused'><x/><domain type='lxc'><name>b</name></domain></domstatus>", NULL);
  g_assert_cmpstr (off->status, ==, "off");
  g_assert_cmpstr (off->uuid, ==, "u");
  g_assert_cmpstr (off->type, ==, "kvm");
  g_assert_cmpint (off->vcpu, ==, 8);
  g_assert_cmpstr (paused->status, ==, "paused");
  g_assert_null (paused->uuid);
}

static void
test_others (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (parse ("<network><name>default</name></network>", &error));
  g_assert_null (parse ("<domstatus/>", &error));
  g_assert_null (parse ("<domain type='kvm'><name> </name></domain>", &error));
  g_assert_no_error (error);
  g_assert_null (parse ("<domain", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/libvirt/units", test_units);
  g_test_add_func ("/libvirt/states", test_states);
  g_test_add_func ("/libvirt/others", test_others);
  return g_test_run ();
}
