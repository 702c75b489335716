# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies and servers that ask for a login: whom a secret reaches and how often a login is made, here with servers and proxies of our own."""
import os
import socket
import subprocess
import threading

import pytest
from couriertest import AGENT, COURIER, Courier, PASSWORD, SECRETS, USER, authority, bulk, control, describe, folder, heard_by, origin, refused, route  # noqa: F401
from lab import seal
from peers import FRAGMENT, Handler, Origin, Server, make_context, make_proxy

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")
needs_worker = pytest.mark.skipif("OCS_WORKER" not in os.environ, reason="OCS_WORKER names no program")


# ---- whom a login reaches -------------------------------------------------------------------------------------------------

class Thief(Handler):
    """Asks for a login in the place of a server, in every way, as 401, 407 or by sending people elsewhere."""

    def everything(self):
        self.note()
        ways = [(f"{who}-Authenticate", way) for who in ("WWW", "Proxy")
                for way in ('Basic realm="x"', 'Digest realm="x", nonce="n", qop="auth"', "NTLM", "Negotiate")]
        status = int(self.path.rsplit("/", 1)[1])
        self.answer(status, b"", ways + [("Location", self.server.elsewhere)])

    do_GET = do_HEAD = do_POST = everything



@pytest.mark.parametrize("status", [401, 407, 301, 302, 307, 308])
@pytest.mark.parametrize("auth", ["any", "basic", "digest"])
def test_thief_gets_no_login(control, bulk, status, auth):
    other, thief = Server(Thief), Server(Thief)
    thief.elsewhere = other.elsewhere = other.url("/elsewhere/401")
    with_login = route(proxy={"kind": "none", "host": "", "port": 0, "user": USER, "password": PASSWORD, "auth": auth},
                       user=USER, password=PASSWORD)
    url = thief.url(f"/x/{status}")
    wire = bulk.connect()
    error = refused(wire.call, "Fetch", {"route": with_login, "url": url, "user_agent": AGENT, "offset": 0, "validator": None,
                                         "refresh": False}, upgrade=True)
    assert PASSWORD not in error.message
    assert PASSWORD not in describe(control, with_login, url).message
    assert thief.log and not [secret for secret in SECRETS if secret in heard_by(thief)]
    # The OCS server itself may log us in, but not send us elsewhere with it.
    trailer = control.exchange(with_login, url)
    assert "error" in trailer and PASSWORD not in trailer["message"]
    assert not other.log, "a redirect is not followed"


