# SPDX-License-Identifier: GPL-3.0-or-later
"""A restart or a shutdown that a package asks for: never behind anybody's back. What would really do it only writes down that it was called."""
import json
import signal
import time

import pytest
from lab import make_package, wait_for
from machine import VarlinkError
from system_bus import SystemBus, session

ID = "1700000001"
OTHER = "1700000002"


@pytest.fixture
def bus(tmp_path, machine):
    with SystemBus(tmp_path / "bus") as made:
        machine.environment["DBUS_SYSTEM_BUS_ADDRESS"] = made.address
        made.say(sessions=[session()])
        yield made


@pytest.fixture
def offer(server, machine, bus, tmp_path):
    assert machine.once() == 0, machine.said()

    def make(number=ID, postcmd="REBOOT", **keys):
        keys.setdefault("command", "true")
        server.add_package(make_package(tmp_path / "packages", number, **keys), postcmd=postcmd)
    return make


def called(machine, word):
    return [line for line in machine.power.read_text().splitlines() if word in line.split()[0]] if machine.power.exists() else []


def turned(machine):
    return called(machine, "systemctl") + called(machine, "shutdown")


def standing(machine, kind="restart"):
    return next((q for q in machine.status()["questions"] if q["kind"] == kind and "settled" not in q), None)


def asked(machine, kind="restart"):
    return wait_for(lambda: standing(machine, kind), what=f"the question of the {kind}")


def contact(machine):
    machine.outcome(machine.call("Contact")["serial"])


def answer(machine, what, ident="restart", **more):
    return machine.call("Answer", {"id": ident, "answer": what, **more})


def edit(machine, boot=None, **consent):
    path = machine.state / "restart.json"
    state = json.loads(path.read_text())
    state["consent"].update(consent)
    state["boot"] = boot or state["boot"]
    path.write_text(json.dumps(state))


def test_asked_and_done(server, machine, offer):
    offer()
    with machine.start():
        contact(machine)
        question = asked(machine)
        assert question["id"] == "restart" and question["countdown"] == 900 and question["counting"]
        assert question["may_delay"] and question["delays_left"] == 5 and not question["may_cancel"]
        assert server.result(ID) == "SUCCESS", "the result is told first"
        assert machine.status()["state"] == "needs_you"
        assert machine.package(ID)["waits_for"] == "restart"
        assert len(called(machine, "wall")) == 1 and "15 minutes" in called(machine, "wall")[0]
        assert not turned(machine)
        with pytest.raises(VarlinkError) as refused:
            answer(machine, "cancel")
        assert refused.value.name == "Refused"
        with pytest.raises(VarlinkError) as other:
            answer(machine, "now", "shutdown")
        assert other.value.name == "NotFound"
        answer(machine, "now", serial=question["serial"])
        wait_for(lambda: turned(machine), what="the restart")
        contact(machine)
        assert len(turned(machine)) == 1, "told once"
    assert machine.once() == 0
    assert len(turned(machine)) == 1, "never a loop"


def test_once_is_not_held_by_it(server, machine, bus, offer):
    offer()
    offer(OTHER)
    assert machine.once(timeout=30) == 0
    assert server.result(ID) == server.result(OTHER) == "SUCCESS" and not turned(machine)
    with machine.start():
        asked(machine)
    bus.say(sessions=[])
    assert machine.once(timeout=30) == 0
    assert len(turned(machine)) == 1


def test_people_who_came_since_it_looked(server, machine, tmp_path):
    """At the start there was no bus; now there is one, whose logind is too busy to say who is here. That is not nobody."""
    folder = tmp_path / "bus"
    machine.environment["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={folder}/bus"
    assert machine.once() == 0, machine.said()
    server.add_package(make_package(tmp_path / "packages", ID, command="sleep 2.2"), postcmd="REBOOT")
    with machine.start(), SystemBus(folder) as bus:
        bus.say(sessions=[session()])
        bus.service.send_signal(signal.SIGSTOP)
        contact(machine)
        wait_for(lambda: turned(machine) or standing(machine), 60, "a decision")
        bus.service.send_signal(signal.SIGCONT)
        assert not turned(machine) and server.result(ID) == "SUCCESS"


def test_shutdown_countdown(server, machine, offer):
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca}, OCS_Companion={"RestartGrace": 1})
    offer(postcmd="SHUTDOWN")
    with machine.start():
        contact(machine)
        assert asked(machine, "shutdown")["countdown"] == 60
        machine.stop(signal.SIGKILL)
        edit(machine, spent=58500)
        machine.start()
        wait_for(lambda: turned(machine), what="the end of the countdown")
        assert "poweroff" in turned(machine)[0] or "-P" in turned(machine)[0]


