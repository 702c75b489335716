# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are lost on the way, or come late."""
import threading
import zlib
from urllib.parse import urlsplit

from lab import make_package, wait_for
from relay import Relay
from test_flow import FRAGMENTS, ID, Site


def test_the_line_gets_its_pause(server, squid_lab, tmp_path):
    """A connection dies while a fragment crosses the line: the proxy has it then and gives it to the next who asks, so that it seems to come
    out of the cache. Three are in no cache. The answer of the first of them is lost once before anything has come, upon which libcurl asks
    again by itself, that of the second in its middle."""
    site = Site(server, squid_lab, tmp_path)
    missing, lost = [5, 11, 17], []

    def on_answer(request, body, answer):
        loses = (request.command == "GET" and answer.status == 200 and request.path not in lost and len(lost) < 2
                 and request.path.endswith(tuple(f"/{ID}-{number}" for number in missing)))
        if loses:
            lost.append(request.path)
        return (-1, 100)[len(lost) - 1] if loses else None

    with Relay(site.port, on_answer) as relay:
        site.port = relay.port
        machine = site.machine("lost", FRAG_LATENCY=1)
        site.warm(set(range(1, FRAGMENTS + 1)) - set(missing))
        assert machine.once(120) == 0, machine.said()
    assert site.server.result(ID, machine.identity()) == "SUCCESS", machine.said()
    assert len(lost) == 2, lost
    crossed = site.crossed()
    assert sorted(number for number, _ in crossed) == missing
    pauses = [later[1] - earlier[1] for earlier, later in zip(crossed, crossed[1:])]
    assert min(pauses) >= 1, f"the pause of the server is kept: {crossed}\n{machine.said()}\n{site.log.read_text()}"


def test_an_offer_that_is_out_of_date(server, machine, tmp_path):
    """The server says what it offers, and gets the result of a package before that has arrived: it is not run again."""
    mark, go, on, release = tmp_path / "runs", tmp_path / "go", threading.Event(), threading.Event()

    def on_answer(request, body, answer):
        if on.is_set() and body and b"PROLOG" in zlib.decompress(body):
            go.touch()
            release.wait(60)

    assert machine.once() == 0, machine.said()
    port = urlsplit(server.url).port
    with Relay(port, on_answer) as relay:
        machine.ini(HTTP={"Server": server.url.replace(f":{port}", f":{relay.port}"), "CaBundle": server.ca})
        server.add_package(make_package(tmp_path / "packages", ID, frags=0,
                                        command=f"echo x >> {mark}; while [ ! -e {go} ]; do sleep 0.1; done; exit 3"))
        with machine.start():
            machine.call("Contact")
            wait_for(mark.exists, 30, "the package to run")
            wait_for(lambda: machine.status().get("job", {}).get("kind") == "running", 30, "the contact to end")
            on.set()
            machine.call("Contact")
            wait_for(lambda: server.result(ID) not in (None, "NOTIFIED"), 30, "the result")
            wait_for(lambda: machine.package(ID)["step"] == "gone", 30, "the package to end")
            on.clear()
            release.set()
            wait_for(lambda: machine.status().get("job") is None, 30, "the end of the contact")
            machine.call("Contact")
            wait_for(lambda: machine.status().get("job") is None, 30, "another contact")
            assert "x\n" == mark.read_text(), machine.said()
    assert server.result(ID) == "EXIT_CODE_3"
