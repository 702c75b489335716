# SPDX-License-Identifier: GPL-3.0-or-later
"""A deployment whose fragments come by a proxy that is broken, in every way: the package waits and says why, the server is told nothing final,
and nothing hangs. A real worker; servers and proxies on loopback."""
import concurrent.futures
import itertools
import time
from pathlib import Path

import pytest
from couriertest import COURIER
from faults import Fault
from lab import free_port, make_package, wait_for
from machine import Machine
from peers import Handler, Server

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")

CONNECT, STALL = 3, 10  # seconds
# A small inventory: of many machines at once.
BOARD = Path(__file__).resolve().parent.parent / "machines/arm-board"
# ProxyType and what it speaks.
KINDS = {"http": (1, "http"), "https": (4, "https"), "socks4": (2, "socks4"), "socks4a": (5, "socks4"), "socks5": (3, "socks5")}
FAULTS = ("down", "wrong port", "refuses", "stalls", "resets", "page")
# What the package says, and a word of it. Of a kind and fault, or of the fault alone.
EXPECTED = {
    "down": ("proxy-unreachable", "ProxyPort="),
    "wrong port": ("proxy-unreachable", "ProxyPort="),
    ("http", "wrong port"): ("not-found", "is no proxy"),
    ("https", "wrong port"): ("tls", "ProxyType=1"),
    "refuses": ("unreachable", "proxy's log"),
    ("http", "refuses"): ("refused", "proxy"),
    ("https", "refuses"): ("refused", "proxy"),
    ("socks5", "refuses"): ("proxy-refused", "rules"),
    "stalls": ("proxy-unreachable", "ProxyPort="),
    ("http", "stalls"): ("timed-out", "proxy"),
    ("https", "stalls"): ("timed-out", "proxy"),
    "resets": ("proxy-unreachable", "ProxyPort="),
    "page": ("proxy-unreachable", "ProxyType="),
    ("http", "page"): ("bad-reply", "proxy"),
    ("https", "page"): ("bad-reply", "proxy"),
}


class Web(Handler):
    """A web server that is no proxy."""

    def everything(self):
        self.note()
        self.answer(404, b"<html>not here</html>")

    do_GET = do_POST = do_HEAD = everything


def broken(server, folder, number, kind, fault, port):
    identity = f"broken{number}-2026-01-01-00-00-00"
    package = make_package(folder / "package", str(1700000100 + number), {"a": b"x" * 60000}, action="STORE", path=str(folder / "stored"), frags=2)
    with Machine(folder / "machine") as machine:
        machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca, "ProxyType": KINDS[kind][0], "Proxy": "localhost",
                          "ProxyPort": port},
                    OCS_Companion={"DEVICEID": identity, "ProxyCa": server.ca, "ProxyFor": "fragments", "ConnectTimeout": CONNECT, "StallTimeout": STALL})
        machine.environment["OCS_INVENTORY_ROOT"] = str(BOARD)
        machine.start()
        assert machine.send_inventory()[1]["kind"] == "sent", machine.said()
        server.add_package(package, devices=[identity])
        machine.outcome(machine.call("Contact")["serial"])
        found = wait_for(lambda: (machine.package(package["id"]) or {}).get("reason"), 120, f"a reason of {kind}, {fault}")
        step = machine.package(package["id"])["step"]
        # The others of its kind are served meanwhile: a contact does not wait for the package.
        assert machine.outcome(machine.call("Contact")["serial"])["kind"] in ("contacted", "sent")
        return found, step, server.result(package["id"], identity), machine.status()["state"]


def test_every_fault(server, tls, tmp_path):
    web, faults, jobs, problems = Server(Web), [], {}, []
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for number, (kind, fault) in enumerate(itertools.product(KINDS, FAULTS)):
            port = web.port if fault == "wrong port" else free_port()
            if fault in ("stalls", "resets", "refuses", "page"):
                faults.append(Fault(fault, KINDS[kind][1], (tls / "server.pem", tls / "server.key")))
                port = faults[-1].port
            folder = tmp_path / f"broken{number}"
            folder.mkdir()
            jobs[kind, fault] = pool.submit(broken, server, folder, number, kind, fault, port)
        for case, job in jobs.items():
            reason, step, result, state = job.result()
            print(f"{case}: {state}, {step}, {reason['code']}: {reason['message']}")
            code, word = EXPECTED.get(case) or EXPECTED[case[1]]
            if reason["code"] != code or word not in reason["message"] or "fragment" not in reason["message"]:
                problems.append(f"{case}: wanted {code}, {word}; told {reason}")
            if step != "fetching" or result not in (None, "NOTIFIED") or state == "not_running":
                problems.append(f"{case}: {step}, {result}, {state}")
    for fault in faults:
        fault.close()
    assert not problems, "\n".join(problems)


def test_mended_it_goes_on(server, tmp_path):
    """Another try is all that is needed once somebody has mended the way: the setting counts at once."""
    folder = tmp_path / "mended"
    folder.mkdir()
    package = make_package(folder / "package", "1700000200", {"a": b"x" * 60000}, action="STORE", path=str(folder / "stored"), frags=2,
                           mtime=time.time() - 172800)
    companion = {"ProxyFor": "fragments", "ConnectTimeout": CONNECT, "StallTimeout": STALL}
    http = {"Server": server.url, "CaBundle": server.ca}
    with Machine(folder / "machine") as machine:
        machine.ini(HTTP={**http, "ProxyType": 1, "Proxy": "localhost", "ProxyPort": free_port()}, OCS_Companion=companion)
        machine.start()
        assert machine.send_inventory()[1]["kind"] == "sent"
        server.add_package(package)
        machine.outcome(machine.call("Contact")["serial"])
        wait_for(lambda: (machine.package(package["id"]) or {}).get("reason"), 60, "a reason")
        machine.ini(HTTP=http, OCS_Companion=companion)
        machine.outcome(machine.call("Contact")["serial"])
        machine.wait_result(package["id"], 120)
        assert server.result(package["id"]) == "SUCCESS", machine.said()
