# SPDX-License-Identifier: GPL-3.0-or-later
"""By which way a machine goes: several proxies, exceptions, purposes, the environment, and another network. A real worker with its couriers;
proxies and server on loopback."""
import os
import socket

import pytest
from couriertest import COURIER
from lab import free_port, make_package, seal
from peers import make_proxy

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")


def set_up(machine, server, proxy=None, http=(), **companion):
    keys = {"Server": server.url, "CaBundle": server.ca, **dict(http)}
    if proxy:
        keys.update(ProxyType=1, Proxy=proxy)
    machine.ini(HTTP=keys, OCS_Companion={"ConnectTimeout": 5, "StallTimeout": 10, **companion})
    if machine.process is None:
        machine.start()


def contact(machine):
    return machine.outcome(machine.call("Contact")["serial"])


def at(*proxies):
    return ";".join(f"127.0.0.1:{proxy if isinstance(proxy, int) else proxy.port}" for proxy in proxies)


def asked(proxy):
    return [entry[:2] for entry in proxy.log]


def way(machine, purpose="server"):
    ways = {entry["purpose"]: entry for entry in machine.status()["proxy"]["ways"]}
    return ways.get(purpose, {})


def test_the_next_proxy_and_back(machine, server):
    """One that is down is passed over, is not tried first for a while, and is no loss."""
    dead, second, third = free_port(), make_proxy(), make_proxy()
    set_up(machine, server, at(dead, second, third))
    assert contact(machine)["kind"] in ("contacted", "sent")
    proxy = machine.status()["proxy"]
    assert (proxy["kind"], proxy["host"], proxy["port"], proxy["why"]) == ("http", "127.0.0.1", second.port, "fallback")
    assert second.log and not third.log
    assert "next way is tried" in machine.said()
    tried = machine.said().count(f"127.0.0.1:{dead} does not answer")
    contact(machine)
    assert machine.said().count(f"127.0.0.1:{dead} does not answer") == tried, "it is left alone for a while"
    second.go()
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert machine.status()["proxy"]["port"] == third.port and third.log


def test_all_down(machine, server):
    set_up(machine, server, at(free_port()), ProxyFallback=f"socks5h://127.0.0.1:{free_port()}")
    outcome = contact(machine)
    assert outcome["kind"] == "failed" and outcome["reason"]["code"] == "proxy-unreachable"
    assert "2 ways were tried" in outcome["reason"]["message"]
    assert not server.log()


def test_a_proxy_that_refuses_the_login(machine, server):
    first, second = make_proxy(login=("a", "b")), make_proxy()
    set_up(machine, server, at(first, second))
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert first.refused and way(machine)["port"] == second.port


@pytest.mark.parametrize("allowed", ["0", "1", "server", "info,fragments"])
def test_direct_as_the_last_resort(machine, server, allowed):
    set_up(machine, server, at(free_port()), DirectFallback=allowed)
    outcome = contact(machine)
    if allowed in ("1", "server"):
        assert outcome["kind"] in ("contacted", "sent")
        assert (machine.status()["proxy"]["kind"], machine.status()["proxy"]["why"]) == ("none", "last_resort")
    else:
        assert outcome["reason"]["code"] == "proxy-unreachable"


@pytest.mark.parametrize("exceptions, direct", [("localhost,127.0.0.0/8", True), ("<local>", True), (".example", False), ("10.0.0.0/8", False)])
def test_exceptions(machine, server, exceptions, direct):
    proxy = make_proxy()
    set_up(machine, server, at(proxy), ProxyBypass=exceptions)
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert bool(proxy.log) != direct
    assert way(machine)["why"] == ("bypassed" if direct else "configured")


def test_purposes(machine, server, tmp_path):
    """The server directly, fragments through the cache."""
    proxy = make_proxy()
    server.add_package(make_package(tmp_path / "p", "1700000001", {"hello.sh": "echo hello"}, action="EXECUTE", command="sh hello.sh"))
    set_up(machine, server, at(proxy), ProxyFor="fragments")
    machine.send_inventory()  # nothing is offered to a machine that the server does not know
    contact(machine)
    machine.wait_result("1700000001")
    assert server.result("1700000001") == "SUCCESS"
    assert proxy.log and all("/download/" in path for _, path in asked(proxy))
    whys = {purpose: way(machine, purpose)["why"] for purpose in ("server", "info", "fragments")}
    assert whys == {"server": "purpose", "info": "purpose", "fragments": "configured"}
    assert machine.status()["proxy"]["port"] == proxy.port, "what is shown is the proxy that is used at all"


def test_environment(machine, server):
    """Asked for, it counts; else nothing of it does."""
    asked_for, ignored = make_proxy(login=("us er", "pass")), make_proxy()
    address = f"http://us%20er:pass@127.0.0.1:{asked_for.port}"
    machine.environment.update(http_proxy=address, https_proxy=address, no_proxy="other.example")
    set_up(machine, server, ProxyFromEnvironment=1)
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert asked_for.log and way(machine)["why"] == "environment"
    before = len(asked_for.log)
    set_up(machine, server)
    contact(machine)
    set_up(machine, server, at(ignored), ProxyFromEnvironment=1)
    contact(machine)
    assert len(asked_for.log) == before and ignored.log
    assert "pass@" not in machine.said()


def test_another_setting_counts_at_once(machine, server):
    first, second = make_proxy(), make_proxy()
    set_up(machine, server, at(first))
    contact(machine)
    assert way(machine)["port"] == first.port
    set_up(machine, server, at(second))
    contact(machine)
    assert way(machine)["port"] == second.port


def test_login_for_each_configured_proxy(machine, server):
    dead, second = free_port(), make_proxy(login=("vip", "roxor"))
    set_up(machine, server, at(dead, second), http={"ProxyAuthRequired": 1, "ProxyUser": seal("vip"), "ProxyPwd": seal("roxor")})
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert machine.status()["proxy"]["authenticated"]


def test_ipv6_everywhere(machine, server):
    """A proxy with an IPv6 address, in brackets and without."""
    if not socket.has_ipv6 or not os.path.exists("/proc/net/if_inet6"):
        pytest.skip("this machine has no IPv6")
    proxy = make_proxy(host="::1")
    set_up(machine, server, f"[::1]:{proxy.port}")
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert machine.status()["proxy"]["host"] == "::1" and proxy.log
