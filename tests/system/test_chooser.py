# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking over a file in the set-up assistant of ocs-tray: through GTK's own file chooser, whose place is typed."""
import os
import subprocess

import pytest

from test_assistant import Admin, button, entry, next_page, open_assistant, values
from traytest import STARTED, Tray, skip_without_display, watcher  # noqa: F401

try:
    from desktop import Atspi, GLib, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display

WINDOWS = "\ufeff[HTTP]\r\nServer=https://büro.example.org/ocsinventory\r\n[OCS Companion]\r\nTAG=Zürich\r\n"
PERL = "server = http://ocs.example.org/ocsinventory\ntag = branch-17\n"


@pytest.fixture
def worker(tmp_path):
    fake = Admin(tmp_path / "worker.sock").start()
    fake.imported = {"values": [{"key": "[HTTP]Server", "value": "https://taken.example.org/ocsinventory"}, {"key": "[HTTP]Pwd"},
                                {"key": "[OCS Companion]TAG", "value": "branch-17"}],
                     "changed": ["[HTTP]Server"], "warnings": ["line 9: odd"], "left_out": ["delaytime: it is not needed"]}
    yield fake
    fake.stop()


@pytest.fixture
def tray(watcher, worker, tmp_path, monkeypatch):
    """Its file chooser begins in a folder, not with what was used last, which is searched for."""
    settings = tmp_path / "config/glib-2.0/settings/keyfile"
    settings.parent.mkdir(parents=True)
    settings.write_text("[org/gtk/settings/file-chooser]\nstartup-mode='cwd'\n")
    monkeypatch.setitem(STARTED, "GSETTINGS_BACKEND", "keyfile")
    monkeypatch.setitem(STARTED, "XDG_CONFIG_HOME", str(tmp_path / "config"))
    watcher.item = None
    started = Tray(worker, "--background")
    wait_for(lambda: watcher.has_item_of(started.process.pid), "the icon")
    yield started
    alive = started.process.poll() is None
    started.stop()
    assert alive, f"the tray died: {started.process.returncode}"


def chooser():
    """What goes while it is looked at counts as there: it is looked at again."""
    try:
        return next((window for window in Screen.windows() if window.get_role() in (Atspi.Role.FILE_CHOOSER, Atspi.Role.DIALOG)
                     and window.get_name() == "Take over a configuration"), None)
    except GLib.Error:
        return True


def within(window, role, name=None):
    return next((node for node in Screen.walk(window) if node.get_role() == role and name in (None, node.get_name())
                 and node.get_state_set().contains(Atspi.StateType.SHOWING)), None)


def open_chooser():
    assert wait_for(lambda: button("Take over from a file…"), "the button").do_action(0)
    wait_for(lambda: chooser() not in (None, True), "the file chooser")
    return chooser()


def choose(path):
    """There is no window manager: keys go where the pointer is. Ctrl-L opens a field for the place, as a slash does."""
    window = open_chooser()
    place = window.get_extents(Atspi.CoordType.SCREEN)
    subprocess.run(["xdotool", "mousemove", str(place.x + place.width // 2), str(place.y + place.height // 2)], check=True, timeout=10)
    wait_for(lambda: within(window, Atspi.Role.TABLE, "Files"), "the chooser to be ready")
    Screen.press("ctrl+l")
    typed = wait_for(lambda: within(window, Atspi.Role.TEXT), "the field for the place")
    assert typed.set_text_contents(str(path))
    wait_for(lambda: typed.get_text(0, -1) == str(path), "the place to stand there")
    assert wait_for(lambda: within(window, Atspi.Role.PUSH_BUTTON, "Open"), "the button").do_action(0)
    wait_for(lambda: chooser() is None, "the chooser to go")


def said(words):
    wait_for(lambda: any(words in text for text in Screen.texts()), f"»{words}«")


def test_a_file_is_taken_over(watcher, worker, tray, tmp_path):
    file = tmp_path / "configuration of the old one"
    file.write_bytes(WINDOWS.encode("utf-8"))
    open_assistant(watcher)
    choose(file)
    said("see on the next pages")
    said("line 9: odd")
    said("delaytime: it is not needed")
    assert worker.imports == [{"text": WINDOWS, "kind": "ini", "check": True, "done": 0}], "nothing is changed yet"
    next_page()
    assert entry("Address").get_text(0, -1) == "https://taken.example.org/ocsinventory"
    for _ in range(2):
        next_page()
    assert entry("Tag of this machine").get_text(0, -1) == "branch-17"
    next_page()
    next_page("Apply")
    wait_for(lambda: worker.configured, "the call")
    assert worker.imports[1:] == [{"text": WINDOWS, "kind": "ini", "check": False, "done": 0}], "first the file, with its logins"
    assert "[HTTP]Pwd" not in values(worker)


def test_what_is_no_configuration(watcher, worker, tray, tmp_path):
    """Never waits: a pipe that nobody writes to, a device without an end, a film. What is chosen afterwards counts."""
    files = {name: tmp_path / name for name in ("pipe", "film", "latin", "perl")}
    os.mkfifo(files["pipe"])
    files["film"].write_bytes(b"\0" * 100_000)
    files["latin"].write_bytes(WINDOWS[1:].encode("cp1252"))
    files["perl"].write_text(PERL)
    open_assistant(watcher)
    assert within(open_chooser(), Atspi.Role.PUSH_BUTTON, "Cancel").do_action(0)
    wait_for(lambda: chooser() is None, "the chooser to go")
    for path, words in ((files["pipe"], "no plain file"), (files["film"], "too large"), ("/dev/zero", "no plain file")):
        choose(path)
        said(words)
    assert worker.imports == []
    choose(files["latin"])
    said("see on the next pages")
    worker.errors["Import"] = ("InvalidData", "line 1 is no setting: is this an ocsinventory.ini?")
    choose(files["perl"])
    said("Line 1 is no setting: is this")
    del worker.errors["Import"]
    choose(files["perl"])
    said("see on the next pages")
    assert [(each["kind"], each["text"]) for each in worker.imports] == [("ini", WINDOWS[1:]), ("perl", PERL)]
