# SPDX-License-Identifier: GPL-3.0-or-later
"""The set-up assistant of ocs-tray, page by page, as a screen reader and a keyboard see it."""
import pytest

from fake_worker import FakeWorker, reason
from test_panes import assert_step_is_seen
from traytest import skip_without_display, tray, watcher  # noqa: F401

try:
    from desktop import Atspi, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display

UNSET = {"state": "problem", "reason": reason("not-configured", "no server is set: write Server= into /etc/ocs-companion/ocsinventory.ini")}


class Admin(FakeWorker):
    """Configures what it is told to."""
    settings = []
    imported = None

    def __init__(self, path):
        super().__init__(path)
        self.configured = []
        self.imports = []
        self.set(**UNSET)

    def reply(self, method, parameters):
        if method == "GetSettings":
            return {"parameters": {"settings": self.settings}}
        if method == "Import":
            self.imports.append(dict(parameters, done=len(self.configured)))
            return {"parameters": self.imported}
        if method == "Configure":
            self.configured.append(parameters)
            return {"parameters": {"changed": [], "warnings": []}}
        return super().reply(method, parameters)


@pytest.fixture
def worker(tmp_path):
    fake = Admin(tmp_path / "worker.sock").start()
    yield fake
    fake.stop()


def open_assistant(watcher):
    wait_for(lambda: "Set up…" in watcher.labels(), "the item of the menu")
    watcher.click("Set up…")
    wait_for(Screen.window, "the assistant")


def button(name):
    return Screen.find(Atspi.Role.PUSH_BUTTON, name)


def is_open(control):
    return control is not None and control.get_state_set().contains(Atspi.StateType.SENSITIVE)


def next_page(name="Next"):
    wait_for(lambda: is_open(button(name)), f"the button {name}")
    assert button(name).do_action(0)


def entry(name, role=None):
    return wait_for(lambda: Screen.find(role or Atspi.Role.TEXT, name), f"the field {name}")


def write(name, text, role=None):
    assert entry(name, role).set_text_contents(text)


def values(worker):
    return {each["key"]: each.get("value") for each in worker.configured[-1]["values"]}


def test_item_is_there_only_while_nothing_is_configured(watcher, worker, tray):
    wait_for(lambda: "Set up…" in watcher.labels(), "the item of the menu")
    assert Screen.window() is None, "it never opens by itself"
    worker.set(state="well", reason=None)
    wait_for(lambda: "Set up…" not in watcher.labels(), "the item to go")


def test_whole_way(watcher, worker, tray):
    worker.on_send = lambda fake: None
    open_assistant(watcher)
    next_page()
    assert not is_open(button("Next")), "no server yet"
    write("Address", "ocs.example.org")
    wait_for(lambda: any("begins with https://" in text for text in Screen.texts()), "what is wrong, while it is typed")
    write("Address", "https://ocs.example.org/ocsinventory")
    wait_for(lambda: not any("begins with https://" in text for text in Screen.texts()), "nothing to be wrong")
    write("User", "ann")
    write("Password", "pass word", Atspi.Role.PASSWORD_TEXT)
    assert not entry("Password", Atspi.Role.PASSWORD_TEXT).get_text(0, -1).startswith("pass"), "nobody reads over a shoulder"
    next_page()
    kinds = wait_for(lambda: Screen.find(Atspi.Role.COMBO_BOX, "Kind") or Screen.find(Atspi.Role.COMBO_BOX), "the kinds of proxies")
    assert not is_open(entry("Name or address"))
    Atspi.Selection.select_child(kinds, 1)
    wait_for(lambda: is_open(entry("Name or address")), "the proxy's fields")
    write("Name or address", "http://cache:3128")
    wait_for(lambda: any("name alone" in text for text in Screen.texts()), "what is wrong")
    assert not is_open(button("Next"))
    write("Name or address", "cache.example.org")
    next_page()
    write("Tag of this machine", "branch-17")
    next_page()
    wait_for(lambda: any("cache.example.org, port 3128" in text for text in Screen.texts()), "the summary")
    assert any("branch-17" in text for text in Screen.texts())
    assert not any("pass word" in text for text in Screen.texts())
    assert worker.configured == [], "nothing before the last page"
    next_page("Apply")
    wait_for(lambda: worker.configured, "the call")
    assert not worker.configured[-1]["check"]
    told = values(worker)
    assert told["[HTTP]Server"] == "https://ocs.example.org/ocsinventory" and told["[HTTP]SSL"] == "1"
    assert told["[HTTP]User"] == "ann" and told["[HTTP]Pwd"] == "pass word" and told["[HTTP]AuthRequired"] == "1"
    assert told["[HTTP]ProxyType"] == "1" and told["[HTTP]Proxy"] == "cache.example.org" and told["[HTTP]ProxyPort"] == "3128"
    assert told["[OCS Companion]TAG"] == "branch-17"
    wait_for(lambda: worker.called("SendInventory") == 1, "the inventory")
    wait_for(lambda: any("All is set" in text for text in Screen.texts()), "the end")
    assert button("Close").do_action(0)
    wait_for(lambda: Screen.window() is None, "the window to go")


