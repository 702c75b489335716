# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the tray share: a fake panel, a fake worker and an ocs-tray that are started for a test and ended after it."""
import os
import signal
import subprocess

import pytest

from fake_worker import FakeWorker

try:
    from desktop import Screen, Watcher, name_is_owned, wait_for
    MISSING = None if os.environ.get("DISPLAY") and os.environ.get("DBUS_SESSION_BUS_ADDRESS") else "xvfb-run and dbus-run-session"
except (ImportError, ValueError) as error:
    MISSING = f"python3-gi and gir1.2-atspi-2.0 ({error})"

skip_without_display = pytest.mark.skipif(MISSING is not None, reason=f"needs {MISSING}")

APPLICATION = "org.ocscompanion.Tray"
TRAY = os.environ["OCS_TRAY"]
ICONS = os.environ["OCS_ICON_DIR"]

STARTED = {"G_DEBUG": "fatal-criticals", "LC_ALL": "C.UTF-8", "LANGUAGE": "", "GSETTINGS_BACKEND": "memory", "TZ": "UTC"}


@pytest.fixture(scope="module")
def watcher():
    fake = Watcher()
    fake.own()
    Screen()
    return fake


@pytest.fixture
def worker(tmp_path):
    fake = FakeWorker(tmp_path / "worker.sock").start()
    yield fake
    fake.stop()


class Tray:
    def __init__(self, worker, *arguments):
        self.environment = dict(os.environ, **STARTED, XDG_RUNTIME_DIR=os.path.dirname(worker.path))
        self.environment.pop("NO_AT_BRIDGE", None)
        self.command = [TRAY, f"--socket={worker.path}"]
        self.process = self.start(*arguments)

    def start(self, *arguments):
        return subprocess.Popen([*self.command, *arguments], env=self.environment)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)
        wait_for(lambda: not name_is_owned(APPLICATION), "the name to be free")


@pytest.fixture
def tray(watcher, worker):
    watcher.item = None
    started = Tray(worker, "--background")
    wait_for(lambda: watcher.has_item_of(started.process.pid), "the icon")
    yield started
    alive = started.process.poll() is None
    started.stop()
    assert alive, f"the tray died: {started.process.returncode}"


def switches(process):
    """How often the threads of the process have gone to sleep, which is how often they were awake."""
    total = 0
    for thread in os.listdir(f"/proc/{process.pid}/task"):
        with open(f"/proc/{process.pid}/task/{thread}/status", encoding="ascii") as file:
            total += next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
    return total


def seconds_of_work(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
