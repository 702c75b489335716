# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of ocs-tray for administrators, log and settings, as a screen reader and a keyboard see them."""
import os
import time

import pytest

from fake_worker import INTERFACE, FakeWorker
from traytest import STARTED, Tray, skip_without_display, tray, watcher  # noqa: F401

try:
    from desktop import Atspi, GLib, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display

SETTINGS = [
    {"section": "HTTP", "key": "Server", "kind": "server", "set": True, "value": "https://ocs/ocsinventory", "help": "Address of the OCS server, as http://host/ocsinventory.",
     "minimum": 0, "maximum": 0, "source": "/etc/ocs-companion/ocsinventory.ini"},
    {"section": "HTTP", "key": "SSL", "kind": "bool", "set": False, "fallback": "1", "help": "1 checks.", "minimum": 0, "maximum": 1},
    {"section": "HTTP", "key": "ProxyPort", "kind": "number", "set": False, "fallback": "80", "help": "Port.", "minimum": 1, "maximum": 65535},
    {"section": "HTTP", "key": "Pwd", "kind": "secret", "set": True, "help": "Password.", "minimum": 0, "maximum": 0},
    {"section": "OCS Companion", "key": "TAG", "kind": "text", "set": True, "value": "paris", "help": "Tag.", "minimum": 0, "maximum": 0,
     "source": "/etc/ocs-companion/ocsinventory.d/site.ini"},
]

# The same for somebody away from the machine.
PLAIN = [{**each, "value": None, "source": None, "hidden": each["key"] != "TAG"} if each["set"] else each for each in SETTINGS]
PLAIN[-1]["value"] = "paris"


class Admin(FakeWorker):
    def __init__(self, path):
        super().__init__(path)
        self.configured = []
        self.wanted = []  # of each GetSettings whether all was asked for
        self.locked = False
        self.lines = [{"time": 1790000000 + i, "level": "warning" if i % 10 == 0 else "message", "domain": "ocs-agent", "text": f"line {i}"}
                      for i in range(50)]
        self.followers = 0

    def reply(self, method, parameters):
        if method == "GetSettings":
            self.wanted.append(bool(parameters.get("all")))
            if parameters.get("all") and self.locked:
                return {"error": f"{INTERFACE}.Denied", "parameters": {"message": "GetSettings is for administrators: ask one of them"}}
            return {"parameters": {"settings": SETTINGS if parameters.get("all") else PLAIN}}
        if method == "Configure":
            self.configured.append(parameters)
            return {"parameters": {"changed": [], "warnings": []}}
        return super().reply(method, parameters)

    def answer(self, connection, call):
        if not call["method"].endswith(".GetLog") or "GetLog" in self.errors:
            return super().answer(connection, call)
        self.calls.append("GetLog")
        self.followers += 1
        for line in self.lines:
            self.send(connection, {"continues": True, "parameters": {"line": line}})
        sent = len(self.lines)
        try:
            while self.listener is not None:
                for line in self.lines[sent:]:
                    self.send(connection, {"continues": True, "parameters": {"line": line}})
                    sent += 1
                time.sleep(0.05)
                if connection.recv(1, 0x42) == b"":  # MSG_PEEK | MSG_DONTWAIT: hung up
                    break
        except BlockingIOError:
            pass
        return None




@pytest.fixture
def worker(tmp_path):
    fake = Admin(tmp_path / "worker.sock").start()
    yield fake
    fake.stop()


def open_page(tray, page, sidebar="Pages"):
    assert tray.start().wait(10) == 0
    wait_for(Screen.window, "the window")
    Screen.turn_to(page, sidebar)


def press(name):
    wait_for(lambda: Screen.find(Atspi.Role.PUSH_BUTTON, name), f"the button {name}").do_action(0)


def cells():
    tree = Screen.find(Atspi.Role.TREE_TABLE, "Log") or Screen.find(Atspi.Role.TABLE, "Log")
    try:
        return [node.get_name() for node in Screen.walk(tree)] if tree else []
    except GLib.GError:  # a row that went meanwhile
        return []


