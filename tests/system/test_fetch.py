# SPDX-License-Identifier: GPL-3.0-or-later
"""Fragments by ocs-courier: what a cache is asked for, what comes of it, resumed, cut, stalled and never read."""
import hashlib
import threading
import time

import pytest
from couriertest import AGENT, COURIER, Courier, bulk, folder, origin, refused, route  # noqa: F401
from peers import FRAGMENT, make_proxy

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")


# Probe

def test_probe(bulk, origin):
    proxy = make_proxy()

    def probe(path, via=proxy):
        return bulk.call("Probe", route=route(via), url=origin.url(path), user_agent=AGENT)

    told = probe("/held")
    assert told["held"] is True and told["traffic"]["verdict"] == "hit"
    method, _, headers, _ = proxy.log[0]
    assert method == "HEAD" and headers["Cache-Control"] == "only-if-cached, max-stale=604800"
    told = probe("/fragment")
    assert told["held"] is False and told["traffic"]["verdict"] == "miss" and told["traffic"]["http_status"] == 504
    assert refused(probe, "/denied").name == "ProxyRefused"
    assert probe("/fragment", via=None)["held"] is False
    assert origin.log == []
    proxy = make_proxy(login=("vip", "roxor"), given=("vip", "wrong"))
    assert refused(probe, "/held", via=proxy).name == "ProxyAuth"


# Fetch

def test_fetch(bulk, origin):
    head, data, trailer = bulk.fetch(route(), origin.url("/fragment"))
    assert head == {"offset": 0, "size": len(FRAGMENT), "validator": '"one"'}
    assert data == FRAGMENT
    assert trailer["traffic"]["bytes"] == len(FRAGMENT) and trailer["traffic"]["verdict"] == "hit" and "error" not in trailer
    headers = origin.log[0][2]
    assert headers["Cache-Control"] == "max-stale=604800"
    assert not {"Range", "If-Range", "Pragma", "Accept-Encoding"} & set(headers)


def test_fetch_resumes(bulk, origin):
    head, data, trailer = bulk.fetch(route(), origin.url("/fragment"), 1000, '"one"')
    assert head == {"offset": 1000, "size": len(FRAGMENT), "validator": '"one"'} and data == FRAGMENT[1000:]
    assert trailer["traffic"]["bytes"] == len(FRAGMENT) - 1000
    assert origin.log[0][2]["Range"] == "bytes=1000-" and origin.log[0][2]["If-Range"] == '"one"'
    head, data, _ = bulk.fetch(route(), origin.url("/fragment"), 1000, '"old"')
    assert head["offset"] == 0 and data == FRAGMENT, "the object has changed: from its start"
    head, data, _ = bulk.fetch(route(), origin.url("/fragment"), 1000, None)
    assert head["offset"] == 0 and "Range" not in origin.log[-1][2]


def test_fetch_refresh(bulk, origin):
    head, data, trailer = bulk.fetch(route(), origin.url("/fragment"), 1000, '"one"', refresh=True)
    assert head["offset"] == 0 and data == FRAGMENT
    assert origin.log[0][2]["Cache-Control"] == "no-cache" and "Range" not in origin.log[0][2]


@pytest.mark.parametrize("path,offset,name", [
    ("/missing", 0, "NotFound"), ("/fragment", 1 << 30, "InvalidData"), ("/other_part", 5, "InvalidData"), ("/other_part", 0, "InvalidData"),
    ("/changed_part", 5, "InvalidData"), ("/squid_page", 0, "Unreachable"),
])
def test_fetch_errors(bulk, origin, path, offset, name):
    assert refused(bulk.fetch, route(), origin.url(path), offset, '"one"').name == name


@pytest.mark.parametrize("path", ["/portal", "/moved"])
def test_pages_are_no_fragments(bulk, origin, path):
    """Without a proxy it is the network that wants a login, with one it may be the proxy: somebody has to look."""
    error = refused(bulk.fetch, route(), origin.url(path))
    assert error.name == "Unreachable" and "browser" in error.message and "secret" not in error.message
    proxy = make_proxy()
    error = refused(bulk.fetch, route(proxy), origin.url(path))
    assert error.name == "BadReply" and str(proxy.port) in error.message and "secret" not in error.message


def test_fetch_retry_after(bulk, origin):
    error = refused(bulk.fetch, route(), origin.url("/busy"))
    assert error.name == "Busy" and error.args[1]["retry_after"] == 99


def test_fetch_empty(bulk, origin):
    head, data, trailer = bulk.fetch(route(), origin.url("/nothing"))
    assert head["size"] == 0 and data == b"" and "error" not in trailer


def test_fetch_cut(bulk, origin):
    head, data, trailer = bulk.fetch(route(), origin.url("/cut"))
    assert data == FRAGMENT[:1000] and trailer["error"] == "interrupted" and head["size"] == len(FRAGMENT)


def test_fetch_stall(bulk, origin):
    head, data, trailer = bulk.fetch(route(stall_timeout=1), origin.url("/stall"))
    assert data == b"12345" and trailer["error"] == "timed-out"


def test_fetch_waits_for_its_reader(bulk, origin):
    before = bulk.memory()
    wire = bulk.connect()
    wire.call("Fetch", {"route": route(stall_timeout=1), "url": origin.url("/large"), "user_agent": AGENT, "offset": 0, "refresh": False},
              upgrade=True)
    time.sleep(9)  # longer than the transfer may stall: a pause of ours is no stall
    assert not [entry for entry in origin.log if entry[0] == "DONE"]
    assert bulk.memory() - before < 48 << 20
    # Others are served meanwhile.
    assert bulk.fetch(route(), origin.url("/fragment"))[1] == FRAGMENT
    size, digest = 0, hashlib.sha1()
    for block in wire.blocks():
        size += len(block)
        digest.update(block)
    assert "error" not in wire.read_message()
    assert size == 256 << 20 and digest.digest() == hashlib.sha1(FRAGMENT * 256).digest()
    assert bulk.memory() - before < 48 << 20


def test_fetch_given_up(bulk, origin):
    wire = bulk.connect()
    wire.call("Fetch", {"route": route(), "url": origin.url("/forever"), "user_agent": AGENT, "offset": 0, "refresh": False}, upgrade=True)
    next(wire.blocks())
    wire.socket.close()
    deadline = time.monotonic() + 10
    while not [entry for entry in origin.log if entry[0] == "GONE"]:
        assert time.monotonic() < deadline, "the transfer goes on without a reader"
        time.sleep(0.05)


def test_many_at_once(bulk, origin):
    results = []
    threads = [threading.Thread(target=lambda: results.append(bulk.fetch(route(), origin.url("/fragment"))[1] == FRAGMENT)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 20


def test_told_to_stop_while_busy(folder, origin):
    (folder / "busy").mkdir()
    courier = Courier(folder / "busy", "bulk")
    wire = courier.connect()
    wire.call("Fetch", {"route": route(), "url": origin.url("/forever"), "user_agent": AGENT, "offset": 0, "refresh": False}, upgrade=True)
    courier.stop()
