# SPDX-License-Identifier: GPL-3.0-or-later
"""A deployment whose fragments come by a proxy that is broken, in every way: the package waits and says why, the server is told nothing final,
and nothing hangs. A real worker; servers and proxies on loopback."""
import concurrent.futures
import time

import pytest
from couriertest import COURIER
from faults import Fault
from lab import free_port, make_package, wait_for
from machine import Machine
from peers import Handler, Server

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")

CONNECT, STALL = 3, 10  # seconds
# Of each kind and fault: what the package says, and a word of it.
EXPECTED = {
    ("http", "down"): ("proxy-unreachable", "ProxyPort="),
    ("http", "wrong port"): ("not-found", "is no proxy"),
    ("http", "refuses"): ("refused", "proxy"),
    ("http", "stalls"): ("timed-out", "proxy"),
    ("http", "resets"): ("proxy-unreachable", "proxy"),
    ("http", "page"): ("bad-reply", "proxy"),
    ("socks5", "down"): ("proxy-unreachable", "ProxyPort="),
    ("socks5", "wrong port"): ("proxy-unreachable", "ProxyPort="),
    ("socks5", "refuses"): ("proxy-refused", "rules"),
    ("socks5", "stalls"): ("proxy-unreachable", "ProxyPort="),
    ("socks5", "resets"): ("proxy-unreachable", "ProxyPort="),
    ("socks5", "page"): ("proxy-unreachable", "ProxyType="),
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
        machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca, "ProxyType": 1 if kind == "http" else 3, "Proxy": "localhost", "ProxyPort": port},
                    OCS_Companion={"DEVICEID": identity, "ProxyFor": "fragments", "ConnectTimeout": CONNECT, "StallTimeout": STALL})
        machine.start()
        assert machine.send_inventory()[1]["kind"] == "sent", machine.said()
        server.add_package(package, devices=[identity])
        machine.outcome(machine.call("Contact")["serial"])
        found = wait_for(lambda: (machine.package(package["id"]) or {}).get("reason"), 120, f"a reason of {kind}, {fault}")
        step = machine.package(package["id"])["step"]
        # The others of its kind are served meanwhile: a contact does not wait for the package.
        assert machine.outcome(machine.call("Contact")["serial"])["kind"] in ("contacted", "sent")
        return found, step, server.result(package["id"], identity), machine.status()["state"]


def test_every_fault(server, tmp_path):
    web, faults, jobs, problems = Server(Web), [], {}, []
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for number, (kind, fault) in enumerate(EXPECTED):
            port = web.port if fault == "wrong port" else free_port()
            if fault in ("stalls", "resets", "refuses", "page"):
                faults.append(Fault(fault, kind))
                port = faults[-1].port
            folder = tmp_path / f"broken{number}"
            folder.mkdir()
            jobs[kind, fault] = pool.submit(broken, server, folder, number, kind, fault, port)
        for case, job in jobs.items():
            reason, step, result, state = job.result()
            print(f"{case}: {state}, {step}, {reason['code']}: {reason['message']}")
            code, word = EXPECTED[case]
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
