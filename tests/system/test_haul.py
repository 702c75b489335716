# SPDX-License-Identifier: GPL-3.0-or-later
"""Many small fragments out of a cache by one call of the courier: what it gives for it, what the worker makes of lies, and a real Squid that
holds all but one."""
import collections
import os
import shutil
import subprocess

import pytest
from couriertest import AGENT, bulk, folder, origin, refused, route  # noqa: F401
from lab import TestServer, make_archive, make_package, wait_for
from machine import Machine
from peers import FRAGMENT, make_proxy
from test_lies import ID, contact, liar, reported  # noqa: F401

FRAGS = 120
WRONG_BYTES = ("haul in other order", "haul with a long one")


def haul(bulk, way, *urls, held=True):
    """[(bytes, trailer)] of what comes."""
    wire = bulk.connect()
    wire.call("Fetch", {"route": way, "url": urls[0], "user_agent": AGENT, "offset": 0, "refresh": False, "held": held, "also": list(urls[1:])},
              upgrade=True)
    came = [wire.read_all()]
    while came[-1][1].get("more"):
        came.append(wire.read_all())
    return came


def test_one_after_the_other(bulk, origin):
    proxy = make_proxy()
    came = haul(bulk, route(proxy), *(origin.url(f"/held{i}") for i in range(20)))
    assert [data for data, _ in came] == [FRAGMENT] * 20
    assert all(trailer["traffic"]["verdict"] == "hit" and trailer["traffic"]["bytes"] == len(FRAGMENT) for _, trailer in came)
    assert [entry[1].rsplit("/", 1)[1] for entry in proxy.log] == [f"held{i}" for i in range(20)]
    assert all(headers["Cache-Control"] == "only-if-cached, max-stale=604800" for _, _, headers, _ in proxy.log)
    assert origin.log == []


@pytest.mark.parametrize("odd,nick", [("/fragment", "not-found"), ("/denied", "proxy-refused"), ("no URL", "invalid-data"), (None, "invalid-data")])
def test_ends_with_the_first_that_does_not_come(bulk, origin, odd, nick):
    proxy = make_proxy()
    urls = [origin.url("/held1"), origin.url(odd) if odd and odd[0] == "/" else odd, origin.url("/held2")]
    came = haul(bulk, route(proxy), *urls)
    assert [data for data, _ in came] == [FRAGMENT, b""]
    assert came[1][1]["error"] == nick, came[1][1]
    assert not any(entry[1].endswith("/held2") for entry in proxy.log) and origin.log == []


def test_only_of_a_cache(bulk, origin):
    """Without an HTTP proxy the server itself would answer; and what is not to be held has nothing beside it."""
    assert refused(haul, bulk, route(), origin.url("/held1"), origin.url("/held2")).name == "NotFound"
    assert len(haul(bulk, route(), origin.url("/fragment"), origin.url("/fragment"), held=False)) == 1


@pytest.mark.parametrize("lie", ["haul", "haul without more", "haul that fails", "haul with others", "haul in other order", "haul cut off",
                                 "haul with a long one", "haul that promises"])
def test_a_lie_costs_a_while(liar, lie):
    """What did not come is fetched in its turn, what came wrong is found out before it is run, and no file is written but those asked for."""
    machine, folder = liar(lie)
    machine.config.write_text(machine.config.read_text() + "ProxyType=1\nProxy=127.0.0.1\nProxyPort=9\n")
    (folder / "archive").write_bytes(make_archive({"x": os.urandom(40_000)}))
    with machine.start():
        contact(machine)
        if lie in WRONG_BYTES:
            wait_for(lambda: "the digest" in machine.said(), what="that it is found out")
            assert not (folder / "mark").exists() and not reported(folder)
            return
        machine.wait_result(ID)
        assert (folder / "mark").exists() and reported(folder)[0] == "SUCCESS"
        counts = [int(line) for line in (folder / "hauls").read_text().split()]
        assert max(counts) > 10 and sum(counts) >= 200


def warm(proxy, server, numbers):
    urls = [word for i in numbers for word in ("-o", "/dev/null", f"{server.base}/download/{ID}/{ID}-{i}")]
    subprocess.run(["curl", "-sSf", "-x", proxy, *urls], check=True, timeout=60)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("squid", path=os.environ["PATH"] + ":/usr/sbin"), reason="needs root and squid")
def test_all_but_one_are_held(squid_lab, tmp_path, tls):
    """Of a real Squid: each fragment is asked for, once as a rule, and the one that it lacks crosses the line."""
    with TestServer(tmp_path / "server", ca=tls) as server:
        proxy, log = squid_lab.squid()
        machine = Machine(tmp_path / "machine", Server=server.url, CaBundle=server.ca, ProxyType=1, Proxy="127.0.0.1", ProxyPort=squid_lab["SQUID_PORT"])
        assert machine.once() == 0, machine.said()
        server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
        server.add_package(make_package(tmp_path / "packages", ID, archive=make_archive({"x": os.urandom(300_000)}), frags=FRAGS, command="true"))
        lacking = FRAGS // 2
        warm(proxy, server, [i for i in range(1, FRAGS + 1) if i != lacking])
        server.clear_log()
        before = len(log.read_text().splitlines())
        machine.environment["G_MESSAGES_DEBUG"] = "ocs-duty"
        assert machine.once(100) == 0, machine.said()
        assert server.result(ID, machine.identity()) == "SUCCESS"
        said = machine.said()
        assert "all of it is here" in said and said.count("-DEBUG") == said.count("ocs-duty-DEBUG"), "one domain's words are shown, and no other's"
        gets = [entry["path"] for entry in server.log(f"/download/{ID}/{ID}-*", method="GET")]
        assert gets == [f"/download/{ID}/{ID}-{lacking}"], gets
        lines = [line.split() for line in log.read_text().splitlines()[before:]]
        hits = collections.Counter(url for _, _, _, code, _, method, url, *_ in lines if method == "GET" and "HIT" in code and f"/{ID}-" in url)
        # libcurl asks again, by itself, where a kept connection died under a request.
        assert len(hits) == FRAGS - 1 and hits.total() <= FRAGS * 1.1, f"{hits}\n{log.read_text()}\n{said}"
