/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machines of libvirt: what is defined stands in /etc/libvirt, what runs in /run/libvirt with its state (libvirt, format "domstatus"). */
#include "worker/core/xmlread.h"
#include "worker/inventory/guest.h"
#include <string.h>

/* libvirt's units (formatdomain.html, "Memory allocation"): without a word KiB. */
static gint64
read_memory (const OcsXmlNode *domain)
{
  static const struct {
    const char *name;
    gint64 bytes;
  } units[] = {
      {"b", 1},
      {"bytes", 1},
      {"KB", 1000},
      {"k", 1024},
      {"KiB", 1024},
      {"MB", 1000000},
      {"M", 1024 * 1024},
      {"MiB", 1024 * 1024},
      {"GB", 1000000000},
      {"G", 1024 * 1024 * 1024LL},
      {"GiB", 1024 * 1024 * 1024LL},
      {"TB", 1000000000000LL},
      {"T", 1LL << 40},
      {"TiB", 1LL << 40},
  };
  const OcsXmlNode *node = ocs_xmlread_child (domain, "currentMemory");
  if (node == NULL)
    node = ocs_xmlread_child (domain, "memory");
  const char *unit = ocs_xmlread_attribute (node, "unit");
  gint64 bytes = 1024;
  for (guint i = 0; unit != NULL && i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (units[i].name, unit) == 0 && (strlen (unit) > 1 || units[i].name[0] == unit[0]))
      bytes = units[i].bytes;
  g_autofree char *text = node == NULL ? NULL : g_strstrip (g_strdup (node->text->str));
  return ocs_guest_megabytes (text, bytes);
}

OcsGuest *
ocs_libvirt_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (OcsXmlNode) root = ocs_xmlread_parse (text, length, error);
  gboolean is_live = root != NULL && g_str_equal (root->name, "domstatus");
  const OcsXmlNode *domain = is_live ? ocs_xmlread_child (root, "domain") : root;
  if (domain == NULL || !g_str_equal (domain->name, "domain"))
    return NULL;
  g_autofree char *name = ocs_xmlread_child_text (domain, "name");
  g_autofree char *vcpu = ocs_xmlread_child_text (domain, "vcpu");
  const char *state = is_live ? ocs_xmlread_attribute (root, "state") : "off";
  if (name == NULL)
    return NULL;
  OcsGuest *guest = ocs_guest_new ("Libvirt", ocs_xmlread_attribute (domain, "type"), state == NULL ? "running" : state);
  guest->name = g_steal_pointer (&name);
  guest->uuid = ocs_xmlread_child_text (domain, "uuid");
  guest->vcpu = vcpu == NULL ? 0 : CLAMP (g_ascii_strtoll (vcpu, NULL, 10), 0, G_MAXINT32);
  guest->memory_mb = read_memory (domain);
  return guest;
}

static gboolean
is_known (const GPtrArray *guests, const OcsGuest *guest)
{
  for (guint i = 0; i < guests->len; i++) {
    const OcsGuest *other = guests->pdata[i];
    if (guest->uuid != NULL ? g_strcmp0 (other->uuid, guest->uuid) == 0 : g_strcmp0 (other->name, guest->name) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
collect_folder (const OcsSource *source, const char *folder, GPtrArray *guests, GPtrArray *notes)
{
  g_autoptr (GPtrArray) names = ocs_source_list (source, "%s", folder);
  for (guint i = 0; i < MIN (names->len, OCS_GUESTS_MAX); i++) {
    gsize length = 0;
    g_autoptr (GError) error = NULL;
    if (!g_str_has_suffix (names->pdata[i], ".xml"))
      continue;
    g_autofree char *text = ocs_source_read (source, &length, "%s/%s", folder, (const char *)names->pdata[i]);
    g_autoptr (OcsGuest) guest = text == NULL ? NULL : ocs_libvirt_parse (text, length, &error);
    if (error != NULL)
      g_ptr_array_add (notes, g_strdup_printf ("%s/%s: %s", folder, (const char *)names->pdata[i], error->message));
    if (guest != NULL && !is_known (guests, guest))
      g_ptr_array_add (guests, g_steal_pointer (&guest));
  }
}

void
ocs_libvirt_collect (const OcsSource *source, GPtrArray *guests, GPtrArray *notes)
{
  /* What runs first: it knows more. */
  static const char *const folders[] = {"/run/libvirt/qemu", "/run/libvirt/lxc", "/run/libvirt/libxl",
                                        "/etc/libvirt/qemu", "/etc/libvirt/lxc", "/etc/libvirt/libxl"};
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    collect_folder (source, folders[i], guests, notes);
}
