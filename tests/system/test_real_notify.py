# SPDX-License-Identifier: GPL-3.0-or-later
"""Every question that the console can put before a package, each with every answer, against the real server: what the console would show is
read from the database, what people see from the socket, what was done from the disk. One machine an answer, all at the same time."""
import concurrent.futures
import contextlib
import itertools
import json
import os
import signal
import time
import types
from pathlib import Path

import pytest
from lab import make_package, wait_for
from machine import Machine, VarlinkError
from system_bus import SystemBus, session
from test_real import OLD, lab  # noqa: F401  fixture
from test_real_combinations import console_colour

FIRST = 1730000000
ACTIONS = ("STORE", "EXECUTE", "LAUNCH")
# NOTIFY_COUNTDOWN, NOTIFY_CAN_ABORT, NOTIFY_CAN_DELAY, NEED_DONE_ACTION: the form has two states of each, and the countdown may be left empty.
QUESTIONS = tuple(itertools.product(("", "0"), "01", "01", "01"))
# Digest and protocol have no part in the question: each pair comes with each action.
CARRIED = tuple(itertools.product((("MD5", "Hexa"), ("MD5", "Base64"), ("SHA1", "Hexa"), ("SHA1", "Base64")), ("HTTP", "HTTPS")))
ANSWERS = ("now", "later", "cancel", "ends", "nobody")
TEXT = "A <b>new</b> driver & 'more' for printer %d"
AFTER = "Log out & in, then <i>%d</i>"
FILES = {"go.sh": "#!/bin/sh\necho x >> \"$1\"\n", "data": b"a driver"}


def subject(action, mark):
    return {"STORE": {"path": str(mark)}, "EXECUTE": {"command": f"test -e data && sh go.sh '{mark}'"}, "LAUNCH": {"name": f"go.sh '{mark}'"}}[action]


