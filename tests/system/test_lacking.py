# SPDX-License-Identifier: GPL-3.0-or-later
"""A kernel that lacks what the couriers confine themselves with: the status says so, and all goes on. Here another filter answers for it."""
import ctypes
import ctypes.util
import errno
import os
import subprocess

import pytest
from lab import TestServer, make_archive, make_package, wait_for
from machine import WORKER, Machine

CTL = os.environ.get("OCSCTL")
LIBRARY = ctypes.util.find_library("seccomp")
ID = "1700000001"
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
EQUAL, PR_SET_SECCOMP = 4, 22

pytestmark = pytest.mark.skipif(not WORKER or not LIBRARY, reason="OCS_WORKER names no program, or there is no libseccomp")


class Argument(ctypes.Structure):
    _fields_ = [("number", ctypes.c_uint), ("how", ctypes.c_int), ("value", ctypes.c_uint64), ("more", ctypes.c_uint64)]


def without(*calls):
    """What a child does before it becomes a program: from then on each (name, error[, first argument]) is refused to it and its children."""
    seccomp = ctypes.CDLL(LIBRARY, use_errno=True)
    seccomp.seccomp_init.restype = ctypes.c_void_p

    def refuse():
        context = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(ALLOW)))
        for name, error, *first in calls:
            number = seccomp.seccomp_syscall_resolve_name(name.encode())
            arguments = (Argument * 1)(*(Argument(0, EQUAL, value, 0) for value in first))
            assert seccomp.seccomp_rule_add_array(context, ctypes.c_uint32(REFUSE | error), number, len(first), arguments) == 0
        assert seccomp.seccomp_load(context) == 0

    return refuse


def warnings_of(machine):
    return [line for line in machine.status().get("warnings") or [] if "less confined" in line]


@pytest.mark.parametrize("calls, words", [
    ([("landlock_create_ruleset", errno.EOPNOTSUPP)], ["add it to lsm="]),
    ([("landlock_create_ruleset", errno.ENOSYS), ("seccomp", errno.ENOSYS), ("prctl", errno.EINVAL, PR_SET_SECCOMP)],
     ["older than 5.13", "system calls"])], ids=["switched-off", "old-kernel"])
def test_said_and_goes_on(tmp_path, calls, words):
    with TestServer(tmp_path / "server") as server:
        server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
        server.add_package(make_package(tmp_path / "packages", ID, archive=make_archive({"x": b"x"}), command="true"))
        machine = Machine(tmp_path / "machine", Server=server.tls_url, CaBundle=server.ca)
        with machine.start(preexec_fn=without(*calls)):
            machine.send_inventory()
            machine.call("Contact")  # nothing is offered to a machine that the server does not know
            assert machine.wait_result(ID)["result"] == "SUCCESS", machine.said()
            wait_for(lambda: warnings_of(machine), 30, "the warning")
            for word in words:
                assert sum(word in line for line in warnings_of(machine)) == 1, warnings_of(machine)
            shown = subprocess.run([CTL, f"--socket={machine.runtime}/worker.sock", "status"], capture_output=True, text=True, check=True,
                                   env=dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE=""), timeout=30).stdout
            assert words[0] in shown and "less confined" in shown, shown
