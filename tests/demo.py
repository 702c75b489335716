# SPDX-License-Identifier: GPL-3.0-or-later
"""The story that tests/demo.sh tells, on real programs: nothing here knows the outcome before it happened."""
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ["OCS_BUILD_DIR"])
sys.path[:0] = [str(HERE / "lab"), str(HERE / "system")]
os.environ.setdefault("OCS_WORKER", str(BUILD / "worker/ocs-worker"))

from lab import Lab, TestServer, make_package  # noqa: E402
from machine import Machine  # noqa: E402

NUMBER = 1700000001
TWO_DAYS_AGO = time.time() - 172800


def say(who, what):
    print(f"  {who:<12} {what}", flush=True)


def size(count):
    return f"{count / 1e6:.1f} MB"


class SmallServer:
    """The test server, with the methods of the real one that the story needs."""

    name = "the test server (tests/demo.sh --real takes the real OCS server)"

    def __init__(self, stack, folder, _):
        self.server = stack.enter_context(TestServer(folder / "server"))
        self.server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "TIMEOUT": "30", "EXECUTION_TIMEOUT": "120"})
        self.url, self.ca = self.server.url, self.server.ca

    def assign(self, folder, machines, **package):
        self.server.add_package(make_package(folder / "packages", NUMBER, mtime=TWO_DAYS_AGO, **package))

    def result(self, machine):
        return self.server.result(NUMBER, machine.identity())

    def crossed(self):
        return self.server.bytes_sent(f"/download/{NUMBER}/{NUMBER}-*")


class RealServer:
    name = "Debian's ocsinventory-server behind Apache, with MariaDB"

    def __init__(self, _, __, lab):
        self.lab = lab
        lab.set_config("DOWNLOAD", 1)
        for latency in ("FRAG", "CYCLE"):
            lab.set_config(f"DOWNLOAD_{latency}_LATENCY", 0)
        self.url, self.ca = lab["OCS_URL"], lab.ca

    def assign(self, _, machines, **package):
        made = make_package(self.lab.package_dir(), NUMBER, mtime=TWO_DAYS_AGO, **package)
        for machine in machines:
            self.lab.enable_package(made, machine.identity())

    def result(self, machine):
        return self.lab.result(NUMBER, machine.identity())

    def crossed(self):
        return self.lab.bytes_sent(f"/download/{NUMBER}/{NUMBER}-*")


def check(ok, machine, what):
    if not ok:
        raise SystemExit(f"tests/demo.sh: {what}; the log of the worker says:\n{machine.said()}")


def register(name, machine):
    began = time.monotonic()
    check(machine.once() == 0, machine, "the contact failed")
    sent = (machine.state / "accepted.json").exists()
    check(sent, machine, "no inventory was sent")
    say(name, f"inventory sent in {time.monotonic() - began:.2f} s, known to the server as {machine.identity()}")


def deploy(name, machine, server):
    began = time.monotonic()
    check(machine.once() == 0, machine, "the contact failed")
    result = server.result(machine)
    check(result == "SUCCESS", machine, f"the package ended as {result}")
    counters = json.loads((machine.state / "counters.json").read_text())
    say(name, f"package deployed in {time.monotonic() - began:.2f} s, the console shows {result}: "
              f"{size(counters['from_wan'])} over the WAN, {size(counters['from_cache'])} from the cache")


def show_tray(machine, folder):
    tray = BUILD / "tray/ocs-tray"
    if not tray.exists():
        return say("tray", "not built: GTK 3 or libayatana-appindicator is missing")
    environment = dict(os.environ, OCS_TRAY=str(tray), OCS_ICON_DIR=str(HERE.parent / "data/icons"), OCS_LOCALE_DIR=str(BUILD / "po"),
                       OCS_COMPANION_SOCKET=str(machine.runtime / "worker.sock"))
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        say("tray", "is in your panel now; choose Quit in its menu to end the demo")
        return subprocess.run([tray], env=environment, check=False)
    pictures = folder / "pictures"
    pictures.mkdir()
    done = subprocess.run([HERE / "screenshot.sh", machine.runtime / "worker.sock", pictures], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        return say("tray", f"no picture: {done.stderr.strip() or done.stdout.strip()}")
    kept = Path(tempfile.mkdtemp(prefix="ocs-demo-pictures."))
    for picture in pictures.glob("*.png"):
        shutil.copy(picture, kept)
    return say("tray", f"no display here, so it ran in a panel under Xvfb: see {kept}/*.png")


def run(real):
    folder = Path(tempfile.mkdtemp(prefix="ocs-demo.", dir="/tmp"))
    folder.chmod(0o755)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        lab = stack.enter_context(Lab(folder / "lab", "--squid=plain", *(["--real"] if real else [])))
        server = (RealServer if real else SmallServer)(stack, folder, lab)
        say("server", f"{server.name}: {server.url}")
        say("proxy", f"Squid, Debian's own configuration with a cache_dir: 127.0.0.1:{lab['SQUID_PORT']}")
        keys = {"Server": server.url, "CaBundle": server.ca, "ProxyType": 1, "Proxy": "127.0.0.1", "ProxyPort": lab["SQUID_PORT"]}
        first, second = (stack.enter_context(Machine(folder / name, **keys)) for name in ("first", "second"))
        register("machine 1", first)
        time.sleep(1.1)  # a machine's name at the server is its host name and the second
        register("machine 2", second)
        mark = folder / "ran"
        server.assign(folder, [first, second], files={"setup.sh": f"echo installed >> {mark}\n", "data": os.urandom(20_000_000)}, frags=20,
                      command="sh setup.sh")
        deploy("machine 1", first, server)
        deploy("machine 2", second, server)
        say("package", f"ran {mark.read_text().count('installed')} times, once a machine; the server sent {size(server.crossed())} "
                       "of package bytes in all")
        second.start()
        show_tray(second, folder)


if __name__ == "__main__":
    print("OCS Companion: one inventory up, one package down, twice, through a caching proxy", flush=True)
    try:
        run("--real" in sys.argv[1:])
    except (RuntimeError, AssertionError) as error:
        raise SystemExit(f"tests/demo.sh: {error}") from None