def test_what_is_set_is_shown_and_secrets_stay(watcher, worker, tray):
    worker.settings = [
        {"section": "HTTP", "key": "Server", "kind": "server", "set": True, "value": "https://old/ocsinventory"},
        {"section": "HTTP", "key": "User", "kind": "secret", "set": True},
        {"section": "HTTP", "key": "Pwd", "kind": "secret", "set": True},
    ]
    open_assistant(watcher)
    next_page()
    assert entry("Address").get_text(0, -1) == "https://old/ocsinventory"
    for _ in range(3):
        next_page()
    next_page("Apply")
    wait_for(lambda: worker.configured, "the call")
    assert not {"[HTTP]User", "[HTTP]Pwd", "[HTTP]AuthRequired"} & set(values(worker))


def test_the_way_is_tried_before_it_counts(watcher, worker, tray):
    worker.steps = [{"name": "resolve", "result": "ok", "milliseconds": 3}, {"name": "connect", "result": "ok", "milliseconds": 5},
                    {"name": "server", "result": "failed", "milliseconds": 5, "reason": reason("server-auth", "a login is wanted")}]
    open_assistant(watcher)
    next_page()
    assert not is_open(button("Test")), "there is nothing to be tried yet"
    write("Address", "https://ocs.example.org/ocsinventory")
    wait_for(lambda: is_open(button("Test")), "the button")
    write("Password", "pass word", Atspi.Role.PASSWORD_TEXT)
    wait_for(lambda: not is_open(button("Test")), "a user to be missed")
    write("User", "ann")
    assert wait_for(lambda: is_open(button("Test")) and button("Test"), "the button").do_action(0)
    wait_for(lambda: any("1 step was not all right" in text for text in Screen.texts()), "the result")
    assert any(text.startswith("The server answers: The server wants another login") for text in Screen.texts()), "why, above the list"
    assert_step_is_seen("The server answers")
    told = {each["key"]: each.get("value") for each in worker.tested[-1]["values"]}
    assert told["[HTTP]Server"] == "https://ocs.example.org/ocsinventory" and told["[HTTP]Pwd"] == "pass word"
    assert worker.configured == [], "nothing is saved"
    write("User", "bob")
    wait_for(lambda: not any("was not all right" in text for text in Screen.texts()), "what is not so any more to go")
    worker.errors["TestProxy"] = ("Tls", "the server's certificate cannot be checked (no CaBundle is set): set SystemCa=1")
    next_page()
    wait_for(lambda: is_open(button("Test")), "the button of the next page")
    assert button("Test").do_action(0)
    wait_for(lambda: any("SystemCa=1" in text for text in Screen.texts()), "why it cannot be tried")


def test_refused_to_others(watcher, worker, tray):
    worker.errors["GetSettings"] = ("Denied", "GetSettings is for administrators and the group ocs-companion: ask one of them")
    open_assistant(watcher)
    wait_for(lambda: any("has not finished setting up" in text for text in Screen.texts()), "the refusal")
    assert not is_open(button("Next"))
    assert button("Cancel").do_action(0)
    wait_for(lambda: Screen.window() is None, "the window to go")


def test_what_fails_is_said(watcher, worker, tray):
    worker.errors["Configure"] = ("Denied", "ocsinventory.d/site.ini sets Server=: change it there")
    open_assistant(watcher)
    next_page()
    write("Address", "http://ocs/ocsinventory")
    for _ in range(3):
        next_page()
    next_page("Apply")
    wait_for(lambda: any("Nothing was changed" in text and "site.ini" in text for text in Screen.texts()), "the reason")
    assert worker.called("SendInventory") == 0


def test_closed_while_it_is_asked(watcher, worker, tray):
    """An answer that comes too late finds nothing, and nothing breaks."""
    worker.silent.add("GetSettings")
    open_assistant(watcher)
    wait_for(lambda: worker.called("GetSettings") == 1, "the call")
    assert button("Cancel").do_action(0)
    wait_for(lambda: Screen.window() is None, "the window to go")
    worker.silent.clear()
    open_assistant(watcher)
    next_page()


def test_every_field_is_named_and_reached_by_tab(watcher, worker, tray):
    open_assistant(watcher)
    next_page()
    reached = Screen.tab_round(Screen.window())
    for name in ("text: Address", "check box: Check the certificate of the server", "text: User", "password text: Password"):
        assert name in reached, reached
