# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong bytes under good validators in a real Squid: nobody purges it by hand, and the second machine finds it healed. Each test prints
what crossed the line beyond the package itself."""
import http.server
import json
import os
import select
import shutil
import socket
import subprocess
import threading
import urllib.request

import pytest
from lab import TestServer, make_archive, make_package, wait_for
from machine import Machine

ID = "1700000001"

pytestmark = pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("squid"), reason="needs root and squid: tests/install.sh lab")


class Site:
    """A server behind a Squid, and machines that have sent their inventory."""

    def __init__(self, server, lab, folder):
        self.server, self.folder = server, folder
        self.proxy = lab.squid()[0]
        self.port = lab["SQUID_PORT"]
        self.size = 0

    def machine(self, name, **more):
        machine = Machine(self.folder / name, Server=self.server.url, CaBundle=self.server.ca, ProxyType=1, Proxy="127.0.0.1",
                          ProxyPort=self.port)
        machine.ini(HTTP={"Server": self.server.url, "CaBundle": self.server.ca, "ProxyType": 1, "Proxy": "127.0.0.1", "ProxyPort": self.port},
                    OCS_Companion={"DEVICEID": f"{name}-2026-11-22-10-00-00", **more})
        assert machine.once() == 0, machine.said()
        return machine

    def offer(self, frags=20, size=400_000, **keys):
        package = make_package(self.folder / "packages", ID, archive=make_archive({"x": os.urandom(size)}), frags=frags, command="true", **keys)
        self.server.add_package(package)
        self.size = package["size"]
        self.server.clear_log()

    def poison(self, *numbers, **rule):
        """Lets the cache take wrong bytes of these fragments; the validators are the right ones."""
        for number in numbers:
            path = f"/download/{ID}/{ID}-{number}"
            self.server.rule(path, **rule)
            self.through_the_cache(path)
        self.server.clear_rules()
        self.server.clear_log()

    def through_the_cache(self, path):
        subprocess.run(["curl", "-sS", "-o", "/dev/null", "-x", self.proxy, self.server.base + path], check=False, timeout=20)

    def crossed(self):
        return self.server.bytes_sent(f"/download/{ID}/{ID}-*")

    def past(self):
        """Requests that went past the cache."""
        return [entry for entry in self.server.log(f"/download/{ID}/{ID}-*")
                if "no-cache" in {name.lower(): value for name, value in entry["headers"].items()}.get("cache-control", "")]

    def deploy(self, machine, timeout=100):
        assert machine.once(timeout) == 0, machine.said()
        return self.server.result(ID, machine.identity())

    def say(self, capsys, what):
        with capsys.disabled():
            print(f"\n  {what}: package {self.size} bytes, over the line {self.crossed()}, "
                  f"extra {(self.crossed() - self.size) / self.size:+.2f} × the package, {len(self.past())} requests past the cache")


@pytest.fixture
def site(tmp_path, tls, squid_lab):
    with TestServer(tmp_path / "server", ca=tls) as server:
        server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
        yield Site(server, squid_lab, tmp_path)


def second_finds_it_healed(site):
    before, passed = site.crossed(), len(site.past())
    assert site.deploy(site.machine("second")) == "SUCCESS"
    assert len(site.past()) == passed, "the first machine has healed the site"
    assert site.crossed() == before, "not a byte of the package crosses the line again"


def test_one_bad_fragment_alone(site, capsys):
    first = site.machine("first")
    site.offer(frags=1)
    site.poison(1, corrupt_at=1000, corrupt_length=16)
    assert site.deploy(first) == "SUCCESS", first.said()
    assert site.crossed() == site.size
    site.say(capsys, "one fragment, wrong in the cache")
    second_finds_it_healed(site)


def test_two_bad_of_twenty(site, capsys):
    first = site.machine("first")
    site.offer()
    for number in range(1, 21):
        site.through_the_cache(f"/download/{ID}/{ID}-{number}")
    site.server.clear_log()
    # The rest of the cache is good; these two are replaced by wrong copies, as a bad disk would.
    for number in (4, 17):
        path = f"/download/{ID}/{ID}-{number}"
        site.server.rule(path, corrupt_at=100, corrupt_length=16)
        subprocess.run(["curl", "-sS", "-o", "/dev/null", "-H", "Cache-Control: no-cache", "-x", site.proxy, site.server.base + path], check=True)
    site.server.clear_rules()
    site.server.clear_log()
    assert site.deploy(first) == "SUCCESS", first.said()
    assert site.crossed() <= site.size
    site.say(capsys, "two bad of twenty")
    second_finds_it_healed(site)


def test_truncated_object(site, capsys):
    first = site.machine("first")
    site.offer()
    path = f"/download/{ID}/{ID}-7"
    site.poison(7, body="x" * 500)
    assert site.deploy(first) == "SUCCESS", first.said()
    site.say(capsys, "a truncated object")
    # Its size told which one: the others were not fetched past the cache.
    assert [entry["path"] for entry in site.past()] == [path]
    second_finds_it_healed(site)


def edit(machine, **values):
    """As if time had passed."""
    path = machine.state / "packages" / ID / "state.json"
    journal = json.loads(path.read_text())
    path.write_text(json.dumps({**journal, **values}))
    return journal


def test_error_page_under_a_fragment(site, capsys):
    first = site.machine("first")
    site.offer()
    site.poison(3, body="<html><body>Please log in</body></html>" * 2000, content_type="text/html")
    # No page is taken for a fragment; at the next try it is fetched past the cache.
    assert site.deploy(first) == "NOTIFIED", first.said()
    edit(first, retry_at=0)
    assert site.deploy(first) == "SUCCESS", first.said()
    site.say(capsys, "a page under a fragment's address")
    assert {entry["path"] for entry in site.past()} == {f"/download/{ID}/{ID}-3"}
    second_finds_it_healed(site)


def test_page_that_the_origin_makes(site, capsys):
    """Nothing is healed by asking past the cache again and again: once a day and fragment."""
    first = site.machine("first")
    site.offer(frags=4)
    site.server.rule(f"/download/{ID}/{ID}-2", body="<html><body>Closed for maintenance</body></html>", content_type="text/html")
    for _ in range(5):
        assert site.deploy(first) == "NOTIFIED", first.said()
        journal = edit(first, retry_at=0)
    site.say(capsys, "a page that the origin makes, five tries")
    assert len(site.past()) == 1 and journal["pages"]["fragments"] == [2]
    site.server.clear_rules()
    assert site.deploy(first) == "NOTIFIED", "the cache still holds the page, and had its try today"
    edit(first, retry_at=0, pages={**journal["pages"], "began": journal["pages"]["began"] - 86400})
    assert site.deploy(first) == "SUCCESS", first.said()
    assert len(site.past()) == 2
    second_finds_it_healed(site)


def test_reader_that_stalls(site, squid_lab, capsys):
    """Squid reads an object no faster than who asked for it first: everybody behind him waits. Ours goes past him, and the next find it whole."""
    first, second = site.machine("first", StallTimeout=10), site.machine("second")
    site.offer(frags=1, size=12_000_000)
    with socket.socket() as stalled:
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.connect(("127.0.0.1", int(squid_lab["SQUID_PORT"])))
        stalled.sendall(f"GET {site.server.base}/download/{ID}/{ID}-1 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert stalled.recv(1000)
        assert site.deploy(first) == "NOTIFIED", first.said()
        journal = edit(first, retry_at=0)
        assert journal["reason_code"] == "timed-out" and not site.past()
        assert site.deploy(first) == "SUCCESS", first.said()
        assert len(site.past()) == 1
        assert site.deploy(second) == "SUCCESS", second.said()
        assert len(site.past()) == 1, "the second finds what the first has fetched"
    site.say(capsys, "a reader that stalls")


def test_bad_at_the_origin(site, tmp_path, capsys):
    first = site.machine("first")
    site.offer(frags=5, wrong_digest=True)
    assert site.deploy(first) == "ERR_BAD_DIGEST", first.said()
    site.say(capsys, "bad at the origin, the first machine")
    assert site.crossed() == 3 * site.size, "once, once past the cache, and once under another name"
    second = site.machine("second")
    before = site.crossed()
    assert site.deploy(second) == "ERR_BAD_DIGEST", second.said()
    site.say(capsys, "bad at the origin, two machines")
    assert site.crossed() - before <= 2 * site.size


def test_mended_by_another_machine_meanwhile(site, capsys):
    first = site.machine("first")
    site.offer(frags=4)
    site.poison(2, corrupt_at=10, corrupt_length=16)
    first.begin_once()
    journal = first.state / "packages" / ID / "state.json"
    wait_for(lambda: journal.exists() and json.loads(journal.read_text())["heal"]["pass"] == "again", 30, "healing")
    path = f"/download/{ID}/{ID}-2"
    subprocess.run(["curl", "-sS", "-o", "/dev/null", "-H", "Cache-Control: no-cache", "-x", site.proxy, site.server.base + path], check=True)
    assert first.end_once() == 0
    assert site.server.result(ID, first.identity()) == "SUCCESS"
    assert len(site.past()) == 1, "curl's; the machine waited and found it healed"
    site.say(capsys, "healed by another machine")


def test_killed_while_healing(site, capsys):
    first = site.machine("first")
    site.offer(frags=4, size=2_000_000)
    site.poison(1, 2, 3, 4, corrupt_at=10, corrupt_length=16)
    site.server.rule(f"/download/{ID}/{ID}-*", rate=500_000)
    first.begin_once()
    journal = first.state / "packages" / ID / "state.json"
    wait_for(lambda: journal.exists() and json.loads(journal.read_text())["heal"]["pass"] == "past", 60, "the pass past the cache")
    wait_for(lambda: len(site.past()) >= 2, 30, "two requests past the cache")
    first.process.kill()
    first.process.wait()
    first.process = None
    site.server.clear_rules()
    assert site.deploy(first) == "SUCCESS", first.said()
    assert len(site.past()) <= 5, "what the pass had fetched before is not fetched again"
    site.say(capsys, "killed in the middle of healing")


# What was cut off is gone on from.

def cut_off(site, name):
    """A machine whose fetch has been cut off; its next attempt may begin at once."""
    machine = site.machine(name)
    site.offer(frags=1, size=900_000)
    site.server.rule(f"/download/{ID}/{ID}-1", truncate_after=300_000, times=1)
    assert machine.once() == 0
    folder = machine.state / "packages" / ID
    assert (folder / f"{ID}-1.part").stat().st_size == 300_000
    journal = json.loads((folder / "state.json").read_text())
    journal["retry_at"] = 0
    (folder / "state.json").write_text(json.dumps(journal))
    site.server.clear_log()
    return machine


def test_goes_on_from_what_the_cache_holds(site):
    machine = cut_off(site, "first")
    site.through_the_cache(f"/download/{ID}/{ID}-1")
    site.server.clear_log()
    assert site.deploy(machine) == "SUCCESS", machine.said()
    assert site.crossed() == 0
    package = json.loads((machine.state / "packages" / ID / "state.json").read_text())
    assert package["from_cache"] == site.size - 300_000, "only the rest came"


def test_whole_again_for_the_cache(site):
    """A range is kept by no cache: where the cache has nothing, the whole comes, and then it is there for the others."""
    machine = cut_off(site, "first")
    assert site.deploy(machine) == "SUCCESS", machine.said()
    requests = site.server.log(f"/download/{ID}/{ID}-1", method="GET")
    assert len(requests) == 1 and "range" not in {name.lower() for name in requests[0]["headers"]}
    second_finds_it_healed(site)


class LyingProxy:
    """A proxy that turns some bytes of each fragment, always the same, whatever it is asked."""

    def __enter__(self):
        outer = self
        self.asked = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_HEAD(self):
                self.send_error(504)

            def do_GET(self):
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.path, timeout=20) as reply:
                    data = bytearray(reply.read())
                if f"/{ID}-" in self.path:
                    outer.asked += 1
                    data[10:20] = b"0123456789"
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = urllib.request.Request(self.path, body, {k: v for k, v in self.headers.items() if k.lower() != "host"})
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as reply:
                    data = reply.read()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_CONNECT(self):
                host, port = self.path.rsplit(":", 1)
                with socket.create_connection((host, int(port)), 20) as far:
                    self.send_response(200)
                    self.end_headers()
                    ends = [self.connection, far]
                    while True:
                        for end in select.select(ends, [], [], 20)[0] or [None]:
                            data = end.recv(65536) if end else b""
                            if not data:
                                self.close_connection = True
                                return
                            ends[end is ends[0]].sendall(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@pytest.mark.parametrize("allowed, result", [("fragments", "SUCCESS"), (None, "ERR_BAD_DIGEST")])
def test_proxy_that_always_lies(site, allowed, result, capsys):
    with LyingProxy() as proxy:
        site.port = proxy.port
        machine = site.machine("first")
        more = {"OCS_Companion": {"DirectFallback": allowed}} if allowed else {}
        machine.ini(HTTP={"Server": site.server.url, "CaBundle": site.server.ca, "ProxyType": 1, "Proxy": "127.0.0.1", "ProxyPort": proxy.port},
                    **more)
        site.offer(frags=2)
        assert site.deploy(machine) == result, machine.said()
        assert proxy.asked >= 6, "as ever, past the cache, and under another name, before it is gone around"
        site.say(capsys, f"a proxy that always lies, DirectFallback={allowed}")
