# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a proxy itself says no: another one or, if allowed, no proxy at all is tried; where there is none, the reason names the proxy. What the
server says is the server's. A real worker with its couriers; proxies and server on loopback."""
import pytest
from couriertest import COURIER
from lab import free_port, make_package, seal
from peers import Proxy, Server, make_proxy
from test_routes import at, contact, set_up, way

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")

PAGE = b"<!DOCTYPE html><html><body>Access is not allowed.</body></html>"
# What a proxy says in the place of the server, to a plain request: status, header, its name for itself.
PLAIN = {
    "squid": (403, [("X-Squid-Error", "ERR_ACCESS_DENIED 0")]),
    "squid, odd request": (400, [("X-Squid-Error", "ERR_INVALID_URL 0")]),
    "tinyproxy": (403, [], "tinyproxy/1.11.1"),
    "Proxy-Status": (403, [("Proxy-Status", 'cache.example; error=http_request_denied; details="a, b"')]),
    "a page as 200": (200, [("Content-Type", "text/html")]),
    "no proxy at all": (404, [("Content-Type", "text/html")]),
}


class Refusing(Proxy):
    """Refuses what is for the OCS server, forwards the rest."""

    def refuses(self):
        status, headers = self.server.refusal
        self.note()
        self.answer(status, PAGE, headers)

    def version_string(self):
        return self.server.name or super().version_string()

    def forward(self):
        self.refuses() if self.path.endswith("/ocsinventory") else super().forward()

    do_GET = do_POST = do_HEAD = forward

    def do_CONNECT(self):
        self.refuses()


def make_refusing(status, headers=(), name=None):
    proxy = Server(Refusing)
    proxy.wanted, proxy.digest, proxy.refused, proxy.refusal, proxy.name = None, False, 0, (status, headers), name
    return proxy


@pytest.mark.parametrize("what", PLAIN)
def test_the_next_proxy(machine, server, what):
    first, second = make_refusing(*PLAIN[what]), make_proxy()
    set_up(machine, server, at(first, second))
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert first.log and second.log and way(machine)["port"] == second.port
    asked = len(first.log)
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert len(first.log) == asked, "it is left alone for a while"


@pytest.mark.parametrize("what", ["squid", "tinyproxy", "Proxy-Status"])
def test_no_other_way(machine, server, what):
    proxy = make_refusing(*PLAIN[what])
    set_up(machine, server, at(proxy))
    outcome = contact(machine)
    assert outcome["reason"]["code"] == "proxy-refused" and f"127.0.0.1:{proxy.port}" in outcome["reason"]["message"], outcome
    status = machine.status()
    assert status["state"] == "problem" and status["proxy"]["reason"]["code"] == "proxy-refused"
    assert not server.log()


@pytest.mark.parametrize("status", [403, 405, 501, 400])
def test_no_tunnel(machine, server, status):
    first, second = make_refusing(status), make_proxy()
    set_up(machine, server, at(first), http={"Server": server.tls_url})
    outcome = contact(machine)
    assert outcome["reason"]["code"] == "proxy-refused" and f"127.0.0.1:{first.port}" in outcome["reason"]["message"], outcome
    set_up(machine, server, at(first, second), http={"Server": server.tls_url})
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert way(machine)["port"] == second.port


@pytest.mark.parametrize("allowed", ["0", "server"])
def test_directly_if_allowed(machine, server, allowed):
    set_up(machine, server, at(make_refusing(403)), http={"Server": server.tls_url}, DirectFallback=allowed)
    outcome = contact(machine)
    if allowed == "0":
        assert outcome["reason"]["code"] == "proxy-refused" and server.log() == []
    else:
        assert outcome["kind"] in ("contacted", "sent") and way(machine)["why"] == "last_resort"


def test_what_says_more_is_told(machine, server):
    """One is down, one refuses: people hear of the one that can be talked to."""
    proxy = make_refusing(403)
    set_up(machine, server, at(free_port(), proxy), http={"Server": server.tls_url})
    reason = contact(machine)["reason"]
    assert reason["code"] == "proxy-refused" and str(proxy.port) in reason["message"] and "2 ways were tried" in reason["message"]


def test_what_the_server_says_is_the_servers(machine, server):
    """Nobody else is asked, and no proxy is blamed."""
    first, second = make_proxy(), make_proxy()
    server.rule("/ocsinventory", status=403)
    set_up(machine, server, at(first, second))
    reason = contact(machine)["reason"]
    assert reason["code"] == "refused" and "locked" in reason["message"]
    assert first.log and not second.log
    # A page that comes by every way is the server's, and the first proxy stays the first.
    server.clear_rules()
    server.rule("/ocsinventory", status=404)
    assert contact(machine)["reason"]["code"] == "bad-reply"
    server.clear_rules()
    before = len(first.log)
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert len(first.log) > before and way(machine)["port"] == first.port


def test_good_for_packages_all_the_same(machine, server, tmp_path):
    """A cache that lets nobody through to the OCS server is still where packages come from."""
    cache, second = make_refusing(403), make_proxy()
    server.add_package(make_package(tmp_path / "p", "1700000001", {"hello.sh": "echo hello"}, action="EXECUTE", command="sh hello.sh"))
    set_up(machine, server, at(cache, second), http={"Server": server.tls_url})
    machine.send_inventory()
    contact(machine)
    machine.wait_result("1700000001")
    assert server.result("1700000001") == "SUCCESS"
    assert way(machine, "server")["port"] == second.port and way(machine, "fragments")["port"] == cache.port


def test_no_login_is_tried_on_others(machine, server):
    """A refusal is no question for a login, and who does not ask for one gets none."""
    first, second = make_refusing(403, [("X-Squid-Error", "ERR_ACCESS_DENIED 0")]), make_proxy()
    server.rule("/ocsinventory", status=403)
    set_up(machine, server, at(first, second), http={"ProxyAuthRequired": 1, "ProxyUser": seal("vip"), "ProxyPwd": seal("canary")})
    assert contact(machine)["reason"]["code"] == "refused"
    wrong = make_proxy(login=("vip", "roxor"))
    set_up(machine, server, at(wrong, second), http={"ProxyAuthRequired": 1, "ProxyUser": seal("vip"), "ProxyPwd": seal("canary")})
    contact(machine)
    assert wrong.refused == 2, "one question, one answer: an account that is locked after some tries is not locked by us"
    assert not [entry for proxy in (first, second) for entry in proxy.log if "Proxy-Authorization" in entry[2]]
    assert "canary" not in machine.said()
