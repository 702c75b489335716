# SPDX-License-Identifier: GPL-3.0-or-later
"""What real traffic tells besides: by how much this machine's clock is wrong, and how the login to a proxy is made. A real worker; servers and
proxies on loopback."""
import json
import time
from pathlib import Path

import pytest
from couriertest import COURIER
from lab import seal
from peers import Origin, Proxy, Server, make_ca, make_context, make_proxy
from test_routes import at, contact, set_up

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")


class Clock(Origin):
    """An OCS server whose clock is ahead."""

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + self.server.ahead)


class Stale(Proxy):
    """A proxy with old copies and an old clock."""

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() - 10 * 86400)


def start(machine, server, ahead, **more):
    server.ahead = ahead
    machine.ini(HTTP={"Server": server.url("/ocsinventory"), **more})
    if machine.process is None:
        machine.start()
    assert contact(machine)["kind"] in ("contacted", "sent"), machine.said()
    return machine.status()


@pytest.mark.parametrize("ahead, words", [(0, None), (7200, "behind"), (-3 * 86400, "ahead of")])
def test_clock_is_learnt(machine, ahead, words):
    status = start(machine, Server(Clock), ahead)
    assert abs(status["clock_skew"] + ahead) <= 30 and status["clock_skew"] % 10 == 0
    told = [line for line in status["warnings"] if "clock of this machine" in line]
    assert bool(told) == bool(words) and (not words or words in told[0])


def test_clock_is_kept(machine, tmp_path):
    """Over a restart of the worker, so that a certificate that is not good then is told with the clock; not over one of the machine."""
    start(machine, Server(Clock), -9 * 86400 - 3600)
    machine.stop()
    authority = tmp_path / "authority"
    authority.mkdir()
    make_ca(authority, "ours")
    secure = Server(Origin, make_context(authority, "ours", "localhost", "-days", "-1"))
    machine.ini(HTTP={"Server": secure.url("/ocsinventory"), "CaBundle": authority / "ours.pem"})
    machine.start()
    assert abs(machine.status()["clock_skew"] - 9 * 86400 - 3600) <= 30
    reason = contact(machine)["reason"]
    assert reason["code"] == "tls" and "9 days ahead of that of the server" in reason["message"], reason
    machine.stop()
    kept = machine.state / "schedule.json"
    state = json.loads(kept.read_text())
    assert state["clock"]["boot"] == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    state["clock"]["boot"] = "another"
    kept.write_text(json.dumps(state))
    machine.start()
    assert "clock_skew" not in machine.status()


def test_only_the_server_knows_the_time(machine, tmp_path):
    """Not a proxy's own page, with a Date of its own."""
    proxy = Server(Stale)
    proxy.wanted, proxy.digest, proxy.refused = ("a", "b"), False, 0
    machine.ini(HTTP={"Server": Server(Origin).url("/ocsinventory"), "ProxyType": 1, "Proxy": at(proxy)})
    machine.start()
    assert contact(machine)["reason"]["code"] == "proxy-auth"
    assert "clock_skew" not in machine.status()


def test_a_certificate_and_a_wrong_clock(machine, tmp_path):
    """Whoever reads that a certificate is not good reads of the clock too."""
    start(machine, Server(Clock), -9 * 86400 - 3600)
    authority = tmp_path / "authority"
    authority.mkdir()
    make_ca(authority, "ours")
    secure = Server(Origin, make_context(authority, "ours", "localhost", "-days", "-1"))
    machine.ini(HTTP={"Server": secure.url("/ocsinventory"), "CaBundle": authority / "ours.pem"})
    reason = contact(machine)["reason"]
    assert reason["code"] == "tls" and "9 days ahead of that of the server" in reason["message"], reason


@pytest.mark.parametrize("digest", [False, True])
def test_login_is_told(machine, server, digest):
    proxy = make_proxy(login=("vip", "roxor"), digest=digest)
    login = {"ProxyAuthRequired": 1, "ProxyUser": seal("vip"), "ProxyPwd": seal("roxor")}
    set_up(machine, server, at(proxy), http=login)
    assert "auth" not in machine.status()["proxy"]
    contact(machine)
    assert machine.status()["proxy"]["auth"] == ("digest" if digest else "basic")
    # Set up anew, the proxy does not ask again.
    set_up(machine, server, at(proxy), http=login, StallTimeout=11)
    contact(machine)
    assert machine.status()["proxy"]["auth"] == ("digest" if digest else "basic")
    open_one = make_proxy()
    set_up(machine, server, at(open_one), http=login)
    contact(machine)
    assert "auth" not in machine.status()["proxy"], "nobody asked"
