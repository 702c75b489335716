# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine whose programs can be killed, or refused an operation, at a chosen moment; and what must hold afterwards."""
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lab"), str(HERE.parent / "system")]

import machine as machines  # noqa: E402
from lab import build_dir, make_archive, make_package  # noqa: E402

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
        self.machine = machines.Machine(self.folder / "machine", Server=server.url, CaBundle=server.ca)
        server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
        self.clean = dict(self.machine.environment)
        self.once()
        self.device = self.machine.identity()

    def once(self, timeout=60):
        self.machine.environment = self.clean
        status = self.machine.once(timeout)
        assert status == 0, self.machine.said()[-3000:]

    def offer(self):
        self.number += 1
        number = str(self.number)
        mark = self.folder / f"runs-{number}"
        package = make_package(self.folder / "packages", number, archive=make_archive({"x": random.randbytes(9000)}), frags=FRAGMENTS,
                               command=f"echo x >> {mark}")
        self.server.add_package(package)
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

    def finish(self, number):
        """Starts the worker until the server has a result; what waits is made due."""
        (self.folder / "run.env").unlink(missing_ok=True)
        for _ in range(6):
            journal = self.machine.state / "packages" / number / "state.json"
            if journal.exists():
                state = json.loads(journal.read_text())
                state["retry_at"] = 0
                journal.write_text(json.dumps(state))
            self.once()
            if self.server.result(number, self.device) not in (None, "", "NOTIFIED"):
                return self.server.result(number, self.device)
        raise AssertionError(f"package {number} is lost: {self.machine.said()[-3000:]}")

    def check(self, number, mark, results, runs=(1,)):
        """No package lost, none run twice, none unreported, and all reports of one are the same."""
        result = self.finish(number)
        ran = mark.read_text().count("x") if mark.exists() else 0
        reports = {report["err"] for report in self.server.devices()[self.device]["reports"] if report["id"] == number}
        what = f"package {number}: {result}, ran {ran} times, reported {reports}"
        assert ran <= 1, what
        assert reports == {result}, what
        assert result in results, what
        assert (ran in runs) if result == "SUCCESS" else True, what
        self.server.drop_package(number)
        shutil.rmtree(self.folder / "packages" / number)
        shutil.rmtree(f"{self.machine.state}.undo", ignore_errors=True)
        return result


    def give_up(self):
        """After what went wrong: the next trial begins without its package, its processes and its state."""
        (self.folder / "run.env").unlink(missing_ok=True)
        for pid in self.tree(0):
            os.kill(pid, signal.SIGKILL)
        for package in (self.folder / "packages").iterdir():
            self.server.drop_package(package.name)
            shutil.rmtree(package)
        if os.environ.get("OCS_CRASH_KEEP"):
            shutil.copytree(self.folder / "machine", Path(os.environ["OCS_CRASH_KEEP"]) / str(self.number), ignore=shutil.ignore_patterns("run"))
        shutil.rmtree(self.machine.state / "packages", ignore_errors=True)
        self.once()


INTERRUPTED = ("SUCCESS", "ERR_EXECUTE_INTERRUPTED")


def count(rig, program):
    """How many operations of the program a package costs."""
    number, mark = rig.offer()
    counts = rig.folder / "counts"
    counts.unlink(missing_ok=True)
    rig.begin(rig.suffering(program, count=counts)).wait(60)
    assert rig.check(number, mark, ("SUCCESS",)) == "SUCCESS"
    return max(int(line) for line in counts.read_text().split())


def let_end(process):
    """What could not be written down, or what has lost its runner, is tried again after a minute: that is not waited for here."""
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def die_at(rig, program, moment, lose):
    number, mark = rig.offer()
    let_end(rig.begin(rig.suffering(program, at=moment, lose=int(lose))))
    return rig.check(number, mark, ("SUCCESS",) if program == "ocs-worker" else INTERRUPTED)


def fail_at(rig, program, moment, number_of_error):
    number, mark = rig.offer()
    let_end(rig.begin(rig.suffering(program, fail=moment, errno=number_of_error)))
    # What is unpacked on a full disk ends so; a command that ran keeps its result.
    allowed = ("SUCCESS",) if program == "ocs-worker" else (*INTERRUPTED, "ERR_OUT_OF_SPACE", "ERR_UNZIP", "ERR_EXECUTE", "ERR_CLEAN")
    result = rig.check(number, mark, allowed)
    assert not (mark.exists() and program == "ocs-run" and result not in INTERRUPTED), f"{number} ran and reported {result}"
    return result


def kill_at_random(rig, generator, longest):
    """kill -9 of one of the programs at some moment of a package's life."""
    number, mark = rig.offer()
    process = rig.begin(rig.clean)
    moment, who = generator.uniform(0, longest), generator.choice(("ocs-worker", "ocs-courier", "ocs-run", "all"))
    end = time.monotonic() + moment
    if who in ("ocs-run", "all") and generator.random() < 0.7:
        # It lives for a short time only: waited for.
        while process.poll() is None and time.monotonic() < end + 5 and "ocs-run" not in rig.tree(process.pid).values():
            time.sleep(0.001)
        time.sleep(generator.uniform(0, 0.03))
    else:
        time.sleep(moment)
    victims = [pid for pid, name in rig.tree(process.pid).items() if who in (name, "all")]
    if who in ("ocs-worker", "all"):
        victims.insert(0, process.pid)
    for pid in victims:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    let_end(process)
    return who, rig.check(number, mark, INTERRUPTED if who in ("ocs-run", "all") else ("SUCCESS",))


ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO}
