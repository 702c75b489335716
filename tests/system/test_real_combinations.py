# SPDX-License-Identifier: GPL-3.0-or-later
"""Every package that the console can make, against the real server: action × digest × encoding × protocol × question × fragments, all given to
one machine at once; and all that goes with giving it to one: FORCE × SCHEDULE × POSTCMD. What the console would show is read from the database, and what was done from the disk."""
import datetime
import itertools
import json
import os
import time

import pytest
from lab import make_package, wait_for
from test_real import OLD, lab, new_machine  # noqa: F401  fixtures

FIRST = 1710000000
ACTIONS = ("STORE", "EXECUTE", "LAUNCH")
# What the two builders of the console can write: the old one all four, the new one the first.
DIGESTS = (("MD5", "Hexa"), ("MD5", "Base64"), ("SHA1", "Hexa"), ("SHA1", "Base64"))
PROTOCOLS = ("HTTP", "HTTPS")
# Nobody is logged in where this runs: what asks runs at once.
QUESTIONS = {
    "none": {},
    "told": {"NOTIFY_USER": "1", "NOTIFY_TEXT": "An update comes", "NOTIFY_COUNTDOWN": "60"},
    "may cancel": {"NOTIFY_USER": "1", "NOTIFY_TEXT": "é & <b>ü</b>", "NOTIFY_COUNTDOWN": "", "NOTIFY_CAN_ABORT": "1"},
    "may delay": {"NOTIFY_USER": "1", "NOTIFY_TEXT": "x", "NOTIFY_COUNTDOWN": "0", "NOTIFY_CAN_DELAY": "1"},
    "may both": {"NOTIFY_USER": "1", "NOTIFY_TEXT": "x", "NOTIFY_COUNTDOWN": "30", "NOTIFY_CAN_DELAY": "1", "NOTIFY_CAN_ABORT": "1"},
}
FRAGMENTS = (1, 3)
# The machine stands elsewhere than the server: SCHEDULE is its own local time.
ZONE, HERE = "XYZ-5:45", datetime.timezone(datetime.timedelta(hours=5, minutes=45))
somebody = pytest.mark.skipif(os.path.isdir("/run/systemd/users") and bool(os.listdir("/run/systemd/users")), reason="somebody is logged in here")
RESULTS = {"STORE": {"good": "SUCCESS", "bad": "ERR_BAD_PARAM"}, "EXECUTE": {"good": "SUCCESS", "bad": "EXIT_CODE_3"},
           "LAUNCH": {"good": "SUCCESS", "bad": "EXIT_CODE_4"}}


def subject(action, folder, number, good=True):
    mark = folder / str(number)
    return {"STORE": {"path": str(mark) if good else "no/absolute/path"},
            "EXECUTE": {"command": f"test -e data && sh go.sh '{mark}' && true" if good else "exit 3"},
            "LAUNCH": {"name": f"go.sh '{mark}'" if good else "go.sh '' 4"}}[action]


def affect(lab, name, packages):  # noqa: F811
    for package in packages:
        lab.enable_package(package, name)


def results(lab, name):  # noqa: F811
    rows = lab.sql("SELECT e.FILEID, d.TVALUE FROM devices d JOIN hardware h ON h.ID=d.HARDWARE_ID JOIN download_enable e ON e.ID=d.IVALUE "
                   f"WHERE d.NAME='DOWNLOAD' AND h.DEVICEID='{name}'")
    return {int(number): value for number, value in rows}


def console_colour(value):
    """As ms_tele_stats.php and ms_tele_activate.php tell them apart."""
    if value.startswith("SUCCESS"):
        return "good"
    return "bad" if value.startswith(("ERR_", "EXIT_CODE")) else "waiting"


def tell_history(lab, machine):  # noqa: F811
    lab.set_config("FREQUENCY", 0)
    try:
        assert machine.once() == 0
    finally:
        lab.set_config("FREQUENCY", 1)


