# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody looks at a film: a real window that fills the screen, under a real window manager. Nothing of ocs-tray comes over it but what
that person asks for, or what cannot wait any longer; when it has ended, what waited is there."""
import re
import shutil
import subprocess
import sys
import time

import pytest

from fake_worker import package, question, reason
from test_dialogs import ask, button
from traytest import Tray, skip_without_display, switches, tray, watcher, worker  # noqa: F401

try:
    from desktop import Notifications, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

PROGRAMS = ("openbox", "xprop", "xdotool")
pytestmark = [skip_without_display,
              pytest.mark.skipif(not all(map(shutil.which, PROGRAMS)), reason=f"needs {', '.join(PROGRAMS)}: run tests/install.sh desktop")]

TITLE = "Package 7 is ready to be installed"
FILM = """
import sys, gi
gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk
window = Gtk.Window(title="A film")
window.fullscreen()
window.show_all()
def heard(*_):
    window.fullscreen() if sys.stdin.readline().strip() == "on" else window.unfullscreen()
    return True
GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IO_IN, heard)
Gtk.main()
"""


def xprop(*arguments):
    return subprocess.run(["xprop", *arguments], capture_output=True, text=True, timeout=10, check=False).stdout


def fills_screen():
    """Whether the window that has the focus is the film, and fills the screen."""
    active = re.search(r"0x[0-9a-f]+", xprop("-root", "_NET_ACTIVE_WINDOW"))
    said = xprop("-id", active.group(), "_NET_WM_STATE", "WM_NAME") if active else ""
    return "_NET_WM_STATE_FULLSCREEN" in said and "A film" in said


@pytest.fixture(scope="module")
def desktop(watcher):
    manager = subprocess.Popen(["openbox", "--sm-disable"], stdin=subprocess.DEVNULL)
    wait_for(lambda: "window id" in xprop("-root", "_NET_SUPPORTING_WM_CHECK"), "the window manager")
    yield Notifications()
    manager.terminate()
    manager.wait(10)


@pytest.fixture
def film(desktop):
    desktop.shown.clear()
    process = subprocess.Popen([sys.executable, "-c", FILM], stdin=subprocess.PIPE, text=True, bufsize=1)
    wait_for(fills_screen, "the film", 20)
    yield process
    process.terminate()
    process.wait(10)


def quiet():
    end = time.monotonic() + 0.7
    wait_for(lambda: time.monotonic() > end, "quiet")


def see_nothing(watcher, desktop):
    wait_for(lambda: "Answer 1 question…" in watcher.labels(), "that the tray knows")
    quiet()
    assert Screen.window() is None and desktop.shown == {} and fills_screen()


@pytest.mark.parametrize("way", ["left", "closed", "another window"])
def test_waits_for_its_end(watcher, worker, tray, desktop, film, way):
    ask(worker, question())
    see_nothing(watcher, desktop)
    if way == "left":
        film.stdin.write("off\n")
    elif way == "closed":
        film.kill()
    else:
        other = subprocess.Popen([sys.executable, "-c", FILM.replace("window.fullscreen()\n", "", 1).replace("A film", "A letter")], stdin=subprocess.PIPE)
    try:
        wait_for(lambda: button("Install now"), "the window", 20)
        wait_for(lambda: desktop.find(TITLE), "the notification")
    finally:
        if way == "another window":
            other.kill()
            other.wait()


def test_what_ends_meanwhile_is_never_seen(watcher, worker, tray, desktop, film):
    ask(worker, question())
    see_nothing(watcher, desktop)
    ask(worker, question(settled="later", settled_until=int(time.time()) + 3600))
    wait_for(lambda: "Answer 1 question…" not in watcher.labels(), "that it is settled")
    film.stdin.write("off\n")
    wait_for(lambda: not fills_screen(), "the end of the film")
    quiet()
    assert Screen.window() is None and desktop.shown == {}


def test_last_call(watcher, worker, tray, desktop, film):
    """A restart is said in time, without taking the focus from the film."""
    restart = question("restart", "restart", text=None, may_cancel=False, countdown=300, remaining=122)
    worker.set(state="needs_you", questions=[restart])
    wait_for(lambda: button("Restart now"), "the window", 30)
    assert fills_screen() and desktop.shown == {}
    assert restart["remaining"] - (time.time() - restart["counted"]) <= 121, "not before it has to"


def test_asked_for(watcher, worker, tray, desktop, film):
    ask(worker, question())
    see_nothing(watcher, desktop)
    watcher.click("Answer 1 question…")
    wait_for(lambda: button("Install now"), "the window that was asked for")


def test_other_news_wait_too_and_nothing_wakes_up(watcher, worker, tray, desktop, film):
    worker.set(state="waiting", packages=[package("2", "running")])
    wait_for(lambda: watcher.labels()[0] == "Waiting", "the package")
    worker.set(state="problem", reason=reason("tls", "x"), packages=[package("2", "finished", result="EXIT_CODE_3")])
    wait_for(lambda: watcher.labels()[0] == "There is a problem", "that the tray knows")
    quiet()
    assert desktop.shown == {}
    before = switches(tray.process)
    time.sleep(2)
    assert switches(tray.process) - before <= 2
    film.stdin.write("off\n")
    wait_for(lambda: desktop.find("Package 2 could not be installed"), "the notification")
