# SPDX-License-Identifier: GPL-3.0-or-later
"""Two people with a screen each, two trays, one worker: both are asked, one answers, and the other reads what was decided."""
import os
import pwd
import shutil
import tempfile
from pathlib import Path

import pytest
from lab import make_package, wait_for
from machine import Machine
from person import Person
from system_bus import SystemBus, session
from test_rights import GuardedMachine

ID = "1700000001"
# A bus serves only users that the machine knows; these are on all.
ADA, BOB = pwd.getpwnam("games").pw_uid, pwd.getpwnam("nobody").pw_uid
NEEDED = ("unshare", "setpriv", "xvfb-run", "dbus-run-session")

pytestmark = pytest.mark.skipif(os.geteuid() != 0 or not all(map(shutil.which, NEEDED)),
                                reason="other users need root, and their screens " + " ".join(NEEDED))


class Shared(GuardedMachine):
    """Its logind knows two people with a screen each."""

    def arguments(self, *more):
        wrapped = super().arguments(*more)
        run = self.folder / "logind"
        for number, uid in enumerate((ADA, BOB), 11):
            (run / "users" / str(uid)).write_text(f"STATE=active\nACTIVE_SESSIONS={number}\nONLINE_SESSIONS={number}\nACTIVE_SEATS=\n")
            (run / "sessions" / str(number)).write_text(f"UID={uid}\nTYPE=x11\nCLASS=user\nREMOTE=1\n")
        return wrapped


@pytest.fixture
def folder():
    made = Path(tempfile.mkdtemp(prefix="ocs-two.", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def machine(folder, server):
    with SystemBus(folder / "bus") as bus, Shared(folder / "machine", Server=server.url, CaBundle=server.ca) as made:
        made.environment["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
        made.folder.chmod(0o755)
        bus.say(sessions=[session(uid=ADA, kind="x11", name="ada"), session(uid=BOB, kind="x11", name="bob")])
        yield made


@pytest.fixture
def people(folder, machine):
    tray = folder / "ocs-tray"
    shutil.copy(os.environ["OCS_TRAY"], tray)
    tray.chmod(0o755)
    made = [Person(uid, folder / str(uid), tray, machine.runtime / "worker.sock") for uid in (ADA, BOB)]
    yield made
    for person in made:
        person.leave()


def test_one_answer_settles_it(server, machine, folder, people):
    assert isinstance(machine, Machine) and machine.once() == 0, machine.said()
    ada, bob = people
    server.add_package(make_package(folder / "packages", ID, command=f"echo ran >> {folder}/ran", NOTIFY_USER="1", NOTIFY_COUNTDOWN="300",
                                    NOTIFY_CAN_DELAY="1", NOTIFY_TEXT="<b>New</b> printer"))
    with machine.start():
        machine.outcome(machine.call("Contact")["serial"])
        for person in people:
            person.begin(see="New printer")
        for person in people:
            assert any(f"Package {ID} is ready to be installed" in text for text in person.end())
        assert not (folder / "ran").exists(), "nobody has said anything yet"
        bob.begin(see="It was decided to install it now.")
        assert ada.do(press="Install now")
        seen = bob.end()
        assert not any("ada" in text.lower() or "games" in text for text in seen), "it is not said by whom"
        wait_for(lambda: (folder / "ran").exists(), 30, "the package to run")
        wait_for(lambda: server.result(ID) == "SUCCESS", 30, "the result")
    assert (folder / "ran").read_text() == "ran\n", "once"
