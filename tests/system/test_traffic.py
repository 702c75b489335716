# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker learns of its proxy and remembers: where the bytes came from, by day and by proxy; whether the cache can be asked; what
it does not keep. Real caches."""
import datetime
import json
import os
import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path

import pytest
from lab import Lab, TestServer, make_package, wait_for
from machine import Machine
from peers import pump

OLD = time.time() - 172800
NOT_KEPT = 1700005013
EXTRA = f"acl unkept urlpath_regex /{NOT_KEPT}/\ncache deny unkept"


@pytest.fixture(scope="module")
def place():
    if os.geteuid() != 0:
        pytest.skip("the lab needs root")
    os.environ["PATH"] += ":/usr/sbin"
    if not shutil.which("squid") or not shutil.which("nginx"):
        pytest.skip("squid or nginx is not installed: run tests/lab/lab.sh install")
    folder = Path(tempfile.mkdtemp(prefix="ocs-traffic.", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def lab(place):
    with Lab(place / "lab", "--squid=plain", "--cache=nginx", squid_extra=EXTRA) as running:
        yield running


@pytest.fixture
def server(place, tls):
    with TestServer(place / "server", ca=tls) as running:
        yield running


@pytest.fixture
def machines(tmp_path, server):
    made = []

    def make(port):
        machine = Machine(tmp_path / f"machine{len(made)}", Server=server.url, CaBundle=server.ca, ProxyType=1, Proxy="127.0.0.1",
                          ProxyPort=port)
        if made:
            time.sleep(1.1)  # a DEVICEID has the name of the host and the second
        made.append(machine)
        assert machine.once() == 0, machine.said()
        return machine

    yield make
    for machine in made:
        machine.stop(9)


def book(machine):
    pages = json.loads((machine.state / "counters.json").read_text())["proxies"]
    assert len(pages) == 1
    return pages[0]


def manners_asked(server):
    return [entry for entry in server.log("/download/*") if "-0" in entry["path"].rsplit("/", 1)[1]]


def test_bytes_by_day_and_by_proxy(lab, server, machines, tmp_path):
    first, second = machines(lab["SQUID_PORT"]), machines(lab["SQUID_PORT"])
    package = make_package(tmp_path / "p", 1700005011, {"data": os.urandom(300_000)}, frags=3, command="true", mtime=OLD)
    server.add_package(package)
    for machine in (first, second):
        assert machine.once() == 0, machine.said()
    size, today = package["size"], datetime.date.today().isoformat()
    for machine, cache, line in ((first, 0, size), (second, size, 0)):
        page = book(machine)
        assert (page["name"], page["manners"]) == (f"127.0.0.1:{lab['SQUID_PORT']}", "askable")
        assert (page["from_cache"], page["from_wan"]) == (cache, line)
        # Still so in the next life, and for whoever may look.
        machine.start()
        assert machine.call("GetTraffic")["days"] == [{"day": today, "from_cache": cache, "from_wan": line}]
        status = machine.status()
        assert (status["proxy"]["from_cache"], status["proxy"]["from_wan"]) == (cache, line)
        gone = machine.package(1700005011)
        assert (gone["from_cache"], gone["from_wan"]) == (cache, line)
        machine.stop()
    assert not manners_asked(server), "Squid was asked for what nobody has, and did not ask the server"


@pytest.fixture
def front(lab):
    """nginx knows no tunnels, which info needs: a front hands those through."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(peer):
        line = peer.recv(4096, socket.MSG_PEEK)
        if line.startswith(b"CONNECT "):
            host, port = peer.recv(4096).split()[1].decode().split(":")
            other = socket.create_connection((host, int(port)))
            peer.sendall(b"HTTP/1.1 200 here\r\n\r\n")
        else:
            other = socket.create_connection(("127.0.0.1", int(lab["NGINX_PORT"])))
        threading.Thread(target=pump, args=(other, peer), daemon=True).start()
        pump(peer, other)

    def accept():
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(peer,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def test_manners_are_learnt_once(front, server, machines, tmp_path):
    """nginx does not listen: it asks the server for what nobody has, once, and for nothing that is large."""
    machine = machines(front)
    for number in (1700005014, 1700005015):
        package = make_package(tmp_path / "p", number, {"data": os.urandom(50_000)}, frags=2, command="true", mtime=OLD)
        server.add_package(package)
        assert machine.once() == 0, machine.said()
        assert server.bytes_sent(f"/download/{number}/{number}-[12]") == package["size"], "asking costs no fragment"
    assert book(machine)["manners"] == "deaf"
    assert len(manners_asked(server)) == 1, "also not in the next life of the worker"
    assert [entry["method"] for entry in server.log("/download/1700005015/1700005015-*")] == ["GET", "GET"]


def test_what_is_not_kept_is_said(lab, server, machines, tmp_path):
    machine = machines(lab["SQUID_PORT"])
    for number, size in ((1700005012, 40_000), (NOT_KEPT, 3_000_000)):
        server.add_package(make_package(tmp_path / "p", number, {"data": os.urandom(size)}, command="true", mtime=OLD))
    with machine.start():
        machine.call("Contact")
        for number in (1700005012, NOT_KEPT):
            machine.wait_result(number)
        warnings = wait_for(lambda: machine.status()["warnings"], 10, "a warning")
        assert len(warnings) == 1 and "but not 2.9 MB" in warnings[0] and "largest object size" in warnings[0], warnings
    assert book(machine)["kept"] >= 40_000
