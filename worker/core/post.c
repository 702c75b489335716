/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/post.h"

OcsPostKind
ocs_post_kind (const char *postcmd)
{
  if (postcmd == NULL || *postcmd == '\0')
    return OCS_POST_NONE;
  if (g_str_equal (postcmd, "REBOOT"))
    return OCS_POST_RESTART;
  return g_str_equal (postcmd, "SHUTDOWN") ? OCS_POST_SHUTDOWN : OCS_POST_COMMAND;
}

OcsPostDecision
ocs_post_decide (OcsPostKind kind, const OcsPostFacts *facts)
{
  if (kind == OCS_POST_NONE)
    return OCS_POST_SETTLED;
  if (kind == OCS_POST_COMMAND)
    return OCS_POST_DO;
  if (facts->boot_then != NULL && facts->boot_now != NULL && !g_str_equal (facts->boot_then, facts->boot_now))
    return OCS_POST_SETTLED;
  return facts->agreed ? OCS_POST_DO : OCS_POST_WAIT;
}
