# SPDX-License-Identifier: GPL-3.0-or-later
"""What one package does for a long time keeps no other from what needs neither the line nor the machine to itself."""
import os

import pytest
from lab import make_archive, make_package, wait_for

SLOW, QUICK = "1700000001", "1700000002"


@pytest.fixture
def fetching(server, machine, tmp_path):
    """A machine on which one fragment, of the more urgent package, is under way for minutes; offer() offers another."""
    assert machine.once() == 0, machine.said()
    server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
    server.rule(f"/download/{SLOW}/{SLOW}-*", rate=4000)
    server.add_package(make_package(tmp_path / "packages", SLOW, archive=make_archive({"x": os.urandom(900_000)}), frags=1, priority=0, command="true"))
    with machine.start():
        machine.outcome(machine.call("Contact")["serial"])
        wait_for(lambda: (machine.status().get("job") or {}).get("kind") == "downloading", what="that it is fetched")

        def offer(**keys):
            server.add_package(make_package(tmp_path / "packages", QUICK, priority=9, **keys))
            machine.outcome(machine.call("Contact")["serial"])
        yield offer


def test_told_and_swept_meanwhile(server, machine, fetching):
    fetching(command="true")
    assert machine.wait_result(QUICK)["result"] == "SUCCESS"
    assert server.result(QUICK) == "SUCCESS"
    assert machine.package(SLOW)["step"] == "fetching" and server.result(SLOW) == "NOTIFIED"


def test_one_fragment_at_a_time(server, machine, fetching):
    """The line is the one thing that they share."""
    fetching(files={"y": b"y"}, command="true")
    wait_for(lambda: machine.package(QUICK)["step"] == "fetching", what="that it is described")
    assert not server.log(f"/download/{QUICK}/{QUICK}-*", method="GET")
