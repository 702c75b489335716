# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers that are not of the tray's own version, or say far too much: it shows what it knows, says what is missing, and stays responsive."""
import json

import pytest

from fake_worker import INTERFACE, FakeWorker, question, reason
from test_dialogs import button
from traytest import Tray, skip_without_display, tray, watcher  # noqa: F401

try:
    from desktop import Atspi, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display

PAGES = ("Overview", "Deployments", "Connection", "Inventory", "Log", "Settings")
NEW = {"colour": "blue", "list": [1, {"a": None}], "deep": {"er": [[]]}}  # fields that nobody knows yet


class Older(FakeWorker):
    """Knows Watch, Contact and SendInventory, and the few fields without which there is no status."""

    def answer(self, connection, call):
        method = call["method"].rpartition(".")[2]
        if method in ("Watch", "Contact"):
            super().answer(connection, call)
        elif method == "SendInventory":
            self.calls.append(method)
            self.send(connection, {"parameters": {}})
        else:
            self.send(connection, {"error": "org.varlink.service.MethodNotFound", "parameters": {"method": call["method"]}})


class Newer(FakeWorker):
    """Knows more of everything, and other values too."""

    def reply(self, method, parameters):
        if method == "GetSettings":
            setting = {"section": "Orbit", "key": "Height", "kind": "length", "set": True, "value": "400 km", "help": "Height.", **NEW}
            return {"parameters": {"settings": [setting, {**setting, "kind": "choice", "key": "Sort", "choices": []}], **NEW}}
        return super().reply(method, parameters)

    def answer(self, connection, call):
        if call["method"] == f"{INTERFACE}.GetLog":
            self.send(connection, {"continues": True, "parameters": {"line": {"time": 1, "level": "whisper", "domain": "x", "text": "psst", **NEW}}})
        else:
            super().answer(connection, call)


@pytest.fixture
def worker(request, tmp_path):
    made = request.param(tmp_path / "worker.sock").start()
    yield made
    made.stop()


def walk_through(tray):
    assert tray.start().wait(20) == 0
    wait_for(Screen.window, "the window")
    for page in PAGES:
        Screen.turn_to(page)
        wait_for(lambda: Screen.texts(), page)
        yield page, "\n".join(node.get_name() or "" for node in Screen.showing())


@pytest.mark.parametrize("worker", [Older], indirect=True)
def test_older(watcher, worker, tray):
    worker.value = {"state": "well", "version": "0.0.1", "last_contact": 1}
    worker.update(next_contact=0)
    wait_for(lambda: watcher.labels()[0] == "All is well", "the menu")
    seen = dict(walk_through(tray))
    assert "All is well" in seen["Overview"]
    for page, first in (("Settings", None), ("Log", "Show the log"), ("Inventory", None), ("Connection", "Diagnose")):
        Screen.turn_to(page)
        if first:
            assert wait_for(lambda: button(first), first).do_action(0)
        wait_for(lambda: any(text.startswith("This version cannot do what is asked") for text in Screen.texts()), f"what is missing on {page}")
        assert not any("varlink" in text for text in Screen.texts())
    Screen.turn_to("Overview")
    wait_for(lambda: button("Send inventory now"), "the button").do_action(0)
    wait_for(lambda: worker.called("SendInventory") == 1, "the call")


@pytest.mark.parametrize("worker", [Newer], indirect=True)
def test_newer(watcher, worker, tray):
    odd = {"id": "7", "step": "polishing", "action": "DANCE", "result": "SUCCESS_WITH_HONOURS", "since": 1, "updated": 2, "fragment_map": "xyz", **NEW}
    worker.policy.update(NEW, show="hologram")
    worker.days = [{"day": "2026-13-45", "from_cache": 1, "from_wan": 1, **NEW}]
    worker.history = [{"time": 1, "kind": "beamed", **NEW}]
    worker.steps = [{"name": "teleport", "result": "splendid", "milliseconds": 1, **NEW}]
    worker.inventory = [{"section": "QUBITS", "entries": [{"NAME": "q0", "SPIN": {"up": 1}}], **NEW}]
    worker.set(packages=[odd], reason=reason("entangled", "so it is"), job={"kind": "polishing", "package": "7", "done": 1, "total": 2, **NEW},
               proxy={"kind": "carrier-pigeon", "host": "loft", "port": 1, "verdict": "perhaps", **NEW}, state="working",
               questions=[question(kind="riddle"), {**question(), **NEW}], outcome={"serial": 1, "time": 1, "kind": "beamed"}, **NEW)
    wait_for(lambda: button("Install now"), "the question that it knows")
    assert button("Install now").do_action(0)
    wait_for(lambda: worker.answers, "the answer")
    worker.update(questions=[])
    wait_for(lambda: Screen.window() is None, "that it goes")
    assert watcher.labels()[0] == "Working"
    seen = dict(walk_through(tray))
    assert "7" in seen["Deployments"]
    wait_for(lambda: Screen.turn_to("Settings") or "Height" in "\n".join(n.get_name() or "" for n in Screen.showing()), "what it can say")
    worker.update(state="dreaming", job=None)
    wait_for(lambda: watcher.labels()[0] == "There is a problem", "what it does not know is not well")


@pytest.mark.parametrize("worker", [FakeWorker], indirect=True)
def test_too_much_at_once(watcher, worker, tray):
    """More than any worker of ours says in one message is nonsense; it can be used all the same, and goes on with the next that makes sense."""
    worker.set(packages=[{"id": str(i), "step": "fetching", "text": "x" * 200} for i in range(10000)])
    assert len(json.dumps(worker.value)) > 1 << 20
    wait_for(lambda: watcher.labels()[0] == "The worker is not running", "that it says so", 30)
    assert len(dict(walk_through(tray))) == len(PAGES)
    worker.set()
    wait_for(lambda: watcher.labels()[0] == "All is well", "that it comes back", 30)
