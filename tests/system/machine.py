# SPDX-License-Identifier: GPL-3.0-or-later
"""One machine of a site for the tests: an ini file, a state folder and a real worker with its couriers, watched through its socket."""
import json
import os
import signal
import socket
import subprocess
from pathlib import Path

from lab import wait_for

WORKER = os.environ.get("OCS_WORKER", "ocs-worker")
INTERFACE = "org.ocscompanion.Worker"


class VarlinkError(Exception):
    def __init__(self, name, parameters):
        super().__init__(f"{name}: {parameters.get('message', parameters)}")
        self.name = name.rsplit(".", 1)[-1]
        self.message = parameters.get("message", "")


class Varlink:
    """A blocking Varlink client in a few lines, so that the tests do not believe the project's own one."""

    def __init__(self, path, timeout=20):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(str(path))
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, method, parameters=None, **flags):
        message = {"method": method, "parameters": parameters or {}, **flags}
        self.socket.sendall(json.dumps(message).encode() + b"\0")

    def receive(self):
        return self.receive_whole().get("parameters", {})

    def receive_whole(self):
        """The next reply with its envelope."""
        while b"\0" not in self.buffer:
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError("the worker closed the connection")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        reply = json.loads(message)
        if "error" in reply:
            raise VarlinkError(reply["error"], reply.get("parameters", {}))
        return reply

    def call(self, method, parameters=None):
        self.send(method, parameters)
        return self.receive()


class Machine:
    def __init__(self, folder, **http):
        """http: keys of [HTTP]; sections of other names by ini(section={...})."""
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.state = self.folder / "state"
        self.runtime = self.folder / "run"
        self.config = self.folder / "ocsinventory.ini"
        self.log = self.folder / "worker.log"
        self.process = None
        self.power = self.folder / "power.log"
        # Who is logged in on the machine that runs the tests is no matter of theirs.
        self.environment = dict(os.environ, PATH=f"{self.harmless()}:{os.environ['PATH']}",
                                DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nonexistent/no-system-bus")
        self.ini(HTTP=http)

    def harmless(self):
        """A folder of programs that would end this machine, which only write down that they were called."""
        folder = self.folder / "bin"
        folder.mkdir(exist_ok=True)
        for name in ("systemctl", "shutdown", "reboot", "poweroff", "halt", "wall", "systemd-run"):
            program = folder / name
            program.write_text(f'#!/bin/sh\necho {name} "$@" >> {self.power}\n')
            program.chmod(0o755)
        return folder

    def ini(self, **sections):
        text = ""
        for section, keys in sections.items():
            text += f"[{section.replace('_', ' ')}]\n" + "".join(f"{key}={value}\n" for key, value in keys.items())
        self.config.write_text(text)
        self.config.chmod(0o600)

    def arguments(self, *more):
        return [WORKER, f"--config={self.config}", f"--state-dir={self.state}", f"--runtime-dir={self.runtime}", "--spawn-courier", *more]

    def once(self, timeout=60, **options):
        """Runs the worker with --once; returns its exit status."""
        options.setdefault("env", self.environment)
        with open(self.log, "ab") as log:
            done = subprocess.run(self.arguments("--once"), stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=timeout, **options)
        return done.returncode

    def begin_once(self):
        """The same without waiting; end_once() waits."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.arguments("--once"), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment)

    def end_once(self, timeout=90):
        status = self.process.wait(timeout)
        self.process = None
        return status

    def start(self, **options):
        options.setdefault("env", self.environment)
        log = open(self.log, "ab")
        self.process = subprocess.Popen(self.arguments(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options)
        log.close()
        wait_for(self.answers, 20, f"an answer of the worker in {self.folder}")
        return self

    def answers(self):
        try:
            self.status()
            return True
        except (OSError, ConnectionError):
            assert self.process.poll() is None, f"the worker ended: {self.said()}"
            return False

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return 0
        self.process.send_signal(how)
        status = self.process.wait(timeout=20)
        self.process = None
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)

    def said(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def call(self, method, parameters=None):
        with Varlink(self.runtime / "worker.sock") as link:
            return link.call(f"{INTERFACE}.{method}", parameters)

    def status(self):
        return self.call("GetStatus")["status"]

    def package(self, number):
        return next((p for p in self.status()["packages"] if p["id"] == str(number)), None)

    def identity(self):
        return json.loads((self.state / "identity.json").read_text())["deviceid"]

    def send_inventory(self, timeout=60):
        """Asks for the inventory and waits for the outcome."""
        asked = self.call("SendInventory")
        return asked["how"], self.outcome(asked["serial"], timeout)

    def outcome(self, serial, timeout=60):
        def reached():
            outcome = self.status().get("outcome")
            return outcome if outcome and outcome["serial"] >= serial else None

        return wait_for(reached, timeout, f"outcome {serial}")

    def wait_state(self, state, timeout=30):
        def reached():
            status = self.status()
            return status if status["state"] == state else None

        return wait_for(reached, timeout, f"state {state} of {self.folder}")

    def wait_result(self, number, timeout=60):
        def reached():
            package = self.package(number)
            return package if package and package["step"] == "gone" else None

        return wait_for(reached, timeout, f"the end of package {number}")


def root_is_mounted():
    """False in a chroot, where no file system is to be seen."""
    return any(line.split()[4] == "/" for line in Path("/proc/self/mountinfo").read_text().splitlines())