class Desk:
    """A machine, how its people answer, and the packages that are affected to it."""

    def __init__(self, lab, folder, answer, bus):  # noqa: F811
        self.lab, self.answer, self.bus, self.marks, self.cases = lab, answer, bus, folder / "marks", {}
        # Nobody sees a question on a locked screen: no countdown runs before all stand.
        bus.say(sessions=[] if answer == "nobody" else [session(locked=True)])
        self.machine = Machine(folder)
        self.name = f"asked-{answer}-2026-11-22-10-00-00"
        self.machine.ini(HTTP={"Server": lab["OCS_URL"], "CaBundle": lab.ca}, OCS_Companion={"DEVICEID": self.name, "KeepFree": 0})
        self.machine.environment.update(DBUS_SYSTEM_BUS_ADDRESS=bus.address,
                                        OCS_INVENTORY_ROOT=str(Path(__file__).resolve().parent.parent / "machines/arm-board"))
        self.marks.mkdir()

    def affect(self):
        first = FIRST + 1000 * ANSWERS.index(self.answer)
        for index, (action, (countdown, abort, delay, done)) in enumerate(itertools.product(ACTIONS, QUESTIONS)):
            number = first + index
            if self.answer == "ends":
                countdown = "3"
            (digest, encode), proto = CARRIED[index % len(CARRIED)]
            package = make_package(self.lab.package_dir(), number, FILES, frags=1 + index % 2, mtime=OLD, action=action, digest=digest, encode=encode,
                                   proto=proto, NOTIFY_USER="1", NOTIFY_TEXT=TEXT % number, NOTIFY_COUNTDOWN=countdown, NOTIFY_CAN_ABORT=abort,
                                   NOTIFY_CAN_DELAY=delay, NEED_DONE_ACTION=done, NEED_DONE_ACTION_TEXT=AFTER % number if done == "1" else "",
                                   **subject(action, self.marks / str(number)))
            port = self.lab["OCS_TLS_PORT" if proto == "HTTPS" else "OCS_PORT"]
            self.lab.enable_package(package, self.name, pack_loc=f"127.0.0.1:{port}/download")
            self.cases[str(number)] = types.SimpleNamespace(action=action, countdown=countdown, abort=abort == "1", delay=delay == "1", done=done == "1")

    def told(self):
        """What the console shows; a row without a word is one that waits."""
        rows = self.lab.sql("SELECT e.FILEID, IFNULL(d.TVALUE, '') FROM devices d JOIN hardware h ON h.ID=d.HARDWARE_ID JOIN download_enable e "
                            f"ON e.ID=d.IVALUE WHERE d.NAME='DOWNLOAD' AND h.DEVICEID='{self.name}'")
        return {row[0]: row[1] for row in rows}

    def wait_told(self, wanted):
        """wanted: {number: result}; the others wait."""
        def all_told():
            return {number: value for number, value in self.told().items() if console_colour(value) != "waiting"} == wanted
        try:
            wait_for(all_told, 90, "the results")
        except AssertionError:
            assert self.told() == wanted, self.machine.said()[-3000:]

    def questions(self, kind="install"):
        """The open ones, and what was said to the others lately."""
        return {q["id"]: q for q in self.machine.status()["questions"] if q["kind"] == kind}

    def standing(self, kind="install"):
        return {number: q for number, q in self.questions(kind).items() if "settled" not in q}

    def wait_standing(self, wanted, kind="install"):
        try:
            wait_for(lambda: self.standing(kind).keys() == set(wanted), 120, f"the questions of {self.answer}")
        except AssertionError:
            assert self.standing(kind).keys() == set(wanted), self.machine.said()[-5000:]
        return self.standing(kind)

    def say(self, number, what, **more):
        return self.machine.call("Answer", {"id": number, "answer": what, **more})

    def is_refused(self, number, what, **more):
        with pytest.raises(VarlinkError) as refused:
            self.say(number, what, **more)
        assert refused.value.name == "Refused", number

    def did(self, number):
        """How often; a folder that is stored bears no count."""
        mark = self.marks / number
        return 0 if not mark.exists() else 1 if mark.is_dir() else mark.read_text().count("x")

    def contact(self):
        self.machine.outcome(self.machine.call("Contact")["serial"], 90)

    def check_asked(self):
        """All stand, as the console has written them; nothing has been done and the console says that they wait."""
        asked = self.wait_standing(self.cases)
        for number, question in asked.items():
            case, seconds = self.cases[number], {"": 120, "0": 0, "3": 3}[self.cases[number].countdown]
            assert question["text"] == TEXT % int(number)
            assert question["countdown"] == question["remaining"] == seconds and not question["counting"], number
            assert (question["may_cancel"], question["may_delay"]) == (case.abort, case.delay), number
            assert self.did(number) == 0
        assert {console_colour(value) for value in self.told().values()} == {"waiting"}
        return asked

    def unlock(self):
        self.bus.say(sessions=[session()])

    def check_done(self, good):
        """What ran is well for the console and ran once; what is to be done afterwards stands until somebody says so."""
        self.wait_told(good)
        for number in self.cases:
            assert self.did(number) == (good.get(number) == "SUCCESS"), number
        after = self.wait_standing([number for number in good if self.cases[number].done and good[number] == "SUCCESS"], "done")
        for number, question in after.items():
            assert question["text"] == AFTER % int(number)
            self.say(number, "done", serial=question["serial"])
        self.wait_standing([], "done")
        told = self.told()
        self.contact()
        assert self.told() == told and {number for number in self.cases if self.did(number)} == {n for n in good if good[n] == "SUCCESS"}


def all_well(desk):
    return {number: "SUCCESS" for number in desk.cases}


def answer_now(desk):
    asked = desk.check_asked()
    desk.unlock()
    wait_for(lambda: all(desk.questions()[n]["counting"] == (desk.cases[n].countdown == "") for n in asked), 60, "that the countdowns run")
    for number, question in asked.items():
        desk.say(number, "now", serial=question["serial"])
    desk.check_done(all_well(desk))