def rows_of_log():
    return [text for text in cells() if text.startswith("line ")]


def assert_step_is_seen(name):
    """The whole of the row lies within the list as it is seen, without scrolling."""
    row = next(node for node in Screen.showing() if node.get_role() == Atspi.Role.LIST_ITEM and node.get_name().startswith(name))
    pane = Screen.find(Atspi.Role.SCROLL_PANE, "Steps of the test")

    def inside():
        step, seen = row.get_extents(Atspi.CoordType.SCREEN), pane.get_extents(Atspi.CoordType.SCREEN)
        return seen.y <= step.y and step.y + step.height <= seen.y + seen.height + 1

    wait_for(inside, "the failed step to be in view")


def test_log(watcher, worker, tray):
    open_page(tray, "Log")
    assert worker.called("GetLog") == 0, "nobody is asked for a password before somebody wants the log"
    press("Show the log")
    wait_for(lambda: len(rows_of_log()) == 50, "the lines")
    Screen.find(Atspi.Role.CHECK_BOX, "Warnings and errors only").do_action(0)
    wait_for(lambda: len(rows_of_log()) == 5, "the warnings alone")
    Screen.find(Atspi.Role.CHECK_BOX, "Warnings and errors only").do_action(0)
    Screen.find(Atspi.Role.TEXT, "Search the log").set_text_contents("LINE 4")
    wait_for(lambda: len(rows_of_log()) == 11, "what is sought")


def test_log_is_refused(watcher, worker, tray):
    worker.errors["GetLog"] = ("Denied", "GetLog is for administrators")
    open_page(tray, "Log")
    press("Show the log")
    wait_for(lambda: any("may not" in text for text in Screen.texts()), "the refusal")


def test_settings(watcher, worker, tray):
    open_page(tray, "Settings")
    press("Unlock")
    server = wait_for(lambda: Screen.find(Atspi.Role.TEXT, "Server"), "the settings")
    assert server.get_text(0, -1) == "https://ocs/ocsinventory"
    tag = Screen.find(Atspi.Role.TEXT, "TAG")
    assert not tag.get_state_set().contains(Atspi.StateType.SENSITIVE), "a drop-in sets it"
    assert any("site.ini" in text for text in Screen.texts())
    save = Screen.find(Atspi.Role.PUSH_BUTTON, "Save")
    assert not save.get_state_set().contains(Atspi.StateType.SENSITIVE), "nothing is changed"
    port = Screen.find(Atspi.Role.TEXT, "ProxyPort")
    port.set_text_contents("70000")
    wait_for(lambda: any("from 1 to 65535" in text for text in Screen.texts()), "what is wrong")
    assert not save.get_state_set().contains(Atspi.StateType.SENSITIVE)
    port.set_text_contents("3128")
    Screen.find(Atspi.Role.TOGGLE_BUTTON, "SSL").do_action(0)
    wait_for(lambda: save.get_state_set().contains(Atspi.StateType.SENSITIVE), "something to save")
    worker.steps = [{"name": "resolve", "result": "ok", "milliseconds": 3},
                    {"name": "connect", "result": "failed", "milliseconds": 9, "reason": {"code": "proxy-unreachable", "message": "no"}},
                    *({"name": name, "result": "skipped", "milliseconds": 0} for name in ("login", "tunnel", "server", "fetch", "again", "cache"))]
    press("Test")
    wait_for(lambda: any("can be saved" in text for text in Screen.texts()), "the test")
    assert worker.configured[-1]["check"]
    wait_for(lambda: any("1 step was not all right" in text for text in Screen.texts()), "what came of the way")
    assert worker.tested[-1]["values"] == worker.configured[-1]["values"]
    assert any(text.startswith("Open a connection: ") for text in Screen.texts()), "why, above the list"
    assert_step_is_seen("Open a connection")
    port.set_text_contents("3129")
    wait_for(lambda: not any("step was not all right" in text for text in Screen.texts()), "what is not so any more to go")
    port.set_text_contents("3128")
    press("Save")
    wait_for(lambda: len(worker.configured) == 2, "the call")
    assert not worker.configured[-1]["check"]
    assert {each["key"]: each.get("value") for each in worker.configured[-1]["values"]} == {"[HTTP]SSL": "0", "[HTTP]ProxyPort": "3128"}


