# SPDX-License-Identifier: GPL-3.0-or-later
"""The question of the TAG: asked once with the server's words before the first inventory, answered, sent, and shown beside the server's own."""
import os
import subprocess

import pytest
from lab import TestServer, wait_for
from machine import Machine, VarlinkError

OCSCTL = os.environ.get("OCSCTL")


@pytest.fixture
def server(tmp_path):
    with TestServer(tmp_path / "server") as lab:
        yield lab


@pytest.fixture
def machine(tmp_path, server):
    with Machine(tmp_path / "machine", Server=server.url) as one:
        yield one


def asking(machine, server, **more):
    machine.ini(HTTP={"Server": server.url}, OCS_Companion={"AskTAG": 1, **more})


def questions(machine):
    return [question for question in machine.status()["questions"] if question["kind"] == "tag"]


def device(server):
    return next(iter(server.devices().values()), None)


def test_asked_before_the_first_inventory(machine, server):
    server.config(label="Which site?\r\n", accountinfo={})
    asking(machine, server)
    machine.start()
    wait_for(lambda: questions(machine), 20, "the question")
    assert questions(machine)[0]["text"] == "Which site?"
    assert device(server) is None, "the first inventory waits"
    machine.call("SetTag", {"tag": " LEIPZIG "})
    wait_for(lambda: device(server) and device(server)["inventories"] == 1, 30, "the first inventory")
    assert "<KEYNAME>TAG</KEYNAME>" in device(server)["inventory"] and "<KEYVALUE>LEIPZIG</KEYVALUE>" in device(server)["inventory"]
    assert machine.status()["tag"] == "LEIPZIG"
    assert questions(machine)[0]["settled"] == "done"
    before = device(server)["prologs"]
    machine.stop()
    machine.start()
    machine.call("Contact")  # may be one with that of the start
    wait_for(lambda: device(server)["prologs"] > before, 20, "another contact")
    assert not questions(machine) or questions(machine)[0].get("settled")
    assert len(server.log("*/deploy/label")) == 1, "once"


def test_the_servers_own_tag_beside_ours(machine, server):
    server.config(label="Site?", accountinfo={"TAG": "CONSOLE", "fields_3": "x"}, response="SEND")
    asking(machine, server)
    for _ in range(2):  # the server tells its own at the second inventory; somebody asked for these contacts: nothing waits
        assert machine.once() == 0, machine.said()
    machine.start()
    status = machine.status()
    assert status["server_tag"] == "CONSOLE" and status["tag"] == "CONSOLE"
    assert not questions(machine), "the server has one"
    machine.call("SetTag", {"tag": "OURS"})
    status = machine.status()
    assert (status["tag"], status["server_tag"]) == ("OURS", "CONSOLE")
    if OCSCTL:
        out = subprocess.run([OCSCTL, f"--socket={machine.runtime}/worker.sock", "status"], capture_output=True, text=True, timeout=30).stdout
        assert "OURS" in out and "CONSOLE" in out
    # The contact at the start may be under way and say nothing of it: then the next one does.
    def told():
        machine.call("Contact")
        return "<KEYVALUE>OURS</KEYVALUE>" in device(server)["inventory"]
    wait_for(told, 20, "an inventory with our TAG")
    assert "fields_3" in device(server)["inventory"]


def test_never_again(machine, server):
    server.config(label="Site?", accountinfo={})
    asking(machine, server)
    machine.start()
    wait_for(lambda: questions(machine), 20, "the question")
    machine.call("SetTag")
    wait_for(lambda: device(server) and device(server)["inventories"] == 1, 30, "the first inventory")
    assert "TAG</KEYNAME>" not in device(server)["inventory"]
    assert questions(machine)[0]["settled"] == "cancelled"


@pytest.mark.parametrize("config, keys", [({"label": None}, {}), ({"label": "Site?"}, {"TAG": "SET"})])
def test_no_question(machine, server, config, keys):
    """No words at the server, or a TAG from the administrator: nobody is asked and nothing waits."""
    server.config(accountinfo={}, **config)
    asking(machine, server, **keys)
    machine.start()
    wait_for(lambda: device(server) and device(server)["inventories"] == 1, 30, "the first inventory")
    assert not questions(machine)


def test_not_for_people_by_default(machine, server):
    server.config(label="Site?", accountinfo={})
    machine.start()
    with pytest.raises(VarlinkError) as refused:
        machine.call("SetTag", {"tag": "X"})
    assert refused.value.name == "Refused" and "AskTAG" in refused.value.message
    assert not server.log("*/deploy/label")


def test_notag_wins(machine, server):
    server.config(label="Site?", accountinfo={})
    machine.ini(HTTP={"Server": server.url}, OCS_Inventory_Agent={"NoTAG": 1}, OCS_Companion={"AskTAG": 1})
    assert machine.once() == 0, machine.said()
    assert not server.log("*/deploy/label")
