# SPDX-License-Identifier: GPL-3.0-or-later
"""The windows of data/screenshots, taken again by hand after they have changed:

    OCS_TRAY=… OCS_ICON_DIR=… python3 take_pictures.py ../../data/screenshots

Real windows under a real window manager; what they tell is made up.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from fake_worker import FakeWorker, outcome, package, question, reason
from hosts import session, wait_until

DAY = 86400
TEXT = "<b>LibreOffice 26.8</b><p>The office programs are updated. Close your documents first; it takes about ten minutes.</p>"


def fill(worker):
    now = int(time.time())
    worker.history = [outcome("sent" if i % 6 == 0 else "contacted", time=now - i * 4 * 3600 - 1800) for i in range(40, -1, -1)]
    worker.history[17] = outcome("failed", time=worker.history[17]["time"], reason=reason("unreachable", "no route to ocs.example.org"))
    worker.days = [{"day": time.strftime("%Y-%m-%d", time.localtime(now - i * DAY)), "from_cache": (i * 37 % 11) * 41 << 20, "from_wan": (i * 53 % 7) * 9 << 20}
                   for i in range(29, -1, -1)]
    worker.inventory = [
        {"section": "HARDWARE", "entries": [{"NAME": "desk-07", "OSNAME": "Debian GNU/Linux 13", "MEMORY": "32768"}], "notes": []},
        {"section": "MONITORS", "entries": [{"CAPTION": "U2723QE", "MANUFACTURER": "Dell"}], "come": ["CAPTION: U2723QE"], "gone": []},
        {"section": "SOFTWARES", "entries": [{"NAME": name, "VERSION": "1"} for name in ("bash", "firefox-esr", "libreoffice", "zsh")]}]
    worker.steps = [{"name": name, "result": "ok", "milliseconds": took, "detail": detail} for name, took, detail in (
        ("resolve", 2, "cache.example.org: 192.0.2.7"), ("connect", 3, None), ("login", 9, "Negotiate"), ("server", 61, "ocs.example.org"),
        ("fetch", 240, None), ("again", 7, None), ("cache", 0, "the proxy keeps packages"), ("clock", 0, None))]
    worker.policy.update(support_text="Help desk: extension 4711")


def states(worker):
    worker.set(state="working", tag="branch-17", outcome=outcome("sent"),
               job={"kind": "downloading", "package": "1763820001", "done": 47185920, "total": 104857600, "rate": 9400000, "from_cache": 40000000,
                    "from_wan": 7185920},
               packages=[package("1763820001", "fetching", fragments_done=9, fragments_total=20, fragment_map="ccccwcccw..........."),
                         package("1763820002", "scheduled", scheduled=int(time.time()) + 7 * 3600),
                         package("1763733600", "reported", result="SUCCESS"), package("1763647200", "reported", result="SUCCESS")])
    yield from ("overview", "deployments", "connection", "inventory")
    worker.set(state="needs_you", packages=[package("1763820001", "asking")], questions=[question(ident="1763820001", text=TEXT)])
    yield "question"


def show(made, page):
    target = ["question", "''"] if page == "question" else ["show", f"'{page}'"]
    made.run("gapplication", "action", "org.ocscompanion.Tray", *target)
    title = "is ready to be installed" if page == "question" else "^OCS Companion$"
    window = wait_until(lambda: made.run("xdotool", "search", "--onlyvisible", "--name", title).stdout.split(), page)[0]
    made.run("xdotool", "mousemove", "799", "599")
    time.sleep(2)
    return window


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as place:
        worker = FakeWorker(pathlib.Path(place) / "worker.sock").start()
        fill(worker)
        with session("x11") as made:
            made.start("xfce4-panel", "--disable-wm-check")
            made.wait_for_host()
            made.start(os.environ["OCS_TRAY"], f"--socket={worker.path}", "--background")
            made.wait_for_item()
            for page in states(worker):
                window = show(made, page)
                path = folder / f"{page}.png"
                done = made.run("import", "-window", "root" if page == "question" else window, "-depth", "8", "-dither", "None", "-colors", "255", "-define", "png:compression-level=9", str(path))
                assert done.returncode == 0, done.stderr
                print(json.dumps([page, path.stat().st_size]))
        worker.stop()


if __name__ == "__main__":
    sys.exit(main())
