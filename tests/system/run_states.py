# SPDX-License-Identifier: GPL-3.0-or-later
"""ocs-tray led through all its states, pages and questions, by hand:

    OCS_TRAY=… OCS_ICON_DIR=… xvfb-run -a dbus-run-session -- python3 run_states.py [valgrind …]

What is behind it is put before the program, as valgrind -q --error-exitcode=9 --suppressions=valgrind.supp. Ends 1 where the tray ended
otherwise than by our wish.
"""
import itertools
import os
import subprocess
import sys
import tempfile
import time

from desktop import GLib, Screen, Watcher, wait_for
from fake_worker import FakeWorker, outcome, package, question, reason
from traytest import APPLICATION, STARTED, TRAY

PATIENCE = 120  # seconds; valgrind takes its time
PAGES = ("overview", "deployments", "connection", "inventory", "log", "settings")
STATES = [
    {"state": "well", "outcome": outcome("sent")},
    {"state": "working", "job": {"kind": "downloading", "package": "9", "done": 5, "total": 10, "rate": 3, "from_cache": 4, "from_wan": 1},
     "packages": [package("9", "fetching", fragments_done=9, fragments_total=20, fragment_map="ccwd.")]},
    {"state": "waiting", "packages": [package("9", "scheduled")]},
    {"state": "away", "reason": reason("unreachable", "no route")},
    {"state": "problem", "insecure": True, "warnings": ["line 7: unknown key"], "reason": reason("proxy-auth", "another login")},
    {"state": "problem", "reason": reason("not-configured", "no server is set")},
]
QUESTIONS = [question(), question(paused=True), question(settled="now"), question(ident="restart", kind="restart", text=""),
             question(kind="done", countdown=0), question(ident="tag", kind="tag", text="Your office", countdown=0)]


class Worker(FakeWorker):
    def reply(self, method, parameters):
        if method == "GetSettings":
            setting = {"section": "HTTP", "key": "Server", "kind": "server", "set": True, "value": "https://x/ocs", "help": "x"}
            return {"parameters": {"settings": [setting]}}
        return super().reply(method, parameters)


def rest(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not GLib.MainContext.default().iteration(False):
            time.sleep(0.01)


def act(*action):
    subprocess.run(["gapplication", "action", APPLICATION, *action], check=True, timeout=PATIENCE)


def lead(worker, watcher, slow):
    for state in STATES:
        worker.set(**state)
        rest(slow)
        watcher.menu()
    for state, page in itertools.product(STATES[:2], PAGES):
        worker.set(**state)
        act("show", f"'{page}'")
        rest(slow)
    for each in QUESTIONS:
        worker.set(state="needs_you", questions=[each], packages=[package("7", "asking")])
        rest(slow)
    worker.set()
    rest(slow)
    for action in ("setup", "about"):
        act(action)
        rest(slow)
    worker.stop()
    rest(slow)
    worker.start()
    rest(slow)
    worker.garbage = b"nonsense\0"
    worker.set(state="well")
    rest(slow)


def main():
    prefix = sys.argv[1:]
    Screen()
    watcher = Watcher()
    watcher.own()
    with tempfile.TemporaryDirectory(prefix="ocs-states.") as folder:
        worker = Worker(folder + "/worker.sock").start()
        worker.steps = [{"name": "resolve", "result": "ok", "milliseconds": 3}]
        environment = dict(os.environ, **STARTED, XDG_RUNTIME_DIR=folder, G_SLICE="always-malloc")
        process = subprocess.Popen([*prefix, TRAY, f"--socket={worker.path}", "--background"], env=environment)
        wait_for(lambda: watcher.has_item_of(process.pid), "the icon", PATIENCE)
        try:
            lead(worker, watcher, 5 if prefix else 1)
            act("quit")
            status = process.wait(PATIENCE)
        finally:
            process.kill()
            worker.stop()
    print(f"the tray ended with {status}")
    return 0 if status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
