/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/cpuinfo.h"

static void
test_x86 (void)
{
  g_autoptr (GPtrArray) cpus = ocs_cpuinfo_parse (
      "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) i5-1135G7 @ 2.40GHz\ncpu MHz\t\t: 2399.6\n"
      "physical id\t: 0\ncore id\t\t: 3\nflags\t\t: fpu lm sse\n\nprocessor\t: 1\nvendor_id\t: AuthenticAMD\nflags\t: lmx\n");
  g_assert_cmpuint (cpus->len, ==, 2);
  const OcsCpu *first = g_ptr_array_index (cpus, 0);
  g_assert_cmpint (first->number, ==, 0);
  g_assert_cmpint (first->package, ==, 0);
  g_assert_cmpint (first->core, ==, 3);
  g_assert_cmpint (first->mhz, ==, 2400);
  g_assert_true (first->is_wide);
  g_assert_cmpstr (ocs_cpuinfo_vendor_name (first), ==, "Intel");
  g_autofree char *model = ocs_cpuinfo_model_name (first);
  g_assert_cmpstr (model, ==, "Intel(R) Core(TM) i5-1135G7 @ 2.40GHz");
  const OcsCpu *second = g_ptr_array_index (cpus, 1);
  g_assert_cmpint (second->package, ==, -1);
  g_assert_false (second->is_wide);
  g_assert_cmpstr (ocs_cpuinfo_vendor_name (second), ==, "AMD");
}

static void
test_arm (void)
{
  g_autoptr (GPtrArray) cpus = ocs_cpuinfo_parse ("processor\t: 0\nBogoMIPS\t: 108.00\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n\n"
                                                  "processor\t: 1\nCPU implementer\t: 0x61\nCPU part\t: 0x022\n\nHardware\t: BCM2835\n");
  g_assert_cmpuint (cpus->len, ==, 2);
  g_autofree char *known = ocs_cpuinfo_model_name (g_ptr_array_index (cpus, 0));
  g_assert_cmpstr (known, ==, "Cortex-A72");
  g_assert_cmpstr (ocs_cpuinfo_vendor_name (g_ptr_array_index (cpus, 0)), ==, "ARM");
  g_autofree char *unknown = ocs_cpuinfo_model_name (g_ptr_array_index (cpus, 1));
  g_assert_cmpstr (unknown, ==, "implementer 0x61 part 0x022");
  g_assert_cmpstr (ocs_cpuinfo_vendor_name (g_ptr_array_index (cpus, 1)), ==, "Apple");
}

static void
test_garbage (void)
{
  g_autoptr (GPtrArray) none = ocs_cpuinfo_parse (NULL);
  g_assert_cmpuint (none->len, ==, 0);
  g_autoptr (GPtrArray) noise = ocs_cpuinfo_parse (":\nprocessor : x\nprocessor\nvendor_id : early\n\xff\xfe:\x80");
  g_assert_cmpuint (noise->len, ==, 0);
  g_autoptr (GPtrArray) odd = ocs_cpuinfo_parse ("processor : 99999999999999999999\ncpu MHz : nan\ncore id : -7\nCPU part : 0x");
  g_assert_cmpuint (odd->len, ==, 1);
  const OcsCpu *cpu = g_ptr_array_index (odd, 0);
  g_assert_cmpint (cpu->number, ==, G_MAXINT32);
  g_assert_cmpint (cpu->core, ==, -1);
}

static void
test_mhz (void)
{
  g_assert_cmpint (ocs_cpuinfo_model_mhz ("X @ 2.60GHz"), ==, 2600);
  g_assert_cmpint (ocs_cpuinfo_model_mhz ("X @ 800MHz"), ==, 800);
  g_assert_cmpint (ocs_cpuinfo_model_mhz ("X @ 1.8 GHz"), ==, 1800);
  g_assert_cmpint (ocs_cpuinfo_model_mhz ("AMD EPYC 7763"), ==, 0);
  g_assert_cmpint (ocs_cpuinfo_model_mhz ("X @ fastGHz"), ==, 0);
  g_assert_cmpint (ocs_cpuinfo_model_mhz ("X @ nanGHz"), ==, 0);
  g_assert_cmpint (ocs_cpuinfo_model_mhz ("@"), ==, 0);
  g_assert_cmpint (ocs_cpuinfo_model_mhz (NULL), ==, 0);
}

static void
test_other_processors (void)
{
  g_autoptr (GPtrArray) power = ocs_cpuinfo_parse ("processor\t: 0\ncpu\t\t: POWER9 (raw), altivec supported\nclock\t\t: 2750.600000MHz\n");
  g_autoptr (GPtrArray) risc = ocs_cpuinfo_parse ("processor\t: 0\nuarch\t: sifive,u74-mc\n\nprocessor\t: 1\nuarch\t:\n");
  g_autoptr (GPtrArray) twice = ocs_cpuinfo_parse ("processor\t: 0\nvendor_id\t: a\nuarch\t: b,c\n");
  g_autoptr (GPtrArray) mainframe = ocs_cpuinfo_parse (
      "vendor_id       : IBM/S390\nprocessor 0: version = FF,  machine = 3931\nprocessor 1: x\n\n"
      "cpu number      : 1\ncpu MHz static  : 5200\n\ncpu number : 0\ncpu MHz static : -1\n\ncpu number : 9\ncpu MHz static : 1\n");
  const OcsCpu *cpu = power->pdata[0];
  g_assert_cmpstr (cpu->model, ==, "POWER9 (raw)");
  g_assert_cmpstr (cpu->vendor, ==, "IBM");
  g_assert_cmpint (cpu->mhz, ==, 2751);
  cpu = risc->pdata[0];
  g_assert_cmpstr (cpu->model, ==, "sifive,u74-mc");
  g_assert_cmpstr (cpu->vendor, ==, "sifive");
  cpu = twice->pdata[0];
  g_assert_cmpstr (cpu->vendor, ==, "a");
  g_assert_cmpuint (mainframe->len, ==, 2);
  cpu = mainframe->pdata[0];
  g_assert_cmpstr (cpu->model, ==, "IBM Z, machine type 3931");
  g_assert_cmpint (cpu->mhz, ==, 0);
  cpu = mainframe->pdata[1];
  g_assert_null (cpu->model);
  g_assert_cmpint (cpu->mhz, ==, 5200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cpuinfo/x86", test_x86);
  g_test_add_func ("/cpuinfo/arm", test_arm);
  g_test_add_func ("/cpuinfo/garbage", test_garbage);
  g_test_add_func ("/cpuinfo/mhz", test_mhz);
  g_test_add_func ("/cpuinfo/other-processors", test_other_processors);
  return g_test_run ();
}
