# SPDX-License-Identifier: GPL-3.0-or-later
"""ocsctl answer, and questions in ocsctl status, against a fake worker."""
import json
import os
import pty
import subprocess
import time

import pytest
from fake_worker import FakeWorker, package

CTL = os.environ["OCSCTL"]
DONE, FAILED, USAGE = range(3)


def question(**changes):
    now = int(time.time())
    value = {"id": "17", "serial": 4, "kind": "install", "text": "<b>New</b> editor &amp; more<br/>Save first.", "asked": now, "countdown": 300,
             "remaining": 125, "counted": now, "counting": True, "paused": False, "may_pause": True, "may_delay": True, "delays_left": 2,
             "deadline": now + 2 * 86400, "may_cancel": True, "settled_until": 0}
    value.update(changes)
    return value


@pytest.fixture
def worker(tmp_path):
    fake = FakeWorker(tmp_path / "worker.sock").start()
    yield fake
    fake.stop()


def ctl(worker, *arguments, language="C.UTF-8", **options):
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE=language, TZ="UTC")
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([CTL, f"--socket={worker.path}", *arguments], capture_output=True, text=True, timeout=20, env=environment, check=False,
                          **options)


@pytest.mark.parametrize("arguments, parameters", [
    (["17", "now"], {"id": "17", "answer": "now"}),
    (["17", "later"], {"id": "17", "answer": "later", "minutes": 60}),
    (["restart", "later", "240"], {"id": "restart", "answer": "later", "minutes": 240}),
    (["17", "cancel", "--yes"], {"id": "17", "answer": "cancel"}),
    (["17", "pause"], {"id": "17", "answer": "pause"}),
    (["17", "resume"], {"id": "17", "answer": "resume"}),
    (["17", "done"], {"id": "17", "answer": "done"}),
])
def test_answers(worker, arguments, parameters):
    done = ctl(worker, "answer", *arguments)
    assert done.returncode == DONE, done.stderr
    assert done.stdout == "The worker has been told.\n"
    assert worker.answers == [parameters]


@pytest.mark.parametrize("arguments, words", [
    ([], "an answer is"), (["17"], "an answer is"), (["17", "perhaps"], "an answer is"), (["17", "Now"], "an answer is"),
    (["17", "now", "60"], "only later"), (["17", "later", "soon"], "number of minutes"), (["17", "later", "0"], "number of minutes"),
    (["17", "later", "10081"], "number of minutes"), (["17", "later", "5", "6"], "too much"), (["17", "now", "--yes"], "--yes"),
    (["17", "cancel"], "--yes"),
])
def test_wrong_usage(worker, arguments, words):
    done = ctl(worker, "answer", *arguments)
    assert done.returncode == USAGE and words in done.stderr and done.stderr.count("\n") == 1
    assert worker.answers == []


def test_refused(worker):
    worker.errors["Answer"] = ("Refused", "it cannot be delayed any more: save your work, then answer now")
    done = ctl(worker, "answer", "17", "later")
    assert done.returncode == FAILED and done.stderr == "ocsctl: it cannot be delayed any more: save your work, then answer now\n"


def on_terminal(worker, typed):
    master, slave = pty.openpty()
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="C.UTF-8")
    process = subprocess.Popen([CTL, f"--socket={worker.path}", "answer", "17", "cancel"], stdin=slave, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=environment)
    os.close(slave)
    os.write(master, typed)
    _, errors = process.communicate(timeout=20)
    os.close(master)
    return process.returncode, errors


def test_cancel_is_asked_twice(worker):
    worker.set(questions=[question()])
    status, errors = on_terminal(worker, b"yes\n")
    assert status == DONE
    assert "May package 17 be installed now? New editor & more Save first." in errors and "final" in errors
    assert worker.answers == [{"id": "17", "answer": "cancel", "serial": 4}], "what was shown is what is cancelled"
    for typed in (b"no\n", b"y\n", b"\n", b"\x04"):
        status, errors = on_terminal(worker, typed)
        assert status == FAILED and "nothing was cancelled" in errors
    assert len(worker.answers) == 1


def test_status_shows_questions(worker):
    worker.set(state="needs_you", questions=[question(), question(id="restart", kind="restart", text=None, may_cancel=False, counting=False)])
    shown = ctl(worker, "status").stdout
    assert "May package 17 be installed now? New editor & more Save first." in shown
    assert "ocsctl answer 17 now | later [MINUTES] | cancel  Without an answer it goes on in 2:0" in shown
    assert "It can be put off 2 times more. After the deadline, " in shown
    assert "This machine is to be restarted. Save your work." in shown
    assert "ocsctl answer restart now | later [MINUTES]  The countdown waits at 2:05." in shown
    german = ctl(worker, "status", language="de").stdout
    assert "17 jetzt installiert werden?" in german and "Es kann noch 2-mal verschoben werden." in german


@pytest.mark.parametrize("changes, words", [
    ({"settled": "now"}, "Decided: now."), ({"settled": "later", "settled_until": int(time.time()) + 7230}, "Decided: later, asked again in 2 hours."),
    ({"settled": "cancelled"}, "Decided: cancelled."), ({"settled": "timed_out"}, "Nobody decided in time: it goes on."),
    ({"settled": "of_a_newer_worker"}, "Done."), ({"kind": "quiz"}, "does not know"), ({"kind": "done", "countdown": 0}, "ocsctl answer 17 done"),
    ({"kind": "tag", "countdown": 0, "may_delay": False, "text": "Room?"}, "Which tag does this machine have? Room?"),
])
def test_words(worker, changes, words):
    worker.set(questions=[question(**changes)])
    assert words in ctl(worker, "status").stdout


def test_what_a_package_waits_for(worker):
    worker.set(packages=[package("17", "asking", waits_until=int(time.time()) + 7230, may_hurry=True)])
    shown = ctl(worker, "packages", "17").stdout
    assert "in 2 hours" in shown and "ocsctl answer 17 now" in shown


def test_strange_questions(worker):
    worker.set(questions=[None, 7, {}, {"id": 3, "text": "<b <i>\x1b[31m", "kind": []}])
    done = ctl(worker, "status")
    assert done.returncode == DONE and "\x1b" not in done.stdout
    assert json.loads(ctl(worker, "--json", "status").stdout)["status"]["questions"][1] == 7