def answer_later(desk):
    asked = desk.check_asked()
    delayed = [number for number, case in desk.cases.items() if case.delay]
    for number, question in asked.items():
        if number in delayed:
            desk.say(number, "later", serial=question["serial"], minutes=60)
        else:
            desk.is_refused(number, "later", minutes=60)
    still = desk.standing()
    assert still.keys() == desk.cases.keys() - set(delayed), "the others still stand"
    for number in delayed:
        package = desk.machine.package(number)
        assert package["step"] == "asking" and 3500 < package["waits_until"] - time.time() <= 3600
    desk.contact()
    assert {console_colour(value) for value in desk.told().values()} == {"waiting"}
    # The hour passes while the machine is off.
    desk.machine.stop(signal.SIGKILL)
    for number in delayed:
        path = desk.machine.state / "packages" / number / "state.json"
        state = json.loads(path.read_text())
        state["consent"]["later_until"] = int(time.time()) - 5
        path.write_text(json.dumps(state))
    desk.machine.start()
    again = desk.wait_standing(desk.cases)
    for number in delayed:
        assert again[number]["serial"] > asked[number]["serial"] and again[number]["delays_left"] == asked[number]["delays_left"] - 1
    for number, question in again.items():
        desk.say(number, "now", serial=question["serial"])
    desk.check_done(all_well(desk))


def answer_cancel(desk):
    asked = desk.check_asked()
    cancelled = {number: "ERR_ABORTED" for number, case in desk.cases.items() if case.abort}
    for number, question in asked.items():
        if number in cancelled:
            desk.say(number, "cancel", serial=question["serial"])
        else:
            desk.is_refused(number, "cancel")
    desk.wait_told(cancelled)
    desk.contact()
    still = desk.wait_standing(desk.cases.keys() - cancelled.keys())
    assert all(question["serial"] == asked[number]["serial"] for number, question in still.items()), "nothing is asked anew by a contact"
    for number, question in still.items():
        desk.say(number, "now", serial=question["serial"])
    desk.check_done({**all_well(desk), **cancelled})


def answer_ends(desk):
    """Nobody clicks."""
    desk.check_asked()
    desk.unlock()
    wait_for(lambda: {"timed_out"} == {question.get("settled") for question in desk.questions().values()}, 60, "the end of the countdowns")
    desk.check_done(all_well(desk))


def answer_nobody(desk):
    desk.check_done(all_well(desk))
    assert not desk.questions(), "nobody was asked"


def test_every_question_and_every_answer(lab, tmp_path):  # noqa: F811
    play = {"now": answer_now, "later": answer_later, "cancel": answer_cancel, "ends": answer_ends, "nobody": answer_nobody}
    with contextlib.ExitStack() as buses:
        desks = [Desk(lab, tmp_path / answer, answer, buses.enter_context(SystemBus(tmp_path / f"bus-{answer}"))) for answer in ANSWERS]
        try:
            # One after the other: of first inventories that come together, that server answers all and keeps some.
            for desk in desks:
                assert desk.machine.once() == 0, desk.machine.said()[-3000:]
                assert desk.name in lab.device_ids()
                desk.affect()
            began = time.monotonic()
            for desk in desks:
                desk.machine.start()
                desk.machine.call("Contact")
            # People everywhere answer at the same time: a countdown does not wait for the machine beside.
            with concurrent.futures.ThreadPoolExecutor(len(desks)) as people:
                for answered in [people.submit(play[desk.answer], desk) for desk in desks]:
                    answered.result()
            print(f"{len(desks)} machines, {sum(len(desk.cases) for desk in desks)} packages in {time.monotonic() - began:.1f} s")
        finally:
            for desk in desks:
                desk.machine.stop(signal.SIGKILL)
    assert not [entry for entry in lab.access_log("/download/*") if entry["status"] >= 400]
    assert os.listdir(tmp_path / "nobody/marks")
