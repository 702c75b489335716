# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine without a battery for its clock, which is in 1970 when it starts: it says what is wrong, and nothing is lost once it knows the time."""
import glob
import os

import pytest
from lab import TestServer, make_archive, make_package
from machine import WORKER, Machine

LIBRARY = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)
ID = "1700000001"

pytestmark = [pytest.mark.skipif(not WORKER, reason="OCS_WORKER names no program"),
              pytest.mark.skipif(not LIBRARY, reason="faketime is not installed: run tests/install.sh test")]


def test_the_time_comes_late(tmp_path):
    with TestServer(tmp_path / "server") as server:
        server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
        server.add_package(make_package(tmp_path / "packages", ID, archive=make_archive({"x": b"x"}), frags=2, command="true"))
        machine = Machine(tmp_path / "machine", Server=server.url, CaBundle=server.ca)
        right = dict(machine.environment)
        machine.environment = {**right, "LD_PRELOAD": LIBRARY, "FAKETIME": "@1970-01-01 00:10:00", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        # The server names packages to machines that it knows.
        assert machine.once() == 0 and machine.once() == 0, machine.said()
        device = machine.identity()
        assert "this machine's clock says 1970" in machine.said() and "set the clock" in machine.said()
        assert server.result(ID, device) in (None, "", "NOTIFIED"), "it is tried again"
        machine.environment = right
        assert machine.once() == 0, machine.said()
        assert server.result(ID, device) == "SUCCESS", "its thirty days did not begin in 1970"
        assert machine.identity() == device
