# SPDX-License-Identifier: GPL-3.0-or-later
"""The windows of ocs-tray that ask people: they come by themselves, say what happens, and answer once."""
import time

import pytest

from fake_worker import package, question
from traytest import Tray, skip_without_display, switches, tray, watcher, worker  # noqa: F401
from test_window import out_of_reach, unnamed

try:
    from desktop import Atspi, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display


def ask(worker, *questions):
    worker.set(state="needs_you", questions=list(questions), packages=[package(each["id"], "asking") for each in questions])


def button(name):
    return Screen.find(Atspi.Role.PUSH_BUTTON, name)


def texts():
    return Screen.texts()


def test_install(watcher, worker, tray):
    ask(worker, question())
    window = wait_for(Screen.window, "the window, by itself")
    wait_for(lambda: window.get_name() == "Package 7 is ready to be installed", "its title")
    seen = texts()
    assert any("Firefox is updated." in text and "• two minutes" in text for text in seen), seen
    assert not any("script" in text or "x</" in text for text in seen)
    assert "Without an answer it is installed when the time is up." in seen
    assert any(text.startswith("It can be put off 4 times more, until ") for text in seen)
    first = wait_for(lambda: next((text for text in texts() if text.startswith("Installs in 4:5")), None), "the countdown")
    wait_for(lambda: any(text.startswith("Installs in 4:") and text != first for text in texts()), "that it counts")
    assert unnamed() == [] and out_of_reach() == []
    assert "Answer 1 question…" in watcher.labels()
    assert button("Install now").do_action(0)
    wait_for(lambda: worker.answers == [{"id": "7", "serial": 3, "answer": "now"}], "the answer")
    ask(worker, question(settled="now"))
    wait_for(lambda: "It was decided to install it now." in texts() and not button("Install now"), "what was decided")
    worker.set()
    wait_for(lambda: Screen.window() is None, "that it goes")


def test_later(watcher, worker, tray):
    ask(worker, question())
    wait_for(Screen.window, "the window")
    later = wait_for(lambda: Screen.find(Atspi.Role.TOGGLE_BUTTON, "Later"), "the button")
    assert later.do_action(0)

    def entries():
        return {node.get_name().split(" (")[0]: node for window in Screen.windows() for node in Screen.walk(window)
                if node.get_role() in (Atspi.Role.MENU_ITEM, Atspi.Role.PUSH_BUTTON, Atspi.Role.CHECK_BOX) and node.get_name().startswith("In ")}
    wait_for(lambda: set(entries()) == {"In 1 hour", "In 4 hours", "In the morning"}, "the choices")
    assert entries()["In 4 hours"].do_action(0)
    wait_for(lambda: worker.answers and worker.answers[0]["minutes"] == 240, "the answer")
    assert worker.answers == [{"id": "7", "serial": 3, "answer": "later", "minutes": 240}]


def test_cancel_is_asked_twice(watcher, worker, tray):
    ask(worker, question())
    wait_for(Screen.window, "the window")
    assert wait_for(lambda: button("Do not install"), "the button").do_action(0)
    assert wait_for(lambda: button("Back"), "the way back").do_action(0)
    assert wait_for(lambda: button("Do not install"), "the button again").do_action(0)
    assert worker.answers == []
    assert wait_for(lambda: button("Refuse for good"), "the second question").do_action(0)
    wait_for(lambda: worker.answers == [{"id": "7", "serial": 3, "answer": "cancel"}], "the answer")


def test_pause(watcher, worker, tray):
    ask(worker, question())
    wait_for(Screen.window, "the window")
    assert wait_for(lambda: button("Pause"), "the button").do_action(0)
    wait_for(lambda: worker.answers == [{"id": "7", "serial": 3, "answer": "pause"}], "the answer")
    ask(worker, question(paused=True, counting=False, may_pause=False, remaining=200))
    wait_for(lambda: "Paused with 3:20 left" in texts(), "that it stands")
    end = time.monotonic() + 2
    wait_for(lambda: time.monotonic() > end, "quiet")
    before = switches(tray.process)
    time.sleep(4)
    assert switches(tray.process) - before <= 2, "nothing counts, so nothing wakes up"
    assert button("Go on counting").do_action(0)
    wait_for(lambda: len(worker.answers) == 2 and worker.answers[1]["answer"] == "resume", "the answer")


def test_what_is_not_allowed_is_not_offered(watcher, worker, tray):
    ask(worker, question(may_delay=False, may_cancel=False, may_pause=False))
    wait_for(lambda: button("Install now"), "the window")
    assert not button("Do not install") and not button("Pause") and not Screen.find(Atspi.Role.TOGGLE_BUTTON, "Later")
    assert "It cannot be put off any more." in texts()


