/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-site"
#include "worker/site.h"

void
ocs_site_load_setup (OcsSite *site)
{
  OcsSetup *setup = ocs_setup_load (site->setup->path, site->setup->state_dir);

  if (!ocs_setup_has_same_ways (setup, site->setup))
    ocs_scout_reset (ocs_dispatch_scout (site->dispatch));
  ocs_setup_free (site->setup);
  site->setup = setup;
}