@somebody
@pytest.mark.parametrize("action", ACTIONS)
def test_every_combination(lab, new_machine, tmp_path, action):  # noqa: F811
    machine = new_machine()
    assert machine.once() == 0, machine.said()
    name, marks = machine.identity(), tmp_path / "marks"
    marks.mkdir()
    files = {"go.sh": "#!/bin/sh\ntest -z \"$2\" || exit $2\nmkdir \"$1\"\n", "data": os.urandom(3000)}
    cases, packages = {}, []
    first = FIRST + 1000 * ACTIONS.index(action)
    for number, (digest, proto, asked, frags) in enumerate(itertools.product(DIGESTS, PROTOCOLS, QUESTIONS, FRAGMENTS), first):
        # One of each question fails, so that the console sees that too.
        good = not (frags == 3 and digest == DIGESTS[0] and proto == "HTTP")
        cases[number] = (good, digest, proto, asked, frags)
        packages.append(make_package(lab.package_dir(), number, files, frags=frags, mtime=OLD, action=action, digest=digest[0], encode=digest[1],
                                     proto=proto, **QUESTIONS[asked], **subject(action, marks, number, good)))
        if proto == "HTTPS":
            packages[-1]["tls"] = True
    for package in packages:
        port = lab["OCS_TLS_PORT" if package.get("tls") else "OCS_PORT"]
        lab.enable_package(package, name, pack_loc=f"127.0.0.1:{port}/download")
    began = time.monotonic()
    assert machine.once(timeout=240) == 0, machine.said()[-3000:]
    print(f"{action}: {len(cases)} packages in {time.monotonic() - began:.1f} s")
    told = results(lab, name)
    wrong = {number: (cases[number], told.get(number)) for number in cases
             if told.get(number) != RESULTS[action]["good" if cases[number][0] else "bad"]}
    assert not wrong
    for number, (good, *_) in cases.items():
        assert console_colour(told[number]) == ("good" if good else "bad")
        assert (marks / str(number)).is_dir() == good
    tell_history(lab, machine)
    known = {int(row[0]) for row in lab.sql(f"SELECT PKG_ID FROM download_history t JOIN hardware h ON h.ID=t.HARDWARE_ID WHERE h.DEVICEID='{name}'")}
    assert known == {number for number, case in cases.items() if case[0]}, "the history is what worked"
    assert not [entry for entry in lab.access_log("/download/*") if entry["status"] >= 400]


def test_a_command_alone(lab, new_machine, tmp_path):  # noqa: F811
    """Without an archive, as the console makes it from a command: with and without a question, for all machines at once or with FORCE."""
    machine = new_machine()
    assert machine.once() == 0
    name = machine.identity()
    numbers = range(FIRST + 5000, FIRST + 5000 + len(QUESTIONS))
    for number, asked in zip(numbers, QUESTIONS.values()):
        package = make_package(lab.package_dir(), number, mtime=OLD, command=f"echo x >> {tmp_path}/{number}", **asked)
        lab.enable_package(package, name, force=number % 2 == 0)
    assert machine.once() == 0
    assert {value for value in results(lab, name).values()} == {"SUCCESS"}
    assert all((tmp_path / str(number)).read_text() == "x\n" for number in numbers)


def test_something_is_to_be_done_afterwards(lab, new_machine, tmp_path):  # noqa: F811
    """NEED_DONE_ACTION: the result is told whatever people do about it."""
    machine = new_machine()
    assert machine.once() == 0
    number = FIRST + 6000
    package = make_package(lab.package_dir(), number, mtime=OLD, command=f"echo x >> {tmp_path}/mark", NEED_DONE_ACTION="1",
                           NEED_DONE_ACTION_TEXT="Log out & in")
    lab.enable_package(package, machine.identity())
    with machine.start():
        machine.call("Contact")
        wait_for(lambda: results(lab, machine.identity()).get(number) == "SUCCESS", 30, "the result")
    assert (tmp_path / "mark").read_text() == "x\n"


