# SPDX-License-Identifier: GPL-3.0-or-later
"""'ocsctl proxy test': what it says of each kind of proxy, working and broken. Real caches where they are installed."""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
from lab import Lab, TestServer, make_package, seal
from machine import Machine, Varlink, VarlinkError

OCSCTL = os.environ.get("OCSCTL", "")
OLD = time.time() - 172800
NUMBER = 1700006001
NAMES = ["resolve", "connect", "login", "tunnel", "server", "fetch", "again", "cache", "clock"]
LETTER = {"ok": "o", "warning": "w", "failed": "f", "skipped": "-"}

pytestmark = pytest.mark.skipif(not OCSCTL, reason="OCSCTL names no program")


@pytest.fixture(scope="module")
def place():
    if os.geteuid() != 0:
        pytest.skip("the lab needs root")
    os.environ["PATH"] += ":/usr/sbin"
    if not all(map(shutil.which, ("squid", "nginx", "varnishd", "traffic_server"))):
        pytest.skip("a cache is not installed: run tests/lab/lab.sh install")
    folder = Path(tempfile.mkdtemp(prefix="ocs-diagnosis.", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def server(place):
    """Offers a package, which is small enough to be tried with."""
    with TestServer(place / "server") as running:
        running.add_package(make_package(place / "p", NUMBER, {"x": b"1" * 1000}, command="true", mtime=OLD))
        yield running


@pytest.fixture(scope="module")
def lab(place, server):
    extra = "acl unkept urlpath_regex /ocsreports/\ncache deny unkept"
    with Lab(place / "lab", "--squid=plain,basic,digest", "--cache=nginx,varnish,ats,ats-quiet", origin=f"127.0.0.1:{server.port}",
             squid_extra=extra) as running:
        yield running


def through(port, **more):
    return {"ProxyType": 1, "Proxy": "127.0.0.1", "ProxyPort": port, **more}


class Site(Machine):
    def __init__(self, folder, server, **http):
        super().__init__(folder, **{"Server": server.url, "CaBundle": server.ca, **http})

    def test(self):
        """(exit status, the steps by name, their results as letters, what is said of a failure)."""
        done = subprocess.run([OCSCTL, f"--socket={self.runtime}/worker.sock", "--json", "proxy", "test"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120, env={**os.environ, "LC_ALL": "C"})
        steps = json.loads(done.stdout)["steps"]
        assert [step["name"] for step in steps] == NAMES
        for step in steps:
            assert (step["result"] in ("failed", "warning")) == ("reason" in step), step
        letters = "".join(LETTER[step["result"]] for step in steps)
        print(f"{letters}  {done.stderr.strip()}")
        return done.returncode, {step["name"]: step for step in steps}, letters, done.stderr

    def knows_package(self):
        assert self.once() == 0 and self.once() == 0, self.said()
        assert self.package_is_known(), self.said()
        return self

    def package_is_known(self):
        return (self.state / "packages" / str(NUMBER) / "state.json").exists()


@pytest.fixture
def site(tmp_path, server):
    made = []

    def make(**http):
        made.append(Site(tmp_path / f"machine{len(made)}", server, **http))
        return made[-1]

    yield make
    for machine in made:
        machine.stop(9)


# resolve, connect, login, tunnel, server, fetch, again, cache, clock
@pytest.mark.parametrize("kind, tls, letters", [("squid", False, "oo--ooooo"), ("squid", True, "oo-oooooo"), ("ats", True, "oo-oooooo"),
                                                ("ats-quiet", False, "oo--ooooo")])
def test_caches_that_keep(lab, server, site, kind, tls, letters):
    port = lab[kind.upper().replace("-", "_") + "_PORT"]
    machine = site(**through(port, **({"Server": server.tls_url} if tls else {}))).knows_package()
    with machine.start():
        status, steps, seen, _ = machine.test()
        assert (status, seen) == (0, letters)
        assert "second time it came from the cache" in steps["cache"]["detail"]


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_logins(lab, server, site, scheme):
    port = lab[f"SQUID_{scheme.upper()}_PORT"]
    good = through(port, Server=server.tls_url, ProxyAuthRequired=1, ProxyUser=seal(lab["PROXY_USER"]), ProxyPwd=seal(lab["PROXY_PASSWORD"]))
    with site(**good).start() as machine:
        status, steps, seen, _ = machine.test()
        assert status == 0 and seen.startswith("ooooo"), steps
        assert scheme in steps["login"]["detail"]
    with site(**{**good, "ProxyPwd": seal("wrong-password")}).start() as machine:
        status, steps, seen, said = machine.test()
        assert (status, seen[:5]) == (1, "oof--") and steps["login"]["reason"]["code"] == "proxy-auth"
        assert scheme in steps["login"]["detail"] and "ProxyPwd=" in said and "wrong-password" not in json.dumps(steps)
    with site(**through(port, Server=server.url)).start() as machine:
        status, steps, seen, said = machine.test()
        assert (status, seen[:5]) == (1, "oof--") and "ProxyAuthRequired=1" in said


def test_no_tunnels(lab, server, site):
    for kind in ("NGINX", "VARNISH"):
        with site(**through(lab[f"{kind}_PORT"], Server=server.tls_url)).start() as machine:
            status, steps, seen, said = machine.test()
            assert (status, seen[:5]) == (1, "oo-f-") and "tunnel" in said  # Varnish asks the server, which does not know CONNECT


def listen(answer):
    """A proxy that says one thing, or with None nothing at all. Returns its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            peer, _ = listener.accept()
            peer.recv(65536)
            if answer is not None:
                peer.sendall(answer)
                peer.close()
            else:
                threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
                held.append(peer)

    held = []
    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 37\r\nConnection: close\r\n\r\n<!DOCTYPE html><html>log in</html>\r\n \n"


@pytest.mark.parametrize("name, answer, tls, letters, words", [
    ("page as 200", PAGE, False, "oo--f", "web page"),
    ("refuses CONNECT", b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", True, "oo-f-", "allow CONNECT"),
    ("refuses http", b"HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\nContent-Length: 0\r\n\r\n", False, "oo--f", "access rules"),
    ("hangs up", b"", False, "oo--f", "without an answer"),
    ("speaks no HTTP", b"220 mail.example ESMTP\r\n", False, "oo--f", "as a web server does"),
    ("stalls", None, False, "oo--f", "says a word"),
    ("stalls in CONNECT", None, True, "oo-f-", "in time"),
    ("moved", b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/?token=secret\r\nContent-Length: 0\r\n\r\n", False, "oo--f", "points elsewhere"),
])
def test_broken_proxies(server, site, name, answer, tls, letters, words):
    machine = site()
    machine.ini(HTTP=through(listen(answer), Server=server.tls_url if tls else server.url, CaBundle=server.ca),
                OCS_Companion={"StallTimeout": 10, "ConnectTimeout": 3})
    with machine.start():
        began = time.monotonic()
        status, steps, seen, said = machine.test()
        assert time.monotonic() - began < 60, "nothing hangs past its limits"
        assert (status, seen[:5]) == (1, letters) and words in said and "secret" not in json.dumps(steps), (name, steps)


def test_nothing_there(site, server):
    with site(**through(9)).start() as machine:
        status, steps, seen, said = machine.test()
        assert (status, seen) == (1, "of-------") and "does not answer" in said and steps["connect"]["reason"]["code"] == "proxy-unreachable"
    with site(**through(9, Proxy="no-such-host.invalid")).start() as machine:
        status, steps, seen, said = machine.test()
        assert (status, seen) == (1, "f--------") and "not known" in said


def test_why_it_is_not_kept(lab, server, site, place):
    """Squid, which may not keep what lies there: it came twice and crossed the line twice; and a server that forbids it."""
    server.rule("/ocsreports/favicon.ico", body="icon", content_type="image/x-icon", status=200)
    with site(**through(lab["SQUID_PORT"])).start() as machine:
        status, steps, seen, _ = machine.test()
        assert (status, seen) == (0, "oo--ooowo") and "keeps nothing" in steps["cache"]["reason"]["message"], steps
    server.clear_rules()
    server.rule("/ocsreports/favicon.ico", body="icon", content_type="image/x-icon", status=200, headers={"Cache-Control": "no-store"})
    with site(**through(lab["ATS_PORT"])).start() as machine:
        status, steps, seen, _ = machine.test()
        assert (status, seen) == (0, "oo--ooowo") and "no-store" in steps["cache"]["reason"]["message"], steps
    server.clear_rules()


def test_direct_and_strangers(server, site):
    """Without a proxy there is nothing to keep; who may not see hosts sees plain words; one test at a time."""
    with site().start() as machine:
        status, steps, seen, _ = machine.test()
        assert status == 0 and seen[:5] == "oo--o" and steps["cache"]["result"] == "skipped"
        server.rule("/ocsinventory*", delay_ms=3000, times=1)
        with Varlink(machine.runtime / "worker.sock") as first, Varlink(machine.runtime / "worker.sock") as second:
            first.send("org.ocscompanion.Worker.TestProxy", {}, more=True)
            time.sleep(0.5)
            second.send("org.ocscompanion.Worker.TestProxy", {}, more=True)
            with pytest.raises(VarlinkError) as refused:
                second.receive()
            assert refused.value.name == "Busy"
            # Who goes away in the middle leaves nothing behind.
        server.clear_rules()
        time.sleep(0.2)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                with Varlink(machine.runtime / "worker.sock") as again:
                    again.send("org.ocscompanion.Worker.TestProxy", {}, more=True)
                    assert again.receive()["step"]["name"] == "resolve"
                    break
            except VarlinkError:
                time.sleep(0.2)
        else:
            raise AssertionError("the first test never ended")
        assert machine.status()["state"]


def test_nobody_set_a_server(site):
    machine = site()
    machine.ini(HTTP={})
    with machine.start():
        done = subprocess.run([OCSCTL, f"--socket={machine.runtime}/worker.sock", "proxy", "test"], capture_output=True, text=True)
        assert done.returncode == 1 and "Server=" in done.stderr
