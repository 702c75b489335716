# SPDX-License-Identifier: GPL-3.0-or-later
"""ocs-courier as a program: Varlink by hand on one side, an origin and proxies of our own on the other. Loopback only."""
import os
import re
import subprocess
import threading
import zlib

import pytest
from couriertest import AGENT, COURIER, VarlinkError, authority, bulk, control, folder, origin, refused, route, unprivileged  # noqa: F401
from lab import free_port
from peers import FRAGMENT, Origin, PROLOG, Server, make_ca, make_context, make_proxy

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")


# The program itself

def test_process_is_closed(control):
    status = open(f"/proc/{control.process.pid}/status").read()
    assert re.search(r"NoNewPrivs:\s+1", status)
    assert re.search(r"Max core file size\s+0\s+0", open(f"/proc/{control.process.pid}/limits").read())


def test_socket_is_private(control):
    assert os.stat(control.path).st_mode & 0o777 == 0o600


def test_others_are_not_served(control):
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody else")
    try:
        for path, mode in ((control.path.parent.parent.parent, 0o755), (control.path.parent.parent, 0o755), (control.path.parent, 0o755),
                           (control.path, 0o666)):
            os.chmod(path, mode)
        script = ("import socket,sys; s=socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect(sys.argv[1])\n"
                  "try:\n s.sendall(b'{\"method\":\"org.varlink.service.GetInfo\"}\\0'); print(len(s.recv(10)))\n"
                  "except OSError: print(0)")
        result = subprocess.run(["/usr/bin/python3", "-c", script, control.path], user=65533, group=65533, extra_groups=[],
                                capture_output=True, text=True)
        assert result.stdout.strip() == "0", result.stderr
    finally:
        os.chmod(control.path, 0o600)


@pytest.mark.parametrize("arguments", [[], ["--role=both"], ["--role=bulk", "more"], ["--nonsense"]])
def test_usage(arguments):
    result = subprocess.run([COURIER] + arguments, capture_output=True, text=True)
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_second_one_is_refused(control):
    arguments, options = unprivileged(control.path.parent, [COURIER, "--role=control", f"--runtime-dir={control.path.parent}"])
    result = subprocess.run(arguments, capture_output=True, text=True, **options)
    assert result.returncode == 1 and "courier-control.sock" in result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_root_is_refused(tmp_path):
    result = subprocess.run([COURIER, "--role=control", f"--runtime-dir={tmp_path}"], capture_output=True, text=True)
    assert result.returncode == 1 and "root" in result.stderr and not list(tmp_path.iterdir())