@pytest.mark.parametrize("auth", ["any", "basic", "digest"])
def test_proxy_login_ends_at_the_proxy(control, bulk, origin, auth):
    proxy = make_proxy(login=(USER, PASSWORD), digest=auth == "digest")
    proxy.login["auth"] = auth
    assert bulk.fetch(route(proxy), origin.url("/fragment"))[1] == FRAGMENT
    assert control.exchange(route(proxy), origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert control.call("Describe", route=route(proxy), url=origin.url("/17/info"), user_agent=AGENT)["attributes"]["ID"] == "17"
    assert "Proxy-Authorization" in heard_by(proxy) and "uthorization" not in heard_by(origin)
    thief = Server(Thief)
    thief.elsewhere = thief.url("/elsewhere/401")
    for status in (401, 302):
        describe(control, route(proxy), thief.url(f"/x/{status}"))
    assert not [secret for secret in SECRETS if secret in heard_by(thief)]


def test_proxy_login_stays_out_of_the_tunnel(folder, control, authority):
    origin = Server(Origin, make_context(folder, "ours", "localhost"))
    proxy = make_proxy(login=(USER, PASSWORD))
    assert control.exchange(route(proxy, ca_pem=authority), origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert origin.log and "uthorization" not in heard_by(origin)


@pytest.mark.parametrize("auth", [None, "safe", "digest", "ntlm", "negotiate"])
def test_no_password_in_clear_unless_allowed(control, bulk, origin, auth):
    proxy = make_proxy(login=(USER, PASSWORD))  # asks for Basic alone, as a thief would
    del proxy.login["auth"]
    if auth:
        proxy.login["auth"] = auth
    trailer = control.exchange(route(proxy), origin.url("/ocsinventory"))
    assert trailer["error"] == "proxy-auth" and "ProxyAuth=" in trailer["message"] or auth == "negotiate"
    wire = bulk.connect()
    error = refused(wire.call, "Fetch", {"route": route(proxy), "url": origin.url("/fragment"), "user_agent": AGENT, "offset": 0,
                                         "validator": None, "refresh": False}, upgrade=True)
    assert error.name == "ProxyAuth"
    assert proxy.refused and not [secret for secret in SECRETS if secret in heard_by(proxy, origin)]


@pytest.mark.parametrize("kind", ["socks4", "socks5"])
def test_no_password_in_clear_to_socks(control, origin, kind):
    heard = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def serve():
            peer, _ = listener.accept()
            with peer:
                peer.settimeout(5)
                heard.append(peer.recv(4096))
                if kind == "socks5":
                    peer.sendall(b"\x05\x02")  # name and password, please
                    try:
                        heard.append(peer.recv(4096))
                    except OSError:
                        pass

        threading.Thread(target=serve, daemon=True).start()
        way = {"kind": kind, "host": "127.0.0.1", "port": listener.getsockname()[1], "user": USER, "password": PASSWORD, "auth": "safe"}
        describe(control, route(way), origin.url("/17/info"))
    assert heard and USER.encode() not in b"".join(heard) and PASSWORD.encode() not in b"".join(heard)


def test_the_login_of_one_proxy_is_not_for_another(control, origin):
    right = make_proxy(login=(USER, PASSWORD))
    control.exchange(route(right), origin.url("/ocsinventory"))
    other = make_proxy(login=("a", "b"), given=None)
    other.login = {}
    assert control.exchange(route(other), origin.url("/ocsinventory"))["error"] == "proxy-auth"
    assert not [secret for secret in SECRETS if secret in heard_by(other)]


def test_many_requests_one_login(bulk, control, folder, authority, origin):
    """Connections and what is learnt of a login are kept: the proxy says 407 once per courier and kind of way, not per request."""
    secure = Server(Origin, make_context(folder, "ours", "localhost"))
    for digest in (False, True):
        proxy = make_proxy(login=(USER, PASSWORD), digest=digest)
        for _ in range(20):
            assert bulk.fetch(route(proxy), origin.url("/fragment"))[1] == FRAGMENT
        assert (proxy.refused, proxy.connections) == (1, 1)
        handshakes = secure.connections
        for _ in range(10):
            assert control.exchange(route(proxy, ca_pem=authority), secure.url("/ocsinventory"))["reply"]["response"] == "SEND"
        assert proxy.refused == 2 and secure.connections == handshakes + 1
        assert len([entry for entry in proxy.log if entry[0] == "CONNECT"]) == 2, "one that was refused, one tunnel"


# ---- the whole worker -----------------------------------------------------------------------------------------------------

@needs_worker
def test_secrets_stay_out_of_logs_and_state(folder, authority, whole):
    """A proxy that asks for a login and answers with lies, a server that asks for one too: no file and no reply of ours holds the canary."""
    thief = Server(Thief)
    thief.elsewhere = thief.url("/elsewhere/401")
    proxy = make_proxy(login=("somebody", "else"))
    for url, via in ((thief.url("/x/407"), None), (thief.url("/x/302"), None), (thief.url("/x/401"), proxy)):
        http = {"Server": url, "AuthRequired": 1, "User": seal(USER), "Pwd": seal(PASSWORD)}
        if via:
            http.update(ProxyType=1, Proxy="127.0.0.1", ProxyPort=via.port, ProxyAuthRequired=1, ProxyUser=seal(USER), ProxyPwd=seal(PASSWORD))
        machine = whole(HTTP=http, OCS_Inventory_Agent={"Debug": 2})
        with machine.start():
            status = machine.wait_state("problem")
            replies = str(status) + str(machine.call("GetProxy"))
        kept = "".join(path.read_text(errors="replace") for path in machine.folder.rglob("*")
                       if path.is_file() and path not in (machine.config,))
        assert not [secret for secret in SECRETS if secret in replies + kept + machine.said()]
        arguments = subprocess.run(["ps", "axww", "-o", "args"], stdout=subprocess.PIPE, text=True, check=True).stdout
        assert PASSWORD not in arguments


def test_debug_log_holds_no_secret(origin, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("G_MESSAGES_DEBUG", "all")
    courier = Courier(tmp_path, "control")
    try:
        for digest in (False, True):
            proxy = make_proxy(login=(USER, PASSWORD), digest=digest)
            assert courier.exchange(route(proxy, user=USER, password=PASSWORD), origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
            wrong = make_proxy(login=(USER, "another"), digest=digest, given=(USER, PASSWORD))
            assert courier.exchange(route(wrong), origin.url("/ocsinventory"))["error"] == "proxy-auth"
    finally:
        courier.stop()
    out, err = capfd.readouterr()
    assert "ocs-transfer" in out + err, "there is a log to look at"
    assert not [secret for secret in SECRETS if secret in out + err]
