# SPDX-License-Identifier: GPL-3.0-or-later
"""How fragments flow: several at once out of a cache, one after the other and paced over the line, and not at all once it is to be left
alone."""
import os
import subprocess
import time

import pytest
from lab import make_archive, make_package, wait_for
from machine import Machine
from system_bus import SystemBus

ID = "1700000001"
FRAGMENTS = 24
NO_PAUSE = {"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"}


class Site:
    def __init__(self, server, lab, folder):
        self.server, self.folder = server, folder
        self.proxy, self.log = lab.squid()
        self.port = lab["SQUID_PORT"]

    def machine(self, name, **download):
        self.server.config(download={**NO_PAUSE, **download})
        machine = Machine(self.folder / name)
        machine.ini(HTTP={"Server": self.server.url, "CaBundle": self.server.ca, "ProxyType": 1, "Proxy": "127.0.0.1", "ProxyPort": self.port},
                    OCS_Companion={"DEVICEID": f"{name}-2026-01-02-03-04-05"})
        assert machine.once() == 0, machine.said()
        self.server.add_package(make_package(self.folder / "packages", ID, archive=make_archive({"x": os.urandom(240_000)}), frags=FRAGMENTS,
                                             command="true", priority=1, mtime=time.time() - 172800))
        return machine

    def warm(self, numbers):
        for number in numbers:
            url = f"{self.server.base}/download/{ID}/{ID}-{number}"
            subprocess.run(["curl", "-sS", "-o", "/dev/null", "-x", self.proxy, url], check=True, timeout=20)
        self.server.clear_log()

    def crossed(self):
        """The fragments that the server sent, in order: (number, when)."""
        return [(int(entry["path"].rsplit("-", 1)[1]), entry["time"]) for entry in self.server.log(f"/download/{ID}/{ID}-*", method="GET")
                if not entry["path"].endswith("-0")]


@pytest.fixture
def site(server, squid_lab, tmp_path):
    return Site(server, squid_lab, tmp_path)


def test_all_out_of_the_cache(site):
    """No byte of them crosses the line, and none is asked for twice."""
    machine = site.machine("warm", FRAG_LATENCY=100)
    site.warm(range(1, FRAGMENTS + 1))
    before = site.log.read_text().count(f"/download/{ID}/{ID}-")
    assert machine.once() == 0, machine.said()
    assert site.server.result(ID, machine.identity()) == "SUCCESS", machine.said()
    assert site.crossed() == []
    asked = [line for line in site.log.read_text().splitlines() if " GET " in line and f"/download/{ID}/{ID}-" in line]
    assert len(asked) == 2 * FRAGMENTS, "once to warm it, once by the machine"
    assert site.log.read_text().count(f"/download/{ID}/{ID}-") - before >= FRAGMENTS


def test_the_line_is_spared_all_the_same(site):
    """Most of them lie in the cache: the others cross the line one after the other, each after its pause, none of them twice."""
    machine = site.machine("half", FRAG_LATENCY=1)
    missing = set(range(2, FRAGMENTS + 1, 6))
    site.warm(set(range(1, FRAGMENTS + 1)) - missing)
    assert machine.once(120) == 0, machine.said()
    assert site.server.result(ID, machine.identity()) == "SUCCESS", machine.said()
    crossed = site.crossed()
    assert sorted(number for number, _ in crossed) == sorted(missing)
    pauses = [later[1] - earlier[1] for earlier, later in zip(crossed, crossed[1:])]
    assert min(pauses) >= 1, f"the pause of the server is kept: {crossed}\n{machine.said()}\n{site.log.read_text()}"


def test_killed_while_several_come(site):
    """Whenever that is: what is on disk counts, the rest comes out of the cache, and it runs once."""
    machine = site.machine("killed")
    site.warm(range(1, FRAGMENTS + 1))
    folder = machine.state / "packages" / ID
    for wanted in (1, 5, 12):
        machine.begin_once()
        wait_for(lambda: machine.process.poll() is not None or (folder.exists() and len(list(folder.glob(f"{ID}-*"))) > wanted), 60,
                 f"{wanted} fragments")
        machine.process.kill()
        machine.process.wait()
        machine.process = None
    assert machine.once() == 0, machine.said()
    assert site.server.result(ID, machine.identity()) == "SUCCESS", machine.said()
    assert site.crossed() == []


def test_stopped_in_the_middle(server, machine, tmp_path):
    """A fragment is under way when the connection begins to cost: it stops, and goes on from there when it may."""
    with SystemBus(tmp_path / "bus") as bus:
        machine.environment["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
        assert machine.once() == 0, machine.said()
        bus.say(metered=2)
        package = make_package(tmp_path / "packages", ID, archive=make_archive({"x": os.urandom(900_000)}), frags=1, command="true")
        path = f"/download/{ID}/{ID}-1"
        server.rule(path, rate=50_000, times=1)
        server.add_package(package)
        part = machine.state / "packages" / ID / f"{ID}-1.part"
        with machine.start():
            machine.call("Contact")
            wait_for(lambda: part.exists() and part.stat().st_size > 0, 30, "the first bytes")
            bus.say(metered=1)
            wait_for(lambda: (machine.package(ID) or {}).get("waits_for") == "metered", 30, "the package to wait")
            wait_for(lambda: any(entry.get("seconds") is not None for entry in server.log(path)), 30, "the end of the transfer")
            kept = part.stat().st_size
            assert 0 < kept < package["size"]
            assert "is paused" in machine.said()
            assert server.result(ID) in (None, "NOTIFIED")
            bus.say(metered=2)
            wait_for(lambda: server.result(ID) not in (None, "NOTIFIED"), 60, "the result")
        assert server.result(ID) == "SUCCESS", machine.said()
        last = server.log(path)[-1]
        assert {name.lower(): value for name, value in last["headers"].items()}.get("range") == f"bytes={kept}-"
