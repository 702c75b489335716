# SPDX-License-Identifier: GPL-3.0-or-later
"""Every package that the console can make, against the real server: action × digest × encoding × protocol × question × fragments, all given to
one machine at once. What the console would show is read from the database, and what was done from the disk."""
import itertools
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


@pytest.mark.parametrize("action", ACTIONS)
def test_every_combination(lab, new_machine, tmp_path, action):  # noqa: F811
    if os.path.isdir("/run/systemd/users") and os.listdir("/run/systemd/users"):
        pytest.skip("somebody is logged in here and would be asked")
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
    lab.set_config("FREQUENCY", 0)
    try:
        assert machine.once() == 0
    finally:
        lab.set_config("FREQUENCY", 1)
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
