/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See cpuinfo.h. */
#include "worker/inventory/cpuinfo.h"
#include <string.h>

static const struct {
  int implementer;
  const char *name;
} implementers[] = {
    {0x41, "ARM"},      {0x42, "Broadcom"}, {0x43, "Cavium"},  {0x46, "Fujitsu"}, {0x48, "HiSilicon"}, {0x4e, "NVIDIA"}, {0x50, "APM"},
    {0x51, "Qualcomm"}, {0x53, "Samsung"},  {0x56, "Marvell"}, {0x61, "Apple"},   {0x6d, "Microsoft"}, {0xc0, "Ampere"},
};

/* Cores of ARM itself (MIDR_EL1, part number). */
static const struct {
  int part;
  const char *name;
} arm_parts[] = {
    {0xc07, "Cortex-A7"},   {0xc09, "Cortex-A9"},   {0xc0f, "Cortex-A15"},  {0xd03, "Cortex-A53"},  {0xd04, "Cortex-A35"},
    {0xd05, "Cortex-A55"},  {0xd07, "Cortex-A57"},  {0xd08, "Cortex-A72"},  {0xd09, "Cortex-A73"},  {0xd0a, "Cortex-A75"},
    {0xd0b, "Cortex-A76"},  {0xd0c, "Neoverse-N1"}, {0xd0d, "Cortex-A77"},  {0xd40, "Neoverse-V1"}, {0xd41, "Cortex-A78"},
    {0xd44, "Cortex-X1"},   {0xd46, "Cortex-A510"}, {0xd47, "Cortex-A710"}, {0xd48, "Cortex-X2"},   {0xd49, "Neoverse-N2"},
    {0xd4d, "Cortex-A715"}, {0xd4e, "Cortex-X3"},   {0xd4f, "Neoverse-V2"},
};

static void
cpu_free (gpointer data)
{
  OcsCpu *cpu = data;
  g_free (cpu->vendor);
  g_free (cpu->model);
  g_free (cpu);
}

static OcsCpu *
cpu_new (int number)
{
  OcsCpu *cpu = g_new0 (OcsCpu, 1);
  *cpu = (OcsCpu) {.number = number, .package = -1, .core = -1, .implementer = -1, .part = -1};
  return cpu;
}

static int
to_int (const char *text)
{
  gint64 value = g_ascii_strtoll (text, NULL, g_str_has_prefix (text, "0x") ? 16 : 10);
  return (int)CLAMP (value, -1, G_MAXINT32);
}

static gboolean
has_word (const char *text, const char *word)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  return g_strv_contains ((const char *const *)words, word);
}

/* What POWER, RISC-V and s390x say. */
static void
take_other (OcsCpu *cpu, const char *key, const char *value)
{
  if (g_str_equal (key, "cpu MHz static"))
    cpu->mhz = MAX (to_int (value), 0);
  else if (g_str_equal (key, "clock"))
    cpu->mhz = (int)(CLAMP (g_ascii_strtod (value, NULL), 0.0, 1e6) + 0.5);
  else if (g_str_equal (key, "cpu") && cpu->model == NULL) {
    cpu->model = g_strndup (value, strcspn (value, ","));
    if (cpu->vendor == NULL && g_str_has_prefix (value, "POWER"))
      cpu->vendor = g_strdup ("IBM");
  } else if (g_str_equal (key, "uarch") && cpu->model == NULL) {
    cpu->model = g_strdup (value);
    if (cpu->vendor == NULL && strchr (value, ',') != NULL)
      cpu->vendor = g_strndup (value, strcspn (value, ","));
  }
}

static void
take (OcsCpu *cpu, const char *key, const char *value)
{
  if (g_str_equal (key, "physical id"))
    cpu->package = to_int (value);
  else if (g_str_equal (key, "core id"))
    cpu->core = to_int (value);
  else if (g_str_equal (key, "cpu MHz"))
    cpu->mhz = (int)(CLAMP (g_ascii_strtod (value, NULL), 0.0, 1e6) + 0.5);
  else if (g_str_equal (key, "CPU implementer"))
    cpu->implementer = to_int (value);
  else if (g_str_equal (key, "CPU part"))
    cpu->part = to_int (value);
  else if (g_str_equal (key, "flags"))
    cpu->is_wide = has_word (value, "lm");
  else if (g_str_equal (key, "vendor_id") && cpu->vendor == NULL)
    cpu->vendor = g_strdup (value);
  else if (g_str_equal (key, "model name") && cpu->model == NULL)
    cpu->model = g_strdup (value);
  else
    take_other (cpu, key, value);
}

