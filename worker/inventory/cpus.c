/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPUS: one entry per socket. Clocks are those that the processor is sold with: what it runs at now would change the section each time. */
#include "worker/inventory/cpuinfo.h"
#include "worker/inventory/section.h"
#include <string.h>

#define SMBIOS_PROCESSOR 4
#define SMBIOS_CACHE 7
#define CENTRAL_PROCESSOR 3

#define CPU_PATH "/sys/devices/system/cpu/cpu%d"

/* One socket while it is counted. */
typedef struct {
  int package;
  const OcsCpu *first; /* borrowed: the caller's list */
  GPtrArray *models;   /* owned; of char *, the names of its kinds of core, no name twice */
  GHashTable *cores;   /* owned; set of core numbers */
  GHashTable *caches;  /* owned; set of the lists of processors that share a level 2 cache */
  guint64 cache_kb;
  gint64 fastest_mhz; /* what the fastest of its kinds of core can reach; 0: not said */
  int logical;
} Socket;

static void
socket_free (gpointer data)
{
  Socket *socket = data;
  g_ptr_array_unref (socket->models);
  g_hash_table_unref (socket->cores);
  g_hash_table_unref (socket->caches);
  g_free (socket);
}

static Socket *
socket_of (GPtrArray *sockets, const OcsCpu *cpu, int package)
{
  for (guint i = 0; i < sockets->len; i++) {
    Socket *socket = g_ptr_array_index (sockets, i);
    if (socket->package == package)
      return socket;
  }
  Socket *fresh = g_new0 (Socket, 1);
  fresh->package = package;
  fresh->first = cpu;
  fresh->models = g_ptr_array_new_with_free_func (g_free);
  fresh->cores = g_hash_table_new (NULL, NULL);
  fresh->caches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_ptr_array_add (sockets, fresh);
  return fresh;
}

/* ARM puts fast and slow cores together. */
static void
count_model (const OcsSource *source, Socket *socket, const OcsCpu *cpu)
{
  g_autofree char *model = ocs_cpuinfo_model_name (cpu);
  if (socket->logical > 1 && (model == NULL || g_ptr_array_find_with_equal_func (socket->models, model, g_str_equal, NULL)))
    return;
  if (model != NULL)
    g_ptr_array_add (socket->models, g_steal_pointer (&model));
  gint64 mhz = ocs_source_int (source, 0, CPU_PATH "/cpufreq/cpuinfo_max_freq", cpu->number) / 1000;
  socket->fastest_mhz = MAX (socket->fastest_mhz, mhz);
}

static void
count_cache (const OcsSource *source, Socket *socket, const OcsCpu *cpu)
{
  for (int i = 0; i < 8; i++) {
    gint64 level = ocs_source_int (source, 0, CPU_PATH "/cache/index%d/level", cpu->number, i);
    if (level == 0)
      return;
    if (level != 2)
      continue;
    char *shared = ocs_source_line (source, CPU_PATH "/cache/index%d/shared_cpu_list", cpu->number, i);
    if (shared != NULL && g_hash_table_add (socket->caches, shared))
      socket->cache_kb += (guint64)MAX (ocs_source_int (source, 0, CPU_PATH "/cache/index%d/size", cpu->number, i), 0);
    return;
  }
}

static GPtrArray *
count_sockets (const OcsSource *source, const GPtrArray *cpus)
{
  GPtrArray *sockets = g_ptr_array_new_with_free_func (socket_free);
  for (guint i = 0; i < cpus->len; i++) {
    const OcsCpu *cpu = g_ptr_array_index (cpus, i);
    gint64 package = cpu->package, core = cpu->core;
    if (package < 0)
      package = ocs_source_int (source, 0, CPU_PATH "/topology/physical_package_id", cpu->number);
    if (core < 0)
      core = ocs_source_int (source, cpu->number, CPU_PATH "/topology/core_id", cpu->number);
    Socket *socket = socket_of (sockets, cpu, (int)MAX (package, 0));
    /* ARM counts cores from 0 in each cluster. */
    gint64 cluster = MAX (ocs_source_int (source, -1, CPU_PATH "/topology/cluster_id", cpu->number), -1);
    g_hash_table_add (socket->cores, GINT_TO_POINTER ((int)(core + 1 + (cpu->implementer >= 0 ? (cluster + 1) * 65536 : 0))));
    socket->logical++;
    count_model (source, socket, cpu);
    count_cache (source, socket, cpu);
  }
  return sockets;
}

/* The index'th processor that sits in its socket. */
static const OcsSmbiosEntry *
smbios_processor (const OcsSmbios *smbios, guint index)
{
  const OcsSmbiosEntry *entry = NULL;
  for (guint i = 0; (entry = ocs_smbios_find (smbios, SMBIOS_PROCESSOR, i)) != NULL; i++) {
    gboolean is_there = ocs_smbios_u8 (entry, 0x05) == CENTRAL_PROCESSOR && (ocs_smbios_u8 (entry, 0x18) & 0x40) != 0;
    if (is_there && index-- == 0)
      return entry;
  }
  return NULL;
}