@pytest.mark.parametrize("role", ["control", "bulk"])
def test_it_is_caged(role, request):
    """By the kernel's own word, and by its own: what is missing is said."""
    courier = request.getfixturevalue(role)
    told = courier.call("GetConfinement")["lacking"]
    with open(f"/proc/{courier.process.pid}/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    assert fields["NoNewPrivs"].strip() == "1" and fields["CapEff"].strip() == "0" * 16
    assert fields["Uid"].split()[0] != "0" or os.geteuid() != 0
    assert fields["Seccomp"].strip() == "2" or any("system calls" in line for line in told)
    assert all(line.startswith(("files ", "system calls ")) for line in told), told


def test_roles(control, bulk):
    for courier, method, upgrade in ((control, "Fetch", True), (control, "Probe", False), (bulk, "Exchange", True), (bulk, "Describe", False)):
        wire = courier.connect()
        with pytest.raises(VarlinkError) as caught:
            wire.call(method, {"route": route(), "url": "http://localhost:1/", "user_agent": AGENT, "offset": 0, "refresh": False}, upgrade)
        assert caught.value.name == "MethodNotImplemented"


def test_interface_is_told(control):
    text = control.connect().call("org.varlink.service.GetInterfaceDescription", {"interface": "org.ocscompanion.Courier"})
    assert "method Exchange" in text["description"]


# Exchange

def test_exchange(control, origin):
    xml = b"<?xml version=\"1.0\"?><REQUEST>" + os.urandom(1 << 20).hex().encode() * 4 + b"</REQUEST>"
    trailer = control.exchange(route(), origin.url("/ocsinventory"), xml)
    assert trailer["reply"] == {"response": "SEND", "prolog_freq": 24, "options": [], "account": []}
    assert trailer["traffic"]["http_status"] == 200 and trailer["traffic"]["bytes"] == len(zlib.compress(PROLOG))
    assert trailer["traffic"]["date"] > 1700000000
    method, path, headers, body = origin.log[0]
    assert (method, path) == ("POST", "/ocsinventory")
    assert headers["Content-Type"] == "application/x-compress" and headers["User-Agent"] == AGENT
    assert int(headers["Content-Length"]) == len(body)
    assert not {"Expect", "Transfer-Encoding", "Accept-Encoding", "Authorization", "Proxy-Authorization"} & set(headers)
    assert body[:2] == b"\x78\x9c" and zlib.decompress(body) == xml


def test_exchange_without_reply(control, origin):
    trailer = control.exchange(route(), origin.url("/empty"))
    assert "reply" not in trailer and "error" not in trailer


@pytest.mark.parametrize("path,code,words", [
    ("/html", "bad-reply", "web page"), ("/status/400", "refused", "DEVICEID"), ("/status/403", "refused", "locked"),
    ("/status/404", "bad-reply", "/ocsinventory"), ("/status/500", "refused", "500"), ("/moved", "unreachable", "portal.example/login"), ("/moved/here", "bad-reply", "Server="),
    ("/login", "server-auth", "User="), ("/hangup", "unreachable", "without an answer"), ("/endless", "bad-reply", "larger"),
])
def test_exchange_errors(control, origin, path, code, words):
    trailer = control.exchange(route(), origin.url(path))
    assert trailer["error"] == code, trailer
    assert words in trailer["message"] and "secret" not in trailer["message"]
    assert "reply" not in trailer


@pytest.mark.parametrize("path, code, seconds", [("/busy", "busy", 77), ("/busy/until", "busy", 120), ("/status/500", "refused", None)])
def test_retry_after(control, origin, path, code, seconds):
    trailer = control.exchange(route(), origin.url(path))
    told = trailer.get("retry_after")
    assert trailer["error"] == code and (told == seconds or told and abs(told - seconds) < 5)


def test_exchange_bomb(control, origin):
    before = control.memory()
    trailer = control.exchange(route(), origin.url("/bomb"))
    assert trailer["error"] == "bad-reply" and "unpacks" in trailer["message"]
    assert control.memory() - before < 48 << 20


def test_exchange_too_large(control, origin):
    wire = control.connect()
    wire.call("Exchange", {"route": route(), "url": origin.url("/x"), "user_agent": AGENT}, upgrade=True)
    for _ in range(65):
        wire.send(b"x" * (1 << 20))
    wire.send_end()
    assert wire.read_all()[1]["error"] == "invalid-data"
    assert origin.log == []


def test_exchange_given_up(control, origin):
    wire = control.connect()
    wire.call("Exchange", {"route": route(), "url": origin.url("/x"), "user_agent": AGENT}, upgrade=True)
    wire.send(b"<REQUEST>")
    wire.socket.close()
    assert control.exchange(route(), origin.url("/x"))["reply"]["response"] == "SEND"
    assert len(origin.log) == 1


def test_server_login(control, bulk, origin):
    login = {"user": "agent", "password": "s3cret"}
    for _ in range(3):
        assert control.exchange(route(**login), origin.url("/login"))["reply"]["response"] == "SEND"
    assert len(origin.log) == 4, "the challenge is remembered"
    assert control.exchange(route(user="agent", password="wrong"), origin.url("/login"))["error"] == "server-auth"
    bulk.fetch(route(**login), origin.url("/fragment"))
    assert "Authorization" not in origin.log[-1][2]


def test_patience(control, origin):
    """A server takes its time over an inventory. (libcurl averages over some seconds, so 1 means up to 7.)"""
    patient = []
    thread = threading.Thread(target=lambda: patient.append(control.exchange(route(stall_timeout=20), origin.url("/slow"))))
    thread.start()
    assert control.exchange(route(stall_timeout=1), origin.url("/slow"))["error"] == "timed-out"
    thread.join()
    assert patient[0]["reply"]["response"] == "SEND"


def test_connections_are_kept(control, origin):
    for _ in range(5):
        control.exchange(route(), origin.url("/ocsinventory"))
    assert origin.connections == 1


@pytest.mark.parametrize("change,words", [
    ({"url": "http://me:secret@localhost/"}, "login"), ({"url": "ftp://localhost/"}, "http"), ({"url": "http://localhost/\r\nX: y"}, "odd"),
    ({"user_agent": "a\r\nX: y"}, "User-Agent"), ({"url": None}, "address"),
])
def test_odd_parameters(control, change, words):
    error = refused(control.call, "Describe", **{"route": route(), "url": "http://localhost:1/", "user_agent": AGENT, **change})
    assert error.name == "InvalidData" and words in error.message and "secret" not in error.message


def test_odd_route(control):
    error = refused(control.call, "Describe", route={"proxy": {"kind": "pigeon"}}, url="http://localhost:1/", user_agent=AGENT)
    assert error.name == "InvalidData"


# No way


def test_no_way(control, origin):
    def told(url, **more):
        return refused(control.call, "Describe", route=route(**more), url=url, user_agent=AGENT)

    port = free_port()
    assert told(f"http://localhost:{port}/").name == "Unreachable"
    assert told("http://nowhere.invalid/").name == "Unreachable"
    dead = {"kind": "http", "host": "127.0.0.1", "port": port}
    error = told(origin.url("/17/info"), proxy=dead)
    assert error.name == "ProxyUnreachable" and f"127.0.0.1:{port}" in error.message
    assert told(origin.url("/17/info"), proxy={**dead, "host": "nowhere.invalid"}).name == "ProxyUnreachable"
    assert told(origin.url("/17/info"), proxy={**dead, "kind": "socks5"}).name == "ProxyUnreachable"
    assert told(origin.url("/17/info"), proxy={**dead, "kind": "socks5", "port": origin.port}).name == "ProxyUnreachable"


# TLS

def test_tls(folder, control, authority):
    origin = Server(Origin, make_context(folder, "ours", "localhost"))
    url = origin.url("/17/info")
    good = route(ca_pem=authority)
    told = control.call("Describe", route=good, url=url, user_agent=AGENT)
    assert told["attributes"]["ID"] == "17" and told["traffic"]["verdict"] == "unknown"
    assert control.exchange(good, origin.url("/ocsinventory"))["reply"]["response"] == "SEND"

    def error(**more):
        return refused(control.call, "Describe", route=route(**more), url=more.pop("url", url), user_agent=AGENT)

    for wrong in ({"ca_pem": make_ca(folder, "others")}, {"system_ca": True}):
        told = error(**wrong)
        assert told.name == "Tls" and "CaBundle=" in told.message, told.message
    assert error().name == "Tls"
    assert error(ca_pem="no certificate").name == "Tls"
    assert control.call("Describe", route=route(verify=False), url=url, user_agent=AGENT)["attributes"]["ID"] == "17"
    assert error(ca_pem=(folder / "others.pem").read_text()).name == "Tls", "nothing learnt without verification counts with it"
    plain = Server(Origin)
    told = refused(control.call, "Describe", route=good, url=plain.url("/17/info", "https"), user_agent=AGENT)
    assert told.name == "Tls" and "port" in told.message


def test_tls_names_and_dates(folder, control, authority):
    other = Server(Origin, make_context(folder, "ours", "other.example"))
    error = refused(control.call, "Describe", route=route(ca_pem=authority), url=other.url("/17/info"), user_agent=AGENT)
    assert error.name == "Tls" and '"other.example"' in error.message, error.message
    old = Server(Origin, make_context(folder, "ours", "localhost", "-days", "-1"))
    error = refused(control.call, "Describe", route=route(ca_pem=authority), url=old.url("/17/info"), user_agent=AGENT)
    assert error.name == "Tls" and "clock" in error.message, error.message


# Proxies

def test_proxy_plain(control, origin):
    proxy = make_proxy()
    assert control.exchange(route(proxy), origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    method, path, headers, _ = proxy.log[0]
    assert (method, path) == ("POST", origin.url("/ocsinventory")), "an absolute URI, no tunnel"


def test_proxy_tunnel(folder, control, authority):
    origin = Server(Origin, make_context(folder, "ours", "localhost"))
    proxy = make_proxy(login=("vip", "roxor"))
    more = {"ca_pem": authority, "user": "agent", "password": "s3cret"}
    trailer = control.exchange(route(proxy, **more), origin.url("/login"))
    assert trailer["reply"]["response"] == "SEND" and trailer["traffic"]["verdict"] == "bypass"
    assert [entry[0] for entry in proxy.log] == ["CONNECT"] * len(proxy.log)
    assert not [entry for entry in proxy.log if "Authorization" in entry[2]]
    assert not [entry for entry in origin.log if "Proxy-Authorization" in entry[2]]
    # The server asks for a login and gets it, through the tunnel only.
    assert "Authorization" in origin.log[-1][2]


def test_proxy_refuses_tunnel(control, authority):
    proxy = make_proxy()
    trailer = control.exchange(route(proxy, ca_pem=authority), "https://localhost:1/")
    assert trailer["error"] == "proxy-refused" and "access rules" in trailer["message"]
    proxy = make_proxy(login=("vip", "roxor"), given=("vip", "wrong"))
    trailer = control.exchange(route(proxy, ca_pem=authority), "https://localhost:2/")
    assert trailer["error"] == "proxy-auth" and "ProxyUser=" in trailer["message"] and "wrong" not in trailer["message"]


@pytest.mark.parametrize("digest", [False, True])
def test_proxy_login(control, bulk, origin, digest):
    proxy = make_proxy(login=("vip", "roxor"), digest=digest)
    for _ in range(5):
        _, data, trailer = bulk.fetch(route(proxy), origin.url("/fragment"))
        assert data == FRAGMENT and "error" not in trailer
    assert proxy.refused == 1, "the challenge is remembered"
    assert proxy.connections == 1
    assert control.exchange(route(proxy), origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert not [entry for entry in origin.log if "Proxy-Authorization" in entry[2]]


@pytest.mark.parametrize("digest", [False, True])
def test_proxy_wrong_login(control, bulk, origin, digest):
    right = make_proxy(login=("vip", "roxor"), digest=digest)
    bulk.fetch(route(right), origin.url("/fragment"))
    right.login = {"user": "vip", "password": "wrong", "auth": "any"}
    wire = bulk.connect()
    error = refused(wire.call, "Fetch", {"route": route(right), "url": origin.url("/fragment"), "user_agent": AGENT, "offset": 0,
                                         "validator": None, "refresh": False}, upgrade=True)
    assert error.name == "ProxyAuth" and "ocsinventory.ini" in error.message
    right.login = {}
    trailer = control.exchange(route(right), origin.url("/ocsinventory"))
    assert trailer["error"] == "proxy-auth" and "ProxyAuthRequired=" in trailer["message"]
    right.login = {"user": "vip", "password": "roxor", "auth": "any"}
    assert bulk.fetch(route(right), origin.url("/fragment"))[1] == FRAGMENT


# Describe

def test_describe(control, origin):
    told = control.call("Describe", route=route(), url=origin.url("/17/info"), user_agent=AGENT)
    assert told["attributes"] == {"ID": "17", "ACT": "EXECUTE", "COMMAND": 'a && b > /tmp/x; echo "hi"', "FRAGS": "1"}
    assert told["traffic"]["http_status"] == 200
    assert refused(control.call, "Describe", route=route(), url=origin.url("/18/info"), user_agent=AGENT).name == "BadReply"
    assert refused(control.call, "Describe", route=route(), url=origin.url("/19/info"), user_agent=AGENT).name == "NotFound"