/* "processor 0: version = FF,  identification = 1234AB,  machine = 3931", of s390x. */
static OcsCpu *
mainframe_cpu (const char *key, const char *value)
{
  const char *machine = strstr (value, "machine = ");
  OcsCpu *cpu = cpu_new (to_int (key + strlen ("processor ")));
  cpu->vendor = g_strdup ("IBM");
  if (machine != NULL)
    cpu->model = g_strdup_printf ("IBM Z, machine type %.*s", (int)strspn (machine + 10, "0123456789"), machine + 10);
  return cpu;
}

static OcsCpu *
find_number (const GPtrArray *cpus, int number)
{
  for (guint i = 0; i < cpus->len; i++)
    if (((OcsCpu *)cpus->pdata[i])->number == number)
      return cpus->pdata[i];
  return NULL;
}

GPtrArray *
ocs_cpuinfo_parse (const char *text)
{
  GPtrArray *cpus = g_ptr_array_new_with_free_func (cpu_free);
  OcsCpu *cpu = NULL;
  while (text != NULL && *text != '\0') {
    gsize length = strcspn (text, "\n");
    g_autofree char *line = g_strndup (text, length);
    char *colon = strchr (line, ':');
    text += length + (text[length] == '\n');
    if (colon == NULL)
      continue;
    *colon = '\0';
    const char *key = g_strstrip (line);
    const char *value = g_strstrip (colon + 1);
    if (g_str_equal (key, "processor") && g_ascii_isdigit (*value)) {
      cpu = cpu_new (to_int (value));
      g_ptr_array_add (cpus, cpu);
    } else if (g_str_has_prefix (key, "processor ") && g_ascii_isdigit (key[strlen ("processor ")])) {
      cpu = mainframe_cpu (key, value);
      g_ptr_array_add (cpus, cpu);
    } else if (g_str_equal (key, "cpu number")) {
      cpu = find_number (cpus, to_int (value));
    } else if (cpu != NULL) {
      take (cpu, key, value);
    }
  }
  return cpus;
}

const char *
ocs_cpuinfo_vendor_name (const OcsCpu *cpu)
{
  for (guint i = 0; i < G_N_ELEMENTS (implementers); i++)
    if (implementers[i].implementer == cpu->implementer)
      return implementers[i].name;
  if (cpu->vendor == NULL)
    return NULL;
  if (g_str_has_prefix (cpu->vendor, "Genuine"))
    return cpu->vendor + strlen ("Genuine");
  return g_str_has_prefix (cpu->vendor, "Authentic") ? cpu->vendor + strlen ("Authentic") : cpu->vendor;
}

char *
ocs_cpuinfo_model_name (const OcsCpu *cpu)
{
  if (cpu->model != NULL || cpu->part < 0)
    return g_strdup (cpu->model);
  for (guint i = 0; i < G_N_ELEMENTS (arm_parts); i++)
    if (cpu->implementer == 0x41 && arm_parts[i].part == cpu->part)
      return g_strdup (arm_parts[i].name);
  return g_strdup_printf ("implementer 0x%02x part 0x%03x", (guint)cpu->implementer, (guint)cpu->part);
}

int
ocs_cpuinfo_model_mhz (const char *model)
{
  const char *at = model == NULL ? NULL : strrchr (model, '@');
  if (at == NULL)
    return 0;
  char *unit = NULL;
  double value = g_ascii_strtod (at + 1, &unit);
  while (*unit == ' ')
    unit++;
  if (!(value > 0 && value < 1e6))
    return 0;
  if (g_ascii_strncasecmp (unit, "GHz", 3) == 0)
    return (int)(value * 1000 + 0.5);
  return g_ascii_strncasecmp (unit, "MHz", 3) == 0 ? (int)(value + 0.5) : 0;
}
