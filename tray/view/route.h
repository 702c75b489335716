/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why things are reached by the way that they are, in words. Pure. */
#pragma once
#include "ipc/status.h"

/* A half sentence, translated; NULL where there is nothing to explain: the proxy of the configuration is used, or none is set up. */
const char *ocs_route_why (OcsWhy why);
/* "The server", "Descriptions of packages", "Packages"; translated. purpose: as OcsWay has it; an unknown one is given back. */
const char *ocs_route_purpose (const char *purpose);
/* "cache.example:3128" or "without a proxy", and why where there is something to explain; translated. transfer full. */
char *ocs_route_describe (const OcsWay *way);