@somebody
def test_what_goes_with_an_affectation(lab, new_machine, tmp_path):  # noqa: F811
    machine = new_machine(Server=lab["OCS_TLS_URL"])
    machine.environment["TZ"] = ZONE
    assert machine.once() == 0, machine.said()
    name, now = machine.identity(), datetime.datetime.now(HERE)
    schedules = {"": True, f"{now - datetime.timedelta(minutes=2):%Y/%m/%d %H:%M}": True, f"{now + datetime.timedelta(hours=2):%Y/%m/%d %H:%M}": False}
    cases, log = {}, tmp_path / "log"
    log.touch()
    for number, (force, schedule, after) in enumerate(itertools.product((False, True), schedules, (False, True)), FIRST + 7000):
        cases[number] = (force, schedules[schedule], after)
        package = make_package(lab.package_dir(), number, mtime=OLD, command=f"echo {number} >> {log}")
        lab.enable_package(package, name, force=force, schedule=schedule, postcmd=f'echo {number} after >> "{log}" && test 1 -lt 2' if after else "")
    assert machine.once() == 0, machine.said()
    told = results(lab, name)
    assert {number for number, value in told.items() if value == "SUCCESS"} == {number for number, case in cases.items() if case[1]}
    assert {console_colour(told[number]) for number, case in cases.items() if not case[1]} == {"waiting"}
    ran = [f"{number}{words}" for number, (_, due, after) in cases.items() if due for words in ("", " after")[:1 + after]]
    assert sorted(log.read_text().splitlines()) == sorted(ran), "each once, and its command after it"
    # Given to it once more: what is in the history runs again with FORCE only.
    tell_history(lab, machine)
    lab.sql("UPDATE devices d JOIN hardware h ON h.ID=d.HARDWARE_ID SET d.TVALUE=NULL WHERE d.NAME='DOWNLOAD' AND d.TVALUE='SUCCESS' "
            f"AND h.DEVICEID='{name}'")
    assert machine.once() == 0
    told = results(lab, name)
    for number, (force, due, after) in cases.items():
        assert not due or told[number].startswith("SUCCESS" if force else "SUCCESS_ALREADY"), (number, told[number])
        again = [line for line in ran if line.split()[0] == str(number)] if force and due else []
        assert log.read_text().split("\n").count(str(number)) == due + bool(again), number
        assert log.read_text().split("\n").count(f"{number} after") == (due + bool(again) if after else 0), number


def restarted(machine):
    """As if the machine had gone down and come up again."""
    for path in (machine.state / "restart.json", *machine.state.glob("packages/*/state.json")):
        state = json.loads(path.read_text())
        state.update({key: "another" for key in ("boot", "post_boot") if state.get(key)})
        path.write_text(json.dumps(state))


@somebody
def test_restarts_that_packages_want(lab, new_machine, tmp_path):  # noqa: F811
    """Whatever is told to the server when the machine goes down: what is left goes on when it is up, and each runs once."""
    machine = new_machine()
    assert machine.once() == 0
    name, calls = machine.identity(), 0
    numbers = range(FIRST + 8000, FIRST + 8003)
    for number, postcmd in zip(numbers, ("", "REBOOT", "SHUTDOWN")):
        lab.enable_package(make_package(lab.package_dir(), number, mtime=OLD, command=f"echo {number} >> {tmp_path}/log"), name, postcmd=postcmd)
    while set(results(lab, name).values()) != {"SUCCESS"}:
        assert machine.once() == 0, machine.said()
        wait_for(lambda: machine.power.exists() and len(machine.power.read_text().splitlines()) > calls, what="a restart")
        calls += 1
        assert len(machine.power.read_text().splitlines()) == calls <= 2, "one at a time, and no more than are wanted"
        restarted(machine)
    assert machine.once() == 0
    assert (tmp_path / "log").read_text().split() == [str(number) for number in numbers]
