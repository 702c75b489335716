# SPDX-License-Identifier: GPL-3.0-or-later
"""The notifications of ocs-tray, as the desktop gets them: few, never urgent, and each opens what it speaks of."""
import time

import pytest

from fake_worker import package, question, reason
from test_dialogs import button
from traytest import Tray, skip_without_display, switches, tray, watcher, worker  # noqa: F401

try:
    from desktop import Atspi, Notifications, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display


@pytest.fixture(scope="module")
def desktop(watcher):
    return Notifications()


@pytest.fixture(autouse=True)
def nothing_shown(desktop):
    desktop.shown.clear()


def quiet(seconds=0.5):
    end = time.monotonic() + seconds
    wait_for(lambda: time.monotonic() > end, "quiet")


def test_question(watcher, worker, tray, desktop):
    worker.set(state="needs_you", questions=[question()])
    title = "Package 7 is ready to be installed"
    wait_for(lambda: desktop.find(title), "the notification")
    told = desktop.shown[desktop.find(title)]
    assert told["urgency"] in (None, 1) and told["body"] == "Without an answer it is installed when the time is up."
    wait_for(Screen.window, "the window")
    Screen.tab_round(Screen.window(), limit=2)
    Screen.press("Escape")
    wait_for(lambda: Screen.window() is None, "that it is closed")
    desktop.click(title)
    wait_for(lambda: button("Install now"), "the window, from the notification")
    worker.set(questions=[question(serial=4)])
    wait_for(lambda: desktop.find(title), "the notification, since it is asked again")
    worker.set(questions=[question(serial=4, settled="later")])
    wait_for(lambda: not desktop.find(title), "that it is taken back")


def test_deployments(watcher, worker, tray, desktop):
    worker.set(packages=[package("1", "running"), package("2", "running")])
    quiet()
    assert desktop.shown == {}
    worker.set(packages=[package("1", "running"), package("2", "finished", result="EXIT_CODE_3")])
    title = "Package 2 could not be installed"
    wait_for(lambda: desktop.find(title), "the notification")
    assert desktop.shown[desktop.find(title)]["body"] == "Its command failed with code 3"
    desktop.click(title)
    wait_for(lambda: Screen.window() and "History" in Screen.texts(), "the page of the deployments")
    worker.set(packages=[package(str(number), "reported", result="SUCCESS") for number in range(10)])
    wait_for(lambda: desktop.find("9 deployments have ended"), "one for all")
    assert len(desktop.shown) == 1


def test_calm(watcher, worker, tray, desktop):
    """No way to the server, a problem that is young, a worker that restarts: nothing is told."""
    for changes in ({"state": "away", "reason": reason("unreachable", "x")}, {"state": "problem", "reason": reason("tls", "x")}, {"state": "waiting"}):
        worker.set(**changes)
        quiet(0.3)
    worker.stop()
    quiet(0.3)
    worker.start()
    wait_for(lambda: worker.called("Watch") == 2, "the watch again", seconds=20)
    quiet()
    assert desktop.shown == {}


def test_problem_does_not_wake_it_up(watcher, worker, tray, desktop):
    worker.set(state="problem", reason=reason("tls", "x"))
    quiet(2)
    before = switches(tray.process)
    time.sleep(4)
    assert switches(tray.process) - before <= 2
