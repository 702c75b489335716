/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SOFTWARES: what dpkg, rpm, pacman, apk, snapd and flatpak have installed, and AppImages. As the Unix agent does, PUBLISHER is the home
 * page (of rpm the vendor) and NAME is what dpkg calls the package ("libc6:amd64" where several architectures may be there side by side):
 * the server keeps one row per name, publisher and version, and a fleet of both agents must share them. */
#include "worker/inventory/apk.h"
#include "worker/inventory/appimage.h"
#include "worker/inventory/date.h"
#include "worker/inventory/dpkg.h"
#include "worker/inventory/flatpak.h"
#include "worker/inventory/pacman.h"
#include "worker/inventory/rpm.h"
#include "worker/inventory/section.h"
#include "worker/inventory/snap.h"

typedef struct {
  const OcsSource *source; /* borrowed: the machine's */
  OcsInventory *inventory; /* borrowed: the caller's */
  const char *native;      /* borrowed: the caller's; NULL: this machine knows one architecture only */
  guint found;
  guint unfinished;
  OcsSlice first_unfinished;
} Job;

static gboolean
is_qualified (const OcsDpkgPackage *package, const char *native)
{
  if (package->architecture.length == 0)
    return FALSE;
  if (ocs_slice_is (package->multi_arch, "same"))
    return TRUE;
  return native != NULL && !ocs_slice_is (package->architecture, "all") && !ocs_slice_is (package->architecture, native);
}

/* The list of a package's files is written when it is installed or upgraded. */
static gint64
installed_at (const OcsSource *source, const OcsDpkgPackage *package)
{
  int name = (int)package->name.length;
  if (ocs_slice_is (package->multi_arch, "same")) {
    gint64 time = ocs_source_mtime (source, "/var/lib/dpkg/info/%.*s:%.*s.list", name, package->name.text,
                                    (int)package->architecture.length, package->architecture.text);
    if (time > 0)
      return time;
  }
  return ocs_source_mtime (source, "/var/lib/dpkg/info/%.*s.list", name, package->name.text);
}

static void
set_slice (OcsEntry *entry, const char *field, OcsSlice slice)
{
  ocs_entry_set_n (entry, field, slice.text, slice.length);
}

static void
on_dpkg_package (const OcsDpkgPackage *package, gpointer user_data)
{
  Job *job = user_data;
  if (package->name.length > G_MAXINT16 || package->architecture.length > G_MAXINT16)
    return;
  job->found++;
  if (package->is_unfinished) {
    if (job->unfinished++ == 0)
      job->first_unfinished = package->name;
    return;
  }
  OcsEntry *entry = ocs_inventory_add (job->inventory, "SOFTWARES");
  if (is_qualified (package, job->native))
    ocs_entry_setf (entry, "NAME", "%.*s:%.*s", (int)package->name.length, package->name.text, (int)package->architecture.length,
                    package->architecture.text);
  else
    set_slice (entry, "NAME", package->name);
  set_slice (entry, "VERSION", package->version);
  set_slice (entry, "PUBLISHER", package->homepage);
  set_slice (entry, "COMMENTS", package->summary);
  if (package->installed_size.length > 0) {
    g_autofree char *digits = g_strndup (package->installed_size.text, package->installed_size.length);
    guint64 size = g_ascii_strtoull (digits, NULL, 10);
    ocs_entry_set_int (entry, "FILESIZE", (gint64)(MIN (size, G_MAXINT32 / 1024) * 1024)); /* the column is an INT */
  }
  g_autofree char *date = ocs_date_to_text (installed_at (job->source, package));
  ocs_entry_set (entry, "INSTALLDATE", date);
  set_slice (entry, "ARCHITECTURE", package->architecture);
}

/* What had to be left out. */
static void
note_dpkg (const Job *job)
{
  if (job->found == 0)
    ocs_inventory_note (job->inventory, "SOFTWARES", "/var/lib/dpkg/status names no installed package: see whether it is damaged");
  if (job->unfinished == 0)
    return;
  g_autofree char *why = g_strdup_printf ("packages that are being installed or removed just now, or were cut off, are left out "
                                          "(%u, the first is %.*s): dpkg --audit says more",
                                          job->unfinished, (int)job->first_unfinished.length, job->first_unfinished.text);
  ocs_inventory_note (job->inventory, "SOFTWARES", why);
}

static gboolean
collect_dpkg (const OcsSource *source, OcsInventory *inventory)
{
  g_autoptr (GMappedFile) status = ocs_source_map (source, "/var/lib/dpkg/status");
  if (status == NULL)
    return FALSE;
  g_autofree char *native = ocs_source_line (source, "/var/lib/dpkg/arch"); /* its first line */
  Job job = {.source = source, .inventory = inventory, .native = native};
  if (g_mapped_file_get_length (status) == 0) /* dpkg is there, and has nothing to do */
    return TRUE;
  ocs_dpkg_parse (g_mapped_file_get_contents (status), g_mapped_file_get_length (status), on_dpkg_package, &job);
  note_dpkg (&job);
  return TRUE;
}

void
ocs_softwares_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  gboolean known = collect_dpkg (machine->source, inventory);
  known = ocs_rpm_collect (machine->source, inventory) || known;
  known = ocs_pacman_collect (machine->source, inventory) || known;
  known = ocs_apk_collect (machine->source, inventory) || known;
  if (!known)
    ocs_inventory_note (inventory, "SOFTWARES", "there is no database of dpkg, rpm, pacman or apk");
  ocs_appimage_collect (machine->source, inventory);
  ocs_snap_collect (machine->source, inventory);
  ocs_flatpak_collect (machine->source, inventory);
  ocs_inventory_sort (inventory, "SOFTWARES");
}