def test_settings_that_do_not_do(watcher, worker, tray):
    worker.errors["Configure"] = ("NotConfigured", "the worker would no longer reach its server: keep Server=")
    open_page(tray, "Settings")
    press("Unlock")
    wait_for(lambda: Screen.find(Atspi.Role.TEXT, "Server"), "the settings").set_text_contents("")
    press("Save")
    wait_for(lambda: any("no longer reach" in text for text in Screen.texts()), "the reason")
    assert Screen.find(Atspi.Role.TEXT, "Server").get_text(0, -1) == "", "what was typed is not lost"


def test_settings_in_german(watcher, worker, monkeypatch):
    """The worker's English is translated here; what a newer worker says stays as it is."""
    if not os.path.exists(f"{os.environ.get('OCS_LOCALE_DIR')}/de/LC_MESSAGES/ocs-companion.mo"):
        pytest.skip("the translations are not built")
    monkeypatch.setitem(STARTED, "LANGUAGE", "de")
    watcher.item = None
    started = Tray(worker, "--background")
    try:
        wait_for(lambda: watcher.has_item_of(started.process.pid), "the icon")
        open_page(started, "Einstellungen", "Seiten")
        press("Entsperren")
        wait_for(lambda: any("des OCS-Servers" in text for text in Screen.texts()), "the help in German")
        assert any(text == "1 checks." for text in Screen.texts())
    finally:
        started.stop()


def test_settings_are_to_be_read(watcher, worker, tray):
    """By everybody, without a password: what is set, what is not, and what is kept back. No field, and nothing that the keyboard misses."""
    worker.locked = True
    open_page(tray, "Settings")
    wait_for(lambda: Screen.find(Atspi.Role.LIST_ITEM, "TAG: paris"), "the settings")
    rows = [node.get_name() for node in Screen.showing() if node.get_role() == Atspi.Role.LIST_ITEM and ": " in node.get_name()]
    assert rows == ["Server: is set, but not shown to you", "SSL: on (1), as nothing is set", "ProxyPort: 80, as nothing is set", "Pwd: is set", "TAG: paris"]
    assert not Screen.find(Atspi.Role.TEXT, "Server") and not Screen.find(Atspi.Role.PUSH_BUTTON, "Save")
    assert any(text.startswith("list item: TAG") or text.startswith("list item: Server") for text in Screen.tab_round(Screen.window()))
    assert worker.wanted == [False]
    press("Unlock")
    wait_for(lambda: any("ask one of them" in text for text in Screen.texts()), "the refusal")
    assert Screen.find(Atspi.Role.LIST_ITEM, "TAG: paris"), "what could be read still can"
    worker.locked = False
    press("Unlock")
    wait_for(lambda: Screen.find(Atspi.Role.TEXT, "Server"), "the fields")
    assert not Screen.find(Atspi.Role.PUSH_BUTTON, "Unlock")
    assert worker.wanted == [False, True, True]


def test_settings_come_with_the_worker(watcher, worker, tray):
    worker.stop()
    open_page(tray, "Settings")
    wait_for(lambda: any("not running" in text for text in Screen.texts()), "that nobody answers")
    worker.start()
    worker.update(last_contact=1)
    wait_for(lambda: Screen.find(Atspi.Role.LIST_ITEM, "TAG: paris"), "the settings", 30)


def test_settings_are_refused(watcher, worker, tray):
    """By an older worker, which gives them to administrators alone: it is asked once, whatever happens."""
    worker.errors["GetSettings"] = ("Denied", "GetSettings is for administrators: ask one of them")
    open_page(tray, "Settings")
    wait_for(lambda: any("ask one of them" in text for text in Screen.texts()), "the refusal")
    worker.update(last_contact=1, tag="x")
    press("Unlock")
    wait_for(lambda: worker.called("GetSettings") == 2, "the call")
