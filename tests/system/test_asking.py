# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is asked before a package runs, what an answer does, and what survives a kill; against a logind of the test's own."""
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
        yield made


@pytest.fixture
def offer(server, machine, bus, tmp_path):
    assert machine.once() == 0, machine.said()

    def make(number=ID, offered=None, **keys):
        keys.setdefault("command", f"echo {number} >> {tmp_path}/ran")
        keys.setdefault("NOTIFY_USER", "1")
        keys.setdefault("NOTIFY_COUNTDOWN", "300")
        package = make_package(tmp_path / "packages", number, **keys)
        server.add_package(package, **(offered or {}))
    return make


def reported(server, number=ID):
    result = server.result(number)
    return None if result == "NOTIFIED" else result


def questions(machine, kind="install"):
    return [q for q in machine.status()["questions"] if q["kind"] == kind]


def standing(machine, number=ID, kind="install"):
    def stands():
        return next((q for q in questions(machine, kind) if q["id"] == number and "settled" not in q), None)

    return wait_for(stands, what=f"the question of {number}")


def settled(machine, number=ID, kind="install"):
    return next((q["settled"] for q in questions(machine, kind) if q["id"] == number and "settled" in q), None)


def answer(machine, what, number=ID, **more):
    return machine.call("Answer", {"id": number, "answer": what, **more})


def contact(machine):
    machine.outcome(machine.call("Contact")["serial"])


def journal(machine, number=ID):
    return json.loads((machine.state / "packages" / number / "state.json").read_text())


def edit(machine, number=ID, **consent):
    """As if time had passed while the worker was down."""
    state = journal(machine, number)
    state["consent"].update(consent)
    (machine.state / "packages" / number / "state.json").write_text(json.dumps(state))


def test_nobody_is_logged_in(server, machine, bus, offer):
    bus.say(sessions=[session(group="greeter", name="gdm"), session(state="closing")])
    offer()
    assert machine.once() == 0, machine.said()
    assert reported(server, ID) == "SUCCESS"


def test_now(server, machine, bus, offer, tmp_path):
    bus.say(sessions=[session(), session(uid=1001, kind="x11")])
    offer(NOTIFY_TEXT="<b>New</b> printer & more", NOTIFY_CAN_DELAY="1", NOTIFY_CAN_ABORT="1")
    with machine.start():
        contact(machine)
        question = standing(machine)
        assert question["text"] == "<b>New</b> printer & more"
        assert question["countdown"] == 300 and 290 <= question["remaining"] <= 300 and question["counting"]
        assert question["may_delay"] and question["delays_left"] == 5 and question["may_pause"]
        assert abs(question["deadline"] - question["asked"] - 7 * 86400) < 5
        assert not question["may_cancel"], "more than one person is logged in"
        assert machine.status()["state"] == "needs_you"
        assert machine.package(ID)["step"] == "asking"
        assert not (tmp_path / "ran").exists()
        answer(machine, "now", serial=question["serial"])
        wait_for(lambda: reported(server, ID), what="the result")
        assert settled(machine) == "now"
        with pytest.raises(VarlinkError) as refused:
            answer(machine, "now", serial=question["serial"])
        assert refused.value.name == "NotFound"
    assert reported(server, ID) == "SUCCESS" and (tmp_path / "ran").read_text() == f"{ID}\n"


def test_countdown_runs_where_it_is_seen(server, machine, bus, offer):
    bus.say(sessions=[session(locked=True)])
    offer(NOTIFY_COUNTDOWN="2")
    with machine.start():
        contact(machine)
        assert not standing(machine)["counting"]
        time.sleep(3)
        assert standing(machine)["remaining"] == 2, "nobody sees a locked screen"
        bus.say(sessions=[session()], inhibitors=[["idle", 1000], ["shutdown:sleep", 0]])
        time.sleep(3)
        assert not standing(machine)["counting"], "somebody presents"
        bus.say(inhibitors=[])
        wait_for(lambda: reported(server, ID), what="the end of the countdown")
        assert settled(machine) == "timed_out"
    assert reported(server, ID) == "SUCCESS"


