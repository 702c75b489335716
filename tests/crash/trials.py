# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine suffers on the way of one package, and what may come of it."""
import errno
import os
import signal
import subprocess
import time

from lab import wait_for
from machine import INTERFACE, Varlink, VarlinkError

INTERRUPTED = ("SUCCESS", "ERR_EXECUTE_INTERRUPTED")
ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO}
# Plain; with one wrong fragment, so that there is a pass of healing; with a command of POSTCMD.
KINDS = ("plain", "heal", "post")


def count(rig, program, kind):
    """How many operations of the program a package costs."""
    number, mark = rig.offer(kind)
    counts = rig.folder / "counts"
    counts.unlink(missing_ok=True)
    rig.begin(rig.suffering(program, count=counts)).wait(60)
    assert rig.check(number, mark, ("SUCCESS",), kind=kind) == "SUCCESS"
    return max(int(line) for line in counts.read_text().split())


def let_end(process):
    """What could not be written down, or what has lost its runner, is tried again after a minute: that is not waited for here."""
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def afterwards(program):
    """How often POSTCMD may have run: what runs it may have died in it, or before."""
    return (1,) if program == "ocs-worker" else (0, 1)


def die_at(rig, program, kind, moment, lose):
    number, mark = rig.offer(kind)
    let_end(rig.begin(rig.suffering(program, at=moment, lose=int(lose))))
    return rig.check(number, mark, ("SUCCESS",) if program == "ocs-worker" else INTERRUPTED, kind=kind, after=afterwards(program))


def fail_at(rig, program, kind, moment, number_of_error):
    number, mark = rig.offer(kind)
    let_end(rig.begin(rig.suffering(program, fail=moment, errno=number_of_error)))
    # What is unpacked on a full disk ends so; a command that ran keeps its result.
    allowed = ("SUCCESS",) if program == "ocs-worker" else (*INTERRUPTED, "ERR_OUT_OF_SPACE", "ERR_UNZIP", "ERR_EXECUTE", "ERR_CLEAN")
    result = rig.check(number, mark, allowed, kind=kind, after=afterwards(program))
    assert not (mark.exists() and program == "ocs-run" and result not in INTERRUPTED), f"{number} ran and reported {result}"
    return result


def kill_all(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def kill_at_random(rig, generator, kind, longest):
    """kill -9 of one of the programs at some moment of a package's life."""
    number, mark = rig.offer(kind)
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
    kill_all(([process.pid] if who in ("ocs-worker", "all") else []) + victims)
    let_end(process)
    runner = "ocs-run" if who in ("ocs-run", "all") else "ocs-worker"
    return who, rig.check(number, mark, INTERRUPTED if runner == "ocs-run" else ("SUCCESS",), kind=kind, after=afterwards(runner))


def is_asked(machine, number):
    return any(question["id"] == number and question["kind"] == "install" and "settled" not in question
               for question in machine.status()["questions"])


def answer_and_kill(rig, generator, number, what):
    """Whether the worker had said that the answer counts before it was killed."""
    machine = rig.machine.start()
    try:
        wait_for(lambda: is_asked(machine, number), 20, f"the question of {number}")
        with Varlink(machine.runtime / "worker.sock") as link:
            link.send(f"{INTERFACE}.Answer", {"id": number, "answer": what, **({"minutes": 60} if what == "later" else {})})
            time.sleep(generator.uniform(0, 0.03))
            machine.stop(signal.SIGKILL)
            try:
                link.receive()
                return True
            except OSError:
                return False
    finally:
        machine.stop(signal.SIGKILL)


def kill_while_asked(rig, generator):
    """kill -9 of the worker while people answer: no answer that was taken is lost, and nothing runs that nobody agreed to."""
    what = generator.choice(("now", "later", "cancel"))
    number, mark = rig.offer(NOTIFY_USER="1", NOTIFY_COUNTDOWN="300", NOTIFY_CAN_ABORT="1", NOTIFY_CAN_DELAY="1")
    with rig.somebody():
        rig.once()
        taken = answer_and_kill(rig, generator, number, what)
        assert what == "now" or not mark.exists(), f"package {number} ran although the answer was {what}"
        with rig.machine.start() as machine:
            wait_for(lambda: machine.package(number)["step"] != "verified", 20, f"what becomes of {number}")
            asked = is_asked(machine, number)
            assert not (taken and asked), f"package {number} asks again although it was told {what}"
            assert what == "now" or not mark.exists(), f"package {number} ran although the answer was {what}"
            try:
                machine.call("Answer", {"id": number, "answer": "now"})
            except VarlinkError as error:
                assert error.name == "NotFound" and not asked and what != "later", error
            machine.wait_result(number)
    result = rig.check(number, mark, ("SUCCESS", "ERR_ABORTED"), kind="question")
    assert result == "SUCCESS" or (what == "cancel" and not asked and not mark.exists()), f"package {number}: {result} after {what}"
    assert not (taken and what == "cancel" and result == "SUCCESS"), f"package {number} ran although it was cancelled"
    return f"asked, {what}", result
