# SPDX-License-Identifier: GPL-3.0-or-later
"""The caches that a site may have, real ones from Debian's packages: what the courier says of where the bytes came from, and whether it
finds out who can be asked."""

import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

import pytest
from couriertest import AGENT, COURIER, Courier, refused, route
from lab import Lab, wait_for
from peers import FRAGMENT, Handler, Server

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")

# program, whether its miss can be told from an answer that says nothing, whether only-if-cached is obeyed, and no-cache. Debian's ATS is quiet.
KINDS = {
    "squid": ("squid", "miss", True, True),
    "ats": ("traffic_server", "miss", True, False),
    "ats-quiet": ("traffic_server", "unknown", True, False),
    "nginx": ("nginx", "miss", False, False),
    "varnish": ("varnishd", "miss", False, False),
}


class Old(Handler):
    """Gives everybody the same object, which has not changed for long."""

    def do_GET(self):
        self.note()
        if "never" in self.path:
            return self.answer(404, b"no")
        if "slow" in self.path:
            return self.dawdle()
        return self.answer(200, FRAGMENT, [("Last-Modified", "Sun, 01 Nov 2020 10:00:00 GMT"), ("ETag", '"old"')])

    def dawdle(self):
        """The second half comes when the test says so."""
        half = len(FRAGMENT) // 2
        self.send_response(200)
        self.send_header("Content-Length", str(len(FRAGMENT)))
        self.send_header("Last-Modified", "Sun, 01 Nov 2020 10:00:00 GMT")
        self.end_headers()
        self.wfile.write(FRAGMENT[:half])
        self.wfile.flush()
        self.server.go_on.wait(30)
        self.wfile.write(FRAGMENT[half:])
        return None

    do_HEAD = do_GET


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(scope="module")
def bulk(folder):
    courier = Courier(folder, "bulk")
    yield courier
    courier.stop()


@pytest.fixture(scope="module")
def origin():
    server = Server(Old)
    server.go_on = threading.Event()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def lab(origin):
    """All caches that are installed, before one origin."""
    if os.geteuid() != 0:
        pytest.skip("the lab needs root")
    os.environ["PATH"] += ":/usr/sbin"
    there = [kind for kind, row in KINDS.items() if shutil.which(row[0])]
    if not there:
        pytest.skip("no cache is installed: run tests/lab/lab.sh install")
    parts = (["--squid=plain"] if "squid" in there else []) + ["--cache=" + ",".join(kind for kind in there if kind != "squid")] * (there != ["squid"])
    place = Path(tempfile.mkdtemp(prefix="ocs-caches.", dir="/tmp"))
    place.chmod(0o755)
    try:
        with Lab(place, *parts, origin=f"127.0.0.1:{origin.port}") as running:
            running.there = there
            yield running
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(params=KINDS)
def cache(request, lab):
    if request.param not in lab.there:
        pytest.skip(f"{KINDS[request.param][0]} is not installed: run tests/lab/lab.sh install")
    port = int(lab[request.param.upper().replace("-", "_") + "_PORT"])
    return request.param, route({"kind": "http", "host": "127.0.0.1", "port": port})


def verdict(bulk, way, url, **more):
    _, data, trailer = bulk.fetch(way, url, **more)
    assert data == FRAGMENT and "error" not in trailer
    return trailer["traffic"]["verdict"]


def crossed(origin, path):
    return len([entry for entry in origin.log if entry[1].endswith(path)])


def test_verdicts(bulk, origin, cache):
    kind, way = cache
    path = f"/17/17-1-{kind}"
    url = f"http://127.0.0.1:{origin.port}{path}"
    _, miss, _, obeys_no_cache = KINDS[kind]
    assert verdict(bulk, way, url) == miss
    time.sleep(1.2)  # Traffic Server says an age of 0 until then
    seen = [verdict(bulk, way, url) for _ in range(3)]
    assert seen == ["hit"] * 3
    assert crossed(origin, path) == 1, "it says hit and it was one"
    again = verdict(bulk, way, url, refresh=True)
    assert (again, crossed(origin, path)) == (("miss", 2) if obeys_no_cache else ("hit", 1))


def probe(bulk, way, url):
    told = bulk.call("Probe", route=way, url=url, user_agent=AGENT)
    return told["held"], told["traffic"]["http_status"]


def test_who_can_be_asked(bulk, origin, cache):
    """What nobody has is asked for, under a name that no server has: where 504 comes the cache listens, all else comes from the server."""
    kind, way = cache
    path = f"/17/never-{kind}?1234"
    listens = KINDS[kind][2]
    held, status = probe(bulk, way, f"http://127.0.0.1:{origin.port}{path}")
    assert not held and (status == 504) == listens
    assert crossed(origin, path) == (0 if listens else 1)
    if not listens:
        return
    url = f"http://127.0.0.1:{origin.port}/17/17-2-{kind}"
    assert probe(bulk, way, url) == (False, 504)
    bulk.fetch(way, url)
    assert probe(bulk, way, url) == (True, 200)


@pytest.mark.parametrize("cache", [kind for kind, row in KINDS.items() if row[2]], indirect=True)
def test_what_comes_for_another(bulk, origin, cache):
    """Traffic Server holds back its no while it writes the object; Squid, however far away, has nothing to hold back."""
    kind, way = cache
    path = f"/17/slow-{kind}"
    url = f"http://127.0.0.1:{origin.port}{path}"
    origin.go_on.clear()
    fetching = threading.Thread(target=bulk.fetch, args=(way, url))
    fetching.start()
    try:
        wait_for(lambda: crossed(origin, path) == 1, 20, "somebody else's request")
        time.sleep(0.3)  # the head of the answer has to reach the cache
        told = bulk.call("Probe", route=way, url=url, user_agent=AGENT)
    finally:
        origin.go_on.set()
        fetching.join(30)
    assert told.get("coming", False) == kind.startswith("ats"), told
    assert crossed(origin, path) == 1
    told = bulk.call("Probe", route=way, url=url, user_agent=AGENT)
    assert told["held"] and "coming" not in told


def test_tunnels(folder, origin, cache):
    """nginx and Varnish know no CONNECT, and that is said."""
    kind, way = cache
    control = Courier(folder, "control")
    try:
        way = {**way, "verify": False}
        error = refused(control.call, "Describe", route=way, url=f"https://127.0.0.1:{origin.port}/17/info", user_agent=AGENT)
    finally:
        control.stop()
    print(f"{kind}: {error.message}")
    if kind in ("nginx", "varnish"):
        assert error.name == "ProxyRefused" and "knows no tunnels" in error.message
    else:
        assert error.name in ("Tls", "BadReply", "Interrupted"), "through the tunnel nobody speaks TLS here"