def test_later_survives_and_is_asked_again(server, machine, bus, offer):
    bus.say(sessions=[session()])
    offer(NOTIFY_CAN_DELAY="1")
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca}, OCS_Companion={"NotifyMaxDelays": 2, "NotifyDeadline": 1})
    with machine.start():
        contact(machine)
        first = standing(machine)
        answer(machine, "later", serial=first["serial"], minutes=100000)
        assert settled(machine) == "later"
        package = machine.package(ID)
        assert package["step"] == "asking" and package["may_hurry"]
        assert package["waits_until"] == first["deadline"], "what goes past the deadline is cut to it"
        machine.stop(signal.SIGKILL)
        assert journal(machine)["consent"]["delays"] == 1
        edit(machine, later_until=int(time.time()) - 5)
        machine.start()
        again = standing(machine)
        assert again["serial"] > first["serial"] and again["delays_left"] == 1 and again["deadline"] == first["deadline"]
        with pytest.raises(VarlinkError) as old:
            answer(machine, "now", serial=first["serial"])
        assert old.value.name == "NotFound"
        answer(machine, "later", minutes=60)
        machine.stop(signal.SIGKILL)
        edit(machine, later_until=int(time.time()) - 5)
        machine.start()
        assert not standing(machine)["may_delay"]
        with pytest.raises(VarlinkError) as refused:
            answer(machine, "later", minutes=60)
        assert refused.value.name == "Refused" and "save your work" in refused.value.message
        assert reported(server, ID) is None


def test_deadline(server, machine, bus, offer):
    bus.say(sessions=[session(locked=True)])
    offer(NOTIFY_CAN_DELAY="1", NOTIFY_COUNTDOWN="1")
    with machine.start():
        contact(machine)
        standing(machine)
        machine.stop(signal.SIGKILL)
        edit(machine, first_asked=int(time.time()) - 8 * 86400)
        machine.start()
        wait_for(lambda: reported(server, ID), what="the run after the deadline, although the screen is locked")
    assert reported(server, ID) == "SUCCESS"


def test_logged_out_without_an_answer(server, machine, bus, offer):
    bus.say(sessions=[session()])
    offer()
    with machine.start():
        contact(machine)
        first = standing(machine)
        bus.say(sessions=[])
        wait_for(lambda: not questions(machine), what="that nobody is asked")
        package = machine.package(ID)
        assert package["step"] == "asking" and package["may_hurry"]
        time.sleep(1)
        assert reported(server, ID) is None
        bus.say(sessions=[session(uid=1003)])
        assert standing(machine)["serial"] > first["serial"]
        bus.say(sessions=[])
        wait_for(lambda: journal(machine)["consent"]["step"] == "absent", what="the journal")
        machine.stop(signal.SIGKILL)
        edit(machine, absent_since=int(time.time()) - 25 * 3600)
        machine.start()
        wait_for(lambda: reported(server, ID), what="the run after NotifyAbsent")
    assert reported(server, ID) == "SUCCESS"


def test_cancel(server, machine, bus, offer, tmp_path):
    bus.say(sessions=[session(), session(uid=1001)])
    offer(NOTIFY_CAN_ABORT="1")
    with machine.start():
        contact(machine)
        standing(machine)
        with pytest.raises(VarlinkError) as refused:
            answer(machine, "cancel")
        assert refused.value.name == "Refused" and "more than one" in refused.value.message
        bus.say(sessions=[session()])
        wait_for(lambda: standing(machine)["may_cancel"], what="that the one who is left may cancel")
        answer(machine, "cancel")
        wait_for(lambda: reported(server, ID), what="the result")
        assert settled(machine) == "cancelled"
    assert reported(server, ID) == "ERR_ABORTED"
    assert not (tmp_path / "ran").exists()


def test_one_that_waits_holds_back_no_other(server, machine, bus, offer, tmp_path):
    bus.say(sessions=[session()])
    offer(priority=0)
    offer(OTHER, NOTIFY_USER="0", priority=9)
    assert machine.once() == 0, machine.said()
    assert reported(server, OTHER) == "SUCCESS" and reported(server, ID) is None
    assert (tmp_path / "ran").read_text() == f"{OTHER}\n"


