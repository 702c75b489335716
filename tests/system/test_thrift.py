# SPDX-License-Identifier: GPL-3.0-or-later
"""What is spared: the line at some hours, a connection that is paid by the byte, a battery. What the cache holds comes all the same."""
import json
import os
import time

import pytest
from lab import make_archive, make_package, wait_for
from machine import Machine, VarlinkError
from system_bus import SystemBus

ID = "1700000001"


def window(after):
    """Two hours that begin so many hours from now, by the clock on the wall."""
    begins = time.localtime(time.time() + after * 3600)
    ends = time.localtime(time.time() + (after + 2) * 3600)
    return time.strftime("%H:%M", begins) + "-" + time.strftime("%H:%M", ends)


def configure(machine, server, **keys):
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca}, OCS_Companion=keys)


@pytest.fixture
def offer(server, machine, tmp_path):
    assert machine.once() == 0, machine.said()

    def make(number=ID, size=3000, **keys):
        keys.setdefault("command", "true")
        archive = make_archive({"x": os.urandom(size)}) if size else None
        server.add_package(make_package(tmp_path / "packages", number, archive=archive, **keys))
    return make


def reported(server, number=ID):
    result = server.result(number)
    return None if result == "NOTIFIED" else result


def waiting(machine, what, number=ID):
    def waits():
        package = machine.package(number)
        return package if package and package.get("waits_for") == what else None

    return wait_for(waits, what=f"package {number} to wait for {what}")


def now(machine, **more):
    return machine.call("Answer", {"id": ID, "answer": "now", **more})


def test_window(server, machine, offer):
    configure(machine, server, DownloadWindow=window(3))
    offer()
    assert machine.once() == 0, "it does not hold --once"
    assert reported(server) is None and server.bytes_sent(f"/download/{ID}/{ID}-1") == 0
    with machine.start():
        package = waiting(machine, "window")
        assert abs(package["waits_until"] - time.time() - 3 * 3600) < 120
        assert package["step"] == "fetching" and not package["may_hurry"]
        machine.wait_state("waiting")
        with pytest.raises(VarlinkError) as refused:
            now(machine)
        assert refused.value.name == "Refused" and "DownloadHurry" in refused.value.message
    configure(machine, server, DownloadWindow=window(3), DownloadHurry=1)
    with machine.start():
        assert waiting(machine, "window")["may_hurry"]
        now(machine)
        wait_for(lambda: reported(server), what="the result")


def test_open_window(server, machine, offer):
    configure(machine, server, DownloadWindow=window(-1))
    offer()
    assert machine.once() == 0, machine.said()
    assert reported(server) == "SUCCESS"


@pytest.mark.parametrize("keys", [{"priority": 0}, {"size": 0}])
def test_urgent_or_nothing_to_fetch(server, machine, offer, keys):
    configure(machine, server, DownloadWindow=window(3))
    offer(**keys)
    assert machine.once() == 0, machine.said()
    assert reported(server) == "SUCCESS"


def test_only_until_the_deadline(server, machine, offer):
    configure(machine, server, DownloadWindow=window(3), NotifyDeadline=1)
    offer()
    assert machine.once() == 0 and reported(server) is None
    path = machine.state / "packages" / ID / "state.json"
    state = json.loads(path.read_text())
    state["since"] -= 86400
    path.write_text(json.dumps(state))
    assert machine.once() == 0, machine.said()
    assert reported(server) == "SUCCESS"


def test_not_understood(server, machine, offer):
    configure(machine, server, DownloadWindow="at night")
    offer()
    assert machine.once() == 0
    assert reported(server) == "SUCCESS"
    with machine.start():
        assert any("DownloadWindow" in warning and "every hour" in warning for warning in machine.status()["warnings"])


def test_metered(server, machine, offer, tmp_path):
    with SystemBus(tmp_path / "bus") as bus:
        machine.environment["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
        bus.say(metered=3)
        offer()
        with machine.start():
            machine.outcome(machine.call("Contact")["serial"])
            assert waiting(machine, "metered")["may_hurry"]
            time.sleep(1)
            assert reported(server) is None
            bus.say(metered=2)
            wait_for(lambda: reported(server), what="the download over another connection")


def test_metered_is_allowed(server, machine, offer, tmp_path):
    configure(machine, server, DownloadMetered=1)
    with SystemBus(tmp_path / "bus") as bus:
        machine.environment["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
        bus.say(metered=1)
        offer()
        assert machine.once() == 0 and reported(server) == "SUCCESS"


def test_low_battery(server, machine, offer, tmp_path):
    supply = tmp_path / "root/sys/class/power_supply/BAT0"
    supply.mkdir(parents=True)
    for name, text in (("type", "Battery"), ("status", "Discharging"), ("capacity", "12")):
        (supply / name).write_text(text + "\n")
    machine.environment["OCS_INVENTORY_ROOT"] = str(tmp_path / "root")
    offer(size=0)
    with machine.start():
        machine.outcome(machine.call("Contact")["serial"])
        package = waiting(machine, "battery")
        assert package["step"] == "verified" and package["may_hurry"] and reported(server) is None
        now(machine)
        wait_for(lambda: reported(server), what="the run that somebody wanted")


def test_what_the_cache_holds_comes_at_any_hour(server, squid_lab, tmp_path):
    """Behind a real Squid: the first machine may use the line; the second may not, and need not."""
    def machine(name, **keys):
        made = Machine(tmp_path / name, Server=server.url, CaBundle=server.ca)
        made.ini(HTTP={"Server": server.url, "CaBundle": server.ca, "ProxyType": 1, "Proxy": "127.0.0.1", "ProxyPort": squid_lab["SQUID_PORT"]},
                 # Names are made from the second: machines of one second would be one to the server.
                 OCS_Companion={"DEVICEID": f"{name}-2026-01-02-03-04-05", **keys})
        assert made.once() == 0, made.said()
        return made

    first, second, third = machine("first"), machine("second", DownloadWindow=window(3)), machine("third", DownloadWindow=window(3))
    package = make_package(tmp_path / "packages", ID, archive=make_archive({"x": os.urandom(60_000)}), frags=6, command="true",
                           mtime=time.time() - 172800)
    server.add_package(package)
    with third.start():
        waiting(third, "window")
        third.stop()
    assert server.bytes_sent(f"/download/{ID}/{ID}-*") == 0, "nobody has crossed the line"
    assert first.once() == 0, first.said()
    crossed = server.bytes_sent(f"/download/{ID}/{ID}-*")
    assert crossed >= package["size"]
    with second.start():
        second.outcome(second.call("Contact")["serial"])
        wait_for(lambda: second.package(ID)["step"] == "gone", 30, "the package from the cache")
        assert second.package(ID)["from_wan"] == 0
    assert server.bytes_sent(f"/download/{ID}/{ID}-*") == crossed
