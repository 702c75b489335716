/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as /var/lib/dpkg/status. What is reported must lie in the input. */
#include "worker/inventory/dpkg.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef struct {
  const char *text;
  gsize size;
} Input;

static void
check (const Input *input, OcsSlice slice)
{
  if (slice.text != NULL && (slice.text < input->text || slice.text + slice.length > input->text + input->size))
    __builtin_trap ();
}

static void
on_dpkg_package (const OcsDpkgPackage *package, gpointer user_data)
{
  const Input *input = user_data;
  if (package->name.length == 0)
    __builtin_trap ();
  check (input, package->name);
  check (input, package->version);
  check (input, package->architecture);
  check (input, package->multi_arch);
  check (input, package->homepage);
  check (input, package->summary);
  check (input, package->status);
  check (input, package->installed_size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Input input = {(const char *)data, size};
  ocs_dpkg_parse (input.text, size, on_dpkg_package, &input);
  return 0;
}
