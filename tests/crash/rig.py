# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine whose programs can be killed, or refused an operation, at a chosen moment; and what must hold afterwards."""
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lab"), str(HERE.parent / "system")]

import machine as machines  # noqa: E402
from lab import build_dir, make_archive, make_package  # noqa: E402
from system_bus import SystemBus, session  # noqa: E402

LIBRARY = Path(os.environ.get("OCS_CRASH_LIBRARY") or build_dir() / "tests/crash/libcrash.so")
FRAGMENTS = 3


class Rig:
    """One machine and one server for many packages; each trial has a package of its own."""

    def __init__(self, server, folder):
        self.server, self.folder = server, Path(folder)
        self.number = 1700000000
        self.programs = self.folder / "programs"
        self.programs.mkdir(parents=True)
        worker = Path(os.environ.get("OCS_WORKER") or build_dir() / "worker/ocs-worker").resolve()
        # Copies side by side, where the worker looks for the others.
        (self.programs / "real").mkdir()
        for name in ("ocs-worker", "ocs-courier", "real/ocs-run"):
            shutil.copy2(worker.parent / Path(name).name, self.programs / name)
        # ocs-run is started with an environment of its own: what it is to suffer comes by a file.
        runner = self.programs / "ocs-run"
        runner.write_text(f'#!/bin/sh\n[ -e "{self.folder}/run.env" ] && . "{self.folder}/run.env"\nexec "{self.programs}/real/ocs-run" "$@"\n')
        runner.chmod(0o755)
        machines.WORKER = str(self.programs / "ocs-worker")
        # https: over http no command of POSTCMD is trusted.
        self.machine = machines.Machine(self.folder / "machine", Server=server.tls_url, CaBundle=server.ca)
        server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
        self.clean = dict(self.machine.environment)
        self.once()
        self.device = self.machine.identity()

    def once(self, timeout=60):
        self.machine.environment = self.clean
        status = self.machine.once(timeout)
        assert status == 0, self.machine.said()[-3000:]

    @contextlib.contextmanager
    def somebody(self):
        """Logged in at the screen for as long as that."""
        nobody = self.clean
        with SystemBus(self.folder / "bus") as bus:
            bus.say(sessions=[session()])
            self.clean = {**nobody, "DBUS_SYSTEM_BUS_ADDRESS": bus.address}
            self.machine.environment = self.clean
            try:
                yield
            finally:
                self.clean = self.machine.environment = nobody
        bus.path.unlink(missing_ok=True)

    def offer(self, kind="plain", **keys):
        """Its number, and what each run of its command adds an x to."""
        self.number += 1
        number = str(self.number)
        mark = self.folder / f"runs-{number}"
        package = make_package(self.folder / "packages", number, archive=make_archive({"x": random.randbytes(9000)}), frags=FRAGMENTS,
                               command=f"echo x >> {mark}", **keys)
        if kind == "heal":
            self.server.rule(f"/download/{number}/{number}-2", corrupt_at=10, corrupt_length=16, times=1)
        self.server.add_package(package, **({"postcmd": f"echo x >> {mark}-after"} if kind == "post" else {}))
        return number, mark

    def suffering(self, program, **what):
        # A sanitizer wants to be loaded first, but has nothing to say about what the library takes from it.
        sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        settings = {"LD_PRELOAD": str(LIBRARY), "ASAN_OPTIONS": sanitizer, "OCS_CRASH_PROGRAM": program, "OCS_CRASH_FOLDER": str(self.machine.state),
                    **{f"OCS_CRASH_{key.upper()}": str(value) for key, value in what.items()}}
        if program == "ocs-run":
            (self.folder / "run.env").write_text("".join(f"export {key}='{value}'\n" for key, value in settings.items()))
            return self.clean
        return {**self.clean, **settings}

    def begin(self, environment):
        with open(self.machine.log, "ab") as log:
            return subprocess.Popen(self.machine.arguments("--once"), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)

    def tree(self, pid):
        """Processes of the machine: the worker's children, and ocs-run, which is nobody's."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                stat = (entry / "stat").read_text()
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            parent = int(stat.rsplit(")", 1)[1].split()[1])
            name = stat[stat.index("(") + 1:stat.rindex(")")]
            if parent == pid and name.startswith("ocs-"):
                found[int(entry.name)] = name
            elif str(self.machine.state).encode() in b" ".join(command) and (name == "ocs-run" or command[0].endswith(b"/ocs-run")):
                found[int(entry.name)] = "ocs-run"
        return found

    def make_due(self, number):
        """What has to wait waits no longer. Its step, None where there is none."""
        journal = self.machine.state / "packages" / number / "state.json"
        if not journal.exists():
            return None
        state = json.loads(journal.read_text())
        state["retry_at"] = 0
        journal.write_text(json.dumps(state))
        return state["step"]

    def finish(self, number):
        """Starts the worker until the server has a result; what waits is made due."""
        (self.folder / "run.env").unlink(missing_ok=True)
        for _ in range(6):
            self.make_due(number)
            self.once()
            if self.server.result(number, self.device) not in (None, "", "NOTIFIED"):
                return self.server.result(number, self.device)
        raise AssertionError(f"package {number} is lost: {self.machine.said()[-3000:]}")

    def check(self, number, mark, results, runs=(1,), kind="plain", after=(1,)):
        """No package lost, none run twice, none unreported, and all reports of one are the same. after: how often POSTCMD may have run."""
        result = self.finish(number)
        ran = mark.read_text().count("x") if mark.exists() else 0
        reports = {report["err"] for report in self.server.devices()[self.device]["reports"] if report["id"] == number}
        what = f"package {number}: {result}, ran {ran} times, reported {reports}"
        assert ran <= 1, what
        assert reports == {result}, what
        assert result in results, what
        assert (ran in runs) if result == "SUCCESS" else True, what
        if kind == "post":
            self.check_after(number, mark, result, after)
        self.server.drop_package(number)
        self.server.clear_rules()
        shutil.rmtree(self.folder / "packages" / number)
        shutil.rmtree(f"{self.machine.state}.undo", ignore_errors=True)
        return result

    def check_after(self, number, mark, result, after):
        """What POSTCMD names runs once, after a package that worked, and the package ends."""
        for _ in range(6):
            if self.make_due(number) == "gone":
                break
            self.once()
        done = Path(f"{mark}-after")
        ran = done.read_text().count("x") if done.exists() else 0
        assert self.make_due(number) == "gone", f"package {number} does not end: {self.machine.said()[-3000:]}"
        assert ran in (after if result == "SUCCESS" else (0,)), f"package {number}: {result}, POSTCMD ran {ran} times"

    def give_up(self):
        """After what went wrong: the next trial begins without its package, its processes and its state."""
        (self.folder / "run.env").unlink(missing_ok=True)
        for pid in self.tree(0):
            os.kill(pid, signal.SIGKILL)
        for package in (self.folder / "packages").iterdir():
            self.server.drop_package(package.name)
            shutil.rmtree(package)
        self.server.clear_rules()
        if os.environ.get("OCS_CRASH_KEEP"):
            shutil.copytree(self.folder / "machine", Path(os.environ["OCS_CRASH_KEEP"]) / str(self.number), ignore=shutil.ignore_patterns("run"))
        shutil.rmtree(self.machine.state / "packages", ignore_errors=True)
        self.once()