def test_later_and_restarted_by_hand(server, machine, offer):
    offer()
    with machine.start():
        contact(machine)
        asked(machine)
        answer(machine, "later", minutes=60)
        assert not standing(machine)
        assert machine.package(ID)["waits_until"] > time.time() + 3500
        machine.stop(signal.SIGKILL)
        machine.start()
        assert not standing(machine), "what was put off stays put off"
        machine.stop(signal.SIGKILL)
        edit(machine, later_until=int(time.time()) - 5)
        machine.start()
        assert asked(machine)["delays_left"] == 4
        machine.stop(signal.SIGKILL)
        edit(machine, boot="another")
        path = machine.state / "packages" / ID / "state.json"
        state = json.loads(path.read_text())
        state["post_boot"] = "another"
        path.write_text(json.dumps(state))
        machine.start()
        wait_for(lambda: machine.package(ID)["step"] == "gone", what="the package to be done")
        assert [q["settled"] for q in machine.status()["questions"]] == ["restarted"]
    assert not turned(machine)


def test_held_back_until_the_deadline(server, machine, bus, offer):
    bus.say(inhibitors=[["shutdown:sleep", 0]])
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca}, OCS_Companion={"RestartGrace": 1})
    offer()
    with machine.start():
        contact(machine)
        assert not asked(machine)["counting"]
        machine.stop(signal.SIGKILL)
        edit(machine, spent=59500)
        machine.start()
        asked(machine)
        time.sleep(2)
        assert not turned(machine)
        machine.stop(signal.SIGKILL)
        edit(machine, first_asked=int(time.time()) - 8 * 86400)
        machine.start()
        wait_for(lambda: turned(machine), what="the restart after the deadline")


def test_nobody_is_there_but_something_holds_it(server, machine, bus, offer):
    """Firmware is written, or the machine is upgraded: nobody is asked, and nothing is cut off."""
    bus.say(sessions=[], inhibitors=[["shutdown:sleep", 0]])
    offer()
    with machine.start():
        contact(machine)
        wait_for(lambda: machine.package(ID).get("waits_for") == "restart", what="the wait")
        time.sleep(1)
        assert not turned(machine) and not standing(machine)
        bus.say(inhibitors=[])
        wait_for(lambda: turned(machine), what="the restart once nothing holds it")


def test_gone_home(server, machine, bus, offer):
    offer()
    with machine.start():
        contact(machine)
        asked(machine)
        bus.say(sessions=[])
        wait_for(lambda: turned(machine), what="the restart when nobody is there any more")


def test_not_while_another_runs(server, machine, bus, offer, tmp_path):
    bus.say(sessions=[])
    offer(priority=1)
    offer(OTHER, postcmd="", priority=2, command=f"while [ ! -e {tmp_path}/go ]; do sleep 0.1; done")
    with machine.start():
        contact(machine)
        wait_for(lambda: server.result(ID) == "SUCCESS", what="the first result")
        assert machine.package(OTHER)["step"] == "running", "it began when the first had ended"
        time.sleep(1)
        assert not turned(machine)
        (tmp_path / "go").touch()
        wait_for(lambda: turned(machine), what="the restart after it")


def test_a_command_after_a_package_is_not_cut_short(server, machine, bus, offer, tmp_path):
    """One wants the restart, another has a command to run after it: that begins once the machine is up again."""
    bus.say(sessions=[])
    machine.ini(HTTP={"Server": server.tls_url, "CaBundle": server.ca})
    offer(priority=1, command=f"while [ ! -e {tmp_path}/go ]; do sleep 0.1; done")
    offer(OTHER, postcmd=f"echo x >> {tmp_path}/after", priority=2)
    with machine.start():
        contact(machine)
        wait_for(lambda: machine.package(ID)["step"] == "running", what="the first")
        # Both results are told at the same moment, and the restart is the more urgent.
        server.rule("/ocsinventory*", status=503)
        (tmp_path / "go").touch()
        wait_for(lambda: [machine.package(number)["step"] for number in (ID, OTHER)] == ["finished"] * 2, what="both runs")
        server.clear_rules()
        contact(machine)
        wait_for(lambda: turned(machine), what="the restart")
        wait_for(lambda: machine.package(OTHER)["step"] == "reported", what="the other result")
        time.sleep(1)
        assert not (tmp_path / "after").exists()
        machine.stop(signal.SIGKILL)
        for number in (ID, OTHER):
            path = machine.state / "packages" / number / "state.json"
            state = json.loads(path.read_text())
            path.write_text(json.dumps({**state, "post_boot": "another"}))
        edit(machine, boot="another")
        machine.start()
        wait_for(lambda: (tmp_path / "after").exists(), what="the command")
        wait_for(lambda: machine.package(OTHER)["step"] == "gone", what="its end")
    assert (tmp_path / "after").read_text() == "x\n" and len(turned(machine)) == 1


def test_several_want_it(server, machine, offer):
    offer()
    offer(OTHER, postcmd="SHUTDOWN")
    with machine.start():
        contact(machine)
        question = asked(machine, "shutdown")
        assert not standing(machine), "one question for all"
        answer(machine, "now", "shutdown", serial=question["serial"])
        wait_for(lambda: turned(machine), what="turning it off")
        time.sleep(1)
        assert len(turned(machine)) == 1 and ("poweroff" in turned(machine)[0] or "-P" in turned(machine)[0])
