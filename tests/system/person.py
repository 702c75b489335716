# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who is logged in: a session bus, a screen and an ocs-tray of his own, whose windows he reads and whose buttons he presses.

The test's side is Person; the other is this file as a program, run by that user inside xvfb-run and dbus-run-session and told by lines of
JSON: {"see": TEXT} waits until a text of the window has TEXT in it and gives back all texts, {"press": NAME} presses a button.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

BUS = """<busconfig><type>session</type><listen>unix:tmpdir={folder}</listen><standard_session_servicedirs/>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""


class Person:
    """folder: to be made; must lie where every user can get to. tray: the program, to which the same holds."""

    def __init__(self, uid, folder, tray, socket):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        os.chown(self.folder, uid, uid)
        environment = dict(os.environ, HOME=str(self.folder), XDG_RUNTIME_DIR=str(self.folder), TMPDIR=str(self.folder), LC_ALL="C.UTF-8",
                           LANGUAGE="", GSETTINGS_BACKEND="memory", TZ="UTC", G_DEBUG="fatal-criticals")
        for name in ("DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY", "NO_AT_BRIDGE", "AT_SPI_BUS_ADDRESS"):
            environment.pop(name, None)
        program = self.folder / "person.py"
        for name in ("person.py", "desktop.py"):
            shutil.copy(Path(__file__).with_name(name), self.folder)
        bus = self.folder / "bus.conf"
        bus.write_text(BUS.format(folder=self.folder))
        # The screen is root's and open to everybody: /tmp may be closed to others, and X needs it.
        self.process = subprocess.Popen(
            ["xvfb-run", "-a", "-s", "-ac -noreset -screen 0 800x600x24", "setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "dbus-run-session",
             f"--config-file={bus}", "--", "/usr/bin/python3", "-B", str(program), str(tray), str(socket)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=str(self.folder), env=environment, start_new_session=True)
        self.end()  # two that begin at once might take the same screen

    def begin(self, **what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def end(self):
        """Services of the bus write there, too."""
        line = next((line for line in self.process.stdout if line.startswith("{")), None)
        assert line, "the person has gone"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["said"]

    def do(self, **what):
        self.begin(**what)
        return self.end()

    def leave(self):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def live(tray, socket):
    from desktop import Atspi, Screen, wait_for

    Screen()
    process = subprocess.Popen([tray, f"--socket={socket}", "--background"])
    print(json.dumps({"said": []}), flush=True)

    def see(text):
        wait_for(lambda: any(text in each for each in Screen.texts()), f"the text {text!r}", 30)
        return Screen.texts()

    def press(name):
        button = wait_for(lambda: Screen.find(Atspi.Role.PUSH_BUTTON, name), f"the button {name!r}", 30)
        return button.do_action(0)

    for line in sys.stdin:
        what = json.loads(line)
        try:
            answer = {"said": see(what["see"]) if "see" in what else press(what["press"])}
        except AssertionError as error:
            answer = {"error": f"{error}; there is {Screen.texts()}"}
        print(json.dumps(answer), flush=True)
    process.send_signal(signal.SIGTERM)
    process.wait(10)


if __name__ == "__main__":
    live(*sys.argv[1:3])