def test_refused(watcher, worker, tray):
    ask(worker, question())
    worker.errors["Answer"] = ("Refused", "another package runs: answer when it is done")
    wait_for(lambda: button("Install now"), "the window")
    assert button("Install now").do_action(0)
    wait_for(lambda: "Another package runs: answer when it is done" in texts(), "why not")
    worker.errors["Answer"] = ("NotFound", "there is no such question")
    assert button("Install now").do_action(0)
    wait_for(lambda: "This question has been answered already." in texts(), "that it is over")


@pytest.mark.parametrize("kind, title, name, words", [
    ("restart", "This machine has to be restarted", "Restart now", "Restarts in "),
    ("shutdown", "This machine is to be turned off", "Turn off now", "Turns off in ")])
def test_restart(watcher, worker, tray, kind, title, name, words):
    worker.set(state="needs_you", questions=[question(kind, kind, text=None, may_cancel=False, countdown=900, remaining=899)])
    window = wait_for(Screen.window, "the window")
    wait_for(lambda: window.get_name() == title and "Save your work now." in texts(), "the words")
    assert any(text.startswith(words + "14:5") for text in texts())
    assert Screen.find(Atspi.Role.TOGGLE_BUTTON, "Later")
    assert button(name).do_action(0)
    wait_for(lambda: worker.answers == [{"id": kind, "serial": 3, "answer": "now"}], "the answer")


def test_done_action(watcher, worker, tray):
    ask(worker, question("done", text="Log <i>in</i> again.", countdown=0, may_cancel=False, may_delay=False))
    wait_for(lambda: "Log in again." in texts(), "the text")
    assert button("Done").do_action(0)
    wait_for(lambda: worker.answers == [{"id": "7", "serial": 3, "answer": "done"}], "the answer")


def test_tag(watcher, worker, tray):
    worker.set(state="needs_you", questions=[question("tag", "tag", text="Room <number>", countdown=0)])
    wait_for(lambda: "Room <number>" in texts(), "the label, as it is")
    entry = Screen.find(Atspi.Role.TEXT, "TAG")
    assert not button("Set").get_state_set().contains(Atspi.StateType.SENSITIVE)
    assert unnamed() == []
    entry.set_text_contents("  Paris 2 ")
    wait_for(lambda: button("Set").get_state_set().contains(Atspi.StateType.SENSITIVE), "that it can be set")
    assert button("Set").do_action(0)
    wait_for(lambda: worker.tags == [{"tag": "Paris 2"}], "the call")
    assert button("Never ask again").do_action(0)
    wait_for(lambda: worker.tags == [{"tag": "Paris 2"}, {}], "the other call")


def test_closed_window_stays_closed(watcher, worker, tray):
    ask(worker, question())
    wait_for(Screen.window, "the window")
    Screen.tab_round(Screen.window(), limit=3)
    Screen.press("Escape")
    wait_for(lambda: Screen.window() is None, "that it closes")
    worker.update(next_contact=1)
    time.sleep(0.5)
    assert Screen.window() is None and worker.answers == []
    watcher.click("Answer 1 question…")
    wait_for(lambda: button("Install now"), "the window, since somebody wants it")
    Screen.press("Escape")
    ask(worker, question(serial=4))
    wait_for(lambda: button("Install now"), "the window, since it is asked again")


def test_crash_of_the_tray(watcher, worker, tray):
    ask(worker, question())
    wait_for(lambda: button("Install now"), "the window")
    tray.process.kill()
    tray.process.wait(10)
    wait_for(lambda: Screen.window() is None, "that it is gone")
    tray.process = tray.start("--background")
    wait_for(lambda: button("Install now"), "the window again")


def test_nonsense(watcher, worker, tray):
    worker.set(questions=[5, {}, {"id": "9", "kind": "dance"}, question(ident="8", countdown="x", deadline=-7, text="<b" * 20000)])
    wait_for(lambda: button("Install now"), "the one that can be read")
    assert len(Screen.windows()) == 1
    worker.set(questions=[question(ident=str(i)) for i in range(100)])
    wait_for(lambda: len(Screen.windows()) == 20, "no more windows than anybody can read")


def test_by_keyboard(watcher, worker, tray):
    ask(worker, question())
    wait_for(lambda: button("Install now"), "the window")
    reached = Screen.tab_round(Screen.window())
    assert {"push button: Install now", "toggle button: Later", "push button: Do not install", "push button: Pause"} <= set(reached), reached
