/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines of qemu and VirtualBox. */
#include "worker/inventory/guest.h"

#define PARSE(text) ocs_processes_parse (text, sizeof text - 1)

static void
test_qemu (void)
{
  static const char full[] =
      "/usr/bin/qemu-system-x86_64\0-name\0guest=web,debug-threads=on\0-machine\0pc,accel=kvm\0-m\0size=2097152k,slots=2\0"
      "-smp\0cpus=4,cores=2\0-uuid\0u-1";
  static const char brief[] = "kvm\0-name\0db\0-m\0004096\0-smp\0002";
  static const char least[] = "qemu-system-aarch64\0--uuid\0u-2\0-accel\0kvm";
  static const char tail[] = "qemu-kvm\0-name";
  g_autoptr (OcsGuest) one = PARSE (full);
  g_autoptr (OcsGuest) two = PARSE (brief);
  g_autoptr (OcsGuest) three = PARSE (least);
  g_assert_cmpstr (one->name, ==, "web");
  g_assert_cmpstr (one->uuid, ==, "u-1");
  g_assert_cmpstr (one->type, ==, "kvm");
  g_assert_cmpint (one->memory_mb, ==, 2048);
  g_assert_cmpint (one->vcpu, ==, 4);
  g_assert_cmpstr (two->name, ==, "db");
  g_assert_cmpstr (two->type, ==, "qemu");
  g_assert_cmpint (two->memory_mb, ==, 4096);
  g_assert_cmpint (two->vcpu, ==, 2);
  g_assert_cmpstr (three->name, ==, "u-2");
  g_assert_cmpstr (three->type, ==, "kvm");
  g_assert_cmpint (three->memory_mb, ==, 128);
  g_assert_null (PARSE (tail));
}

static void
test_virtualbox (void)
{
  static const char text[] = "/usr/lib/virtualbox/VBoxHeadless\0--comment\0files\0--startvm\0u-3\0";
  g_autoptr (OcsGuest) guest = PARSE (text);
  g_assert_cmpstr (guest->name, ==, "files");
  g_assert_cmpstr (guest->uuid, ==, "u-3");
  g_assert_cmpstr (guest->subsystem, ==, "VirtualBox");
}

static void
test_others (void)
{
  g_assert_null (PARSE ("bash\0-c\0qemu-system-x86_64 -name x"));
  g_assert_null (PARSE ("qemu-img\0create\0-name\0x"));
  g_assert_null (PARSE ("\0\0\0"));
  g_assert_null (ocs_processes_parse ("", 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/processes/qemu", test_qemu);
  g_test_add_func ("/processes/virtualbox", test_virtualbox);
  g_test_add_func ("/processes/others", test_others);
  return g_test_run ();
}
