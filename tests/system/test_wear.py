# SPDX-License-Identifier: GPL-3.0-or-later
"""What a long life and bad company do to a worker: clocks, disks and networks that come and go, and people who ask for more than they need."""
import json
import re
import threading
import time
from pathlib import Path

import pytest
from lab import free_port
from machine import INTERFACE, Varlink


def test_identity_that_cannot_be_read(server, machine):
    """A disk that errs once must not make a second machine of this one."""
    assert machine.once() == 0, machine.said()
    identity, kept = machine.state / "identity.json", machine.state / "kept"
    identity.rename(kept)
    identity.symlink_to("identity.json")
    assert machine.once() == 1
    assert str(identity) in machine.said() and "mend the disk" in machine.said()
    assert identity.is_symlink(), "nothing is put in its place"
    kept.rename(identity)
    assert machine.once() == 0
    assert len(server.devices()) == 1


def test_contacts_are_no_storm(server, machine):
    """Any person may ask for a contact, and a program of his as often as it likes: the server is spared, and nobody is refused."""
    server.config(response="STOP", inventory_on_startup=0)
    with machine.start():
        machine.wait_state("well")
        server.clear_log()
        began = time.monotonic()
        with Varlink(machine.runtime / "worker.sock") as link:
            for _ in range(150):
                link.call(f"{INTERFACE}.Contact")
                time.sleep(0.02)
        allowed = 20 + (time.monotonic() - began) / 15 + 1
        assert 5 < len(server.log(query="PROLOG")) <= allowed
        assert "too often" in machine.said()


@pytest.mark.parametrize("https, hours", [(False, 31 * 24), (True, 8784)])
def test_silenced_for_a_year(server, machine, https, hours):
    """Without TLS anybody on the way can say when the next contact is to be; it is not believed without end."""
    server.config(prolog_freq=8784, response="STOP")
    machine.ini(HTTP={"Server": server.tls_url if https else server.url, "CaBundle": server.ca})
    assert machine.once() == 0, machine.said()
    assert json.loads((machine.state / "schedule.json").read_text())["prolog_freq_hours"] == hours


def test_asking_again_writes_nothing(machine):
    """What is queued is written down once: each sync of the disk holds the worker up, and anybody may ask."""
    machine.ini(HTTP={"Server": f"http://127.0.0.1:{free_port()}/ocsinventory"})
    with machine.start():
        machine.wait_state("away")
        with Varlink(machine.runtime / "worker.sock") as link:
            replies, files = [], set()
            for _ in range(200):
                replies.append(link.call(f"{INTERFACE}.SendInventory"))
                files.add((machine.state / "schedule.json").stat().st_mtime_ns)
        assert len({reply["serial"] for reply in replies}) == 1
        # The contacts of which these are part write it down themselves, when each begins to wait for the next.
        assert len(files) <= 2 + 2 * 21


class Threads(threading.Thread):
    """Counts those of the worker while it is looked at."""

    def __init__(self, machine):
        super().__init__(daemon=True)
        self.file = Path(f"/proc/{machine.process.pid}/status")
        self.over = threading.Event()
        self.idle = self.most = self.count()

    def count(self):
        return int(re.search(r"^Threads:\s+(\d+)", self.file.read_text(), re.M).group(1))

    def run(self):
        while not self.over.wait(0.01):
            self.most = max(self.most, self.count())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


def look(link):
    pieces = []
    while (reply := link.receive_whole()).get("continues"):
        pieces.append(reply["parameters"])
    return pieces


def test_many_who_look_at_the_inventory(machine):
    """It is collected once for all of them, and not for those who have left: the worker's threads are for contacts and packages."""
    with machine.start():
        machine.wait_state("well")
        with Threads(machine) as threads:
            for _ in range(20):
                with Varlink(machine.runtime / "worker.sock") as link:
                    link.send(f"{INTERFACE}.ShowInventory", more=True)
            links = [Varlink(machine.runtime / "worker.sock", 60) for _ in range(30)]
            for number, link in enumerate(links):
                link.send(f"{INTERFACE}.ShowInventory", {"xml": number % 2 == 0}, more=True)
            seen = [look(link) for link in links]
        assert threads.most <= threads.idle + 6, "one collects, and one section at a time has a thread of its own"
        for pieces in seen[::2]:
            assert "".join(piece["text"] for piece in pieces).rstrip().endswith("</REQUEST>")
        for pieces in seen[1::2]:
            assert "HARDWARE" in [piece["section"] for piece in pieces]
        for link in links:
            link.socket.close()