def test_somebody_comes_before_it_begins(server, machine, bus, offer, tmp_path):
    """Nobody was there when it was ready, but it had to wait for another to end: who has come meanwhile is asked."""
    bus.say(sessions=[])
    offer(OTHER, NOTIFY_USER="0", command=f"while [ ! -e {tmp_path}/go ]; do sleep 0.1; done")
    with machine.start():
        contact(machine)
        wait_for(lambda: machine.package(OTHER)["step"] == "running", what="the other")
        offer()
        contact(machine)
        wait_for(lambda: journal(machine).get("consent", {}).get("step") == "given", what="that nobody is asked")
        bus.say(sessions=[session()])
        question = standing(machine)
        (tmp_path / "go").touch()
        wait_for(lambda: reported(server, OTHER), what="the end of the other")
        assert not (tmp_path / "ran").exists() and reported(server) is None
        answer(machine, "now", serial=question["serial"])
        wait_for(lambda: reported(server), what="the result")
    assert (tmp_path / "ran").read_text() == f"{ID}\n"


def test_pause(server, machine, bus, offer):
    bus.say(sessions=[session()])
    offer(NOTIFY_COUNTDOWN="3")
    with machine.start():
        contact(machine)
        standing(machine)
        answer(machine, "pause")
        time.sleep(4)
        question = standing(machine)
        assert question["paused"] and not question["counting"] and not question["may_pause"]
        answer(machine, "resume")
        wait_for(lambda: reported(server, ID), what="the end of the countdown")


def test_scheduled_first_and_withdrawn(server, machine, bus, offer):
    bus.say(sessions=[session()])
    offer(offered={"schedule": time.strftime("%Y/%m/%d %H:%M", time.localtime(time.time() + 7200))})
    with machine.start():
        contact(machine)
        wait_for(lambda: machine.package(ID)["step"] == "scheduled", what="the package to wait for its hour")
        assert machine.package(ID)["waits_until"] == machine.package(ID)["scheduled"] > time.time() + 7000
        assert not questions(machine)


def test_withdrawn(server, machine, bus, offer, tmp_path):
    bus.say(sessions=[session()])
    offer()
    with machine.start():
        contact(machine)
        standing(machine)
        server.drop_package(ID)
        contact(machine)
        wait_for(lambda: not questions(machine), what="that nobody is asked for a package that is gone")
    assert not (tmp_path / "ran").exists()


def test_what_is_to_be_done_after_it(server, machine, bus, offer):
    bus.say(sessions=[session()])
    offer(NOTIFY_USER="0", NEED_DONE_ACTION="1", NEED_DONE_ACTION_TEXT="Please <i>log out</i> once.")
    assert machine.once() == 0, machine.said()
    assert reported(server, ID) == "SUCCESS"
    with machine.start():
        question = standing(machine, kind="done")
        assert question["text"] == "Please <i>log out</i> once." and question["countdown"] == 0
        answer(machine, "done", serial=question["serial"])
        assert settled(machine, kind="done") == "done"
        with pytest.raises(VarlinkError):
            answer(machine, "done")


def test_what_is_to_be_done_is_a_reminder_for_a_day(server, machine, bus, offer):
    """Who does not say that it is done has it listed on, but nothing calls for him any more."""
    bus.say(sessions=[session()])
    offer(NOTIFY_USER="0", NEED_DONE_ACTION="1", NEED_DONE_ACTION_TEXT="Please log out once.")
    assert machine.once() == 0, machine.said()
    with machine.start():
        standing(machine, kind="done")
        assert machine.status()["state"] == "needs_you"
    state = journal(machine)
    state["done_since"] -= 86400
    (machine.state / "packages" / ID / "state.json").write_text(json.dumps(state))
    with machine.start():
        standing(machine, kind="done")
        assert machine.status()["state"] != "needs_you"
        answer(machine, "done")
        assert settled(machine, kind="done") == "done"


def test_without_logind(server, machine, bus, offer):
    """Then utmp tells whether anybody is there, whom nobody can ask on a screen; what is decided depends on the machine of the test, that
    something is decided does not."""
    bus.stop_logind()
    offer()
    with machine.start():
        contact(machine)
        wait_for(lambda: reported(server) or questions(machine), what="a run, or a question to the terminals")


@pytest.mark.parametrize("parameters", [{}, {"id": ID}, {"id": ID, "answer": "perhaps"}, {"id": ID, "answer": "later"},
                                        {"id": ID, "answer": "later", "minutes": -5}, {"id": 7, "answer": "now"}])
def test_odd_answers(machine, parameters):
    with machine.start():
        with pytest.raises(VarlinkError) as odd:
            machine.call("Answer", parameters)
        assert odd.value.name == "InvalidData"
        with pytest.raises(VarlinkError) as unknown:
            answer(machine, "now", "999")
        assert unknown.value.name == "NotFound"
