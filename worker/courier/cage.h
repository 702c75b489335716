/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the courier takes away from itself before it speaks to anybody, for good: whoever takes it over by bytes from the network finds no
 * way to change a file, to start a program, to look at other processes or at most of the kernel. It goes without a unit's sandbox, and
 * comes on top of one. The system calls are forbidden rather than allowed by a list, since looking names up takes whatever the C library
 * and its modules happen to need; reading files is left to their owners and modes, since certificates, tickets and name services lie in
 * many places. */
#pragma once
#include <glib.h>

/* Must come before all else: OCS_ERROR_DENIED where this is root, or where a program that it starts could get more rights. */
gboolean ocs_cage_check (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* helper: the one program that may still be started, nullable for none. To be called before there is any other thread.
 * Returns, in words, what this kernel does not know or does not allow; empty where all of it holds. transfer full. */
GStrv ocs_cage_close (const char *helper);