/* The level 2 cache of a processor, in KB, as the firmware says it: the kernel does not know it everywhere. */
static guint64
smbios_cache_kb (const OcsSmbios *smbios, const OcsSmbiosEntry *slot)
{
  const OcsSmbiosEntry *cache = ocs_smbios_by_handle (smbios, ocs_smbios_u16 (slot, 0x1C));
  if (slot == NULL || cache == NULL || cache->type != SMBIOS_CACHE)
    return 0;
  guint32 size = ocs_smbios_u16 (cache, 0x09);
  guint32 unit = size >> 15;
  size &= 0x7FFF;
  if (ocs_smbios_u16 (cache, 0x09) == 0xFFFF) { /* too large for the field: the next one, of 3.1 */
    size = ocs_smbios_u32 (cache, 0x17);
    unit = size >> 31;
    size &= 0x7FFFFFFF;
  }
  return (guint64)size * (unit ? 64 : 1);
}

static gint64
rated_mhz (const OcsSource *source, const Socket *socket, const OcsSmbiosEntry *slot)
{
  int number = socket->first->number;
  gint64 mhz = ocs_cpuinfo_model_mhz (socket->first->model);
  if (mhz <= 0)
    mhz = ocs_source_int (source, 0, CPU_PATH "/cpufreq/base_frequency", number) / 1000;
  if (mhz <= 0)
    mhz = ocs_source_int (source, 0, CPU_PATH "/acpi_cppc/nominal_freq", number);
  if (mhz <= 0)
    mhz = ocs_smbios_u16 (slot, 0x16);
  if (mhz <= 0)
    mhz = socket->fastest_mhz;
  return mhz > 0 ? mhz : socket->first->mhz;
}

static void
set_voltage (OcsEntry *entry, guint8 code)
{
  if (code & 0x80)
    ocs_entry_setf (entry, "VOLTAGE", "%u.%u V", (code & 0x7Fu) / 10, (code & 0x7Fu) % 10);
  else if (code & 0x07)
    ocs_entry_set (entry, "VOLTAGE", code & 1 ? "5.0 V" : code & 2 ? "3.3 V" : "2.9 V");
}

static gboolean
is_wide_architecture (const char *architecture)
{
  return architecture != NULL && (strstr (architecture, "64") != NULL || g_str_equal (architecture, "s390x"));
}

static char *
join (const GPtrArray *texts)
{
  GString *joined = g_string_new (NULL);
  for (guint i = 0; i < texts->len; i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? " / " : "", (const char *)g_ptr_array_index (texts, i));
  return g_string_free (joined, FALSE);
}

static void
add_socket (const OcsMachine *machine, const Socket *socket, guint index, const char *architecture, OcsInventory *inventory)
{
  const OcsSource *source = machine->source;
  const OcsSmbiosEntry *slot = smbios_processor (machine->smbios, index);
  g_autofree char *model = join (socket->models);
  guint64 cache_kb = socket->cache_kb > 0 ? socket->cache_kb : smbios_cache_kb (machine->smbios, slot);
  gint64 rated = rated_mhz (source, socket, slot);
  OcsEntry *entry = ocs_inventory_add (inventory, "CPUS");
  ocs_entry_set (entry, "SOCKET", ocs_smbios_string (slot, 0x04));
  ocs_entry_set (entry, "MANUFACTURER", ocs_cpuinfo_vendor_name (socket->first));
  ocs_entry_set (entry, "TYPE", model);
  if (rated > 0)
    ocs_entry_set_int (entry, "SPEED", rated);
  ocs_entry_set_int (entry, "CORES", g_hash_table_size (socket->cores));
  ocs_entry_set_int (entry, "LOGICAL_CPUS", socket->logical);
  if (cache_kb > 0)
    ocs_entry_setf (entry, "L2CACHESIZE", "%" G_GUINT64_FORMAT " KB", cache_kb);
  ocs_entry_set (entry, "CPUARCH", architecture);
  ocs_entry_set_int (entry, "DATA_WIDTH", socket->first->is_wide || is_wide_architecture (architecture) ? 64 : 32);
  if (architecture != NULL)
    ocs_entry_set_int (entry, "CURRENT_ADDRESS_WIDTH", is_wide_architecture (architecture) ? 64 : 32);
  set_voltage (entry, ocs_smbios_u8 (slot, 0x11));
  if (ocs_smbios_u16 (slot, 0x16) > 0)
    ocs_entry_set_int (entry, "CURRENT_SPEED", ocs_smbios_u16 (slot, 0x16));
  ocs_entry_set (entry, "SERIALNUMBER", ocs_smbios_string (slot, 0x20));
}

void
ocs_cpus_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autofree char *text = ocs_source_read (machine->source, NULL, "/proc/cpuinfo");
  g_autoptr (GPtrArray) cpus = ocs_cpuinfo_parse (text);
  g_autoptr (GPtrArray) sockets = count_sockets (machine->source, cpus);
  g_autofree char *architecture = ocs_machine_architecture (machine);
  for (guint i = 0; i < sockets->len; i++)
    add_socket (machine, g_ptr_array_index (sockets, i), i, architecture, inventory);
  if (sockets->len == 0)
    ocs_inventory_note (inventory, "CPUS", "/proc/cpuinfo names no processor");
}
