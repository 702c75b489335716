# SPDX-License-Identifier: GPL-3.0-or-later
"""The question of the TAG against Debian's OCS server: the label as its console keeps it, and what its database then has."""
from lab import wait_for
from test_real import lab, new_machine, rows  # noqa: F401 (fixtures)


def start(lab, new_machine, label):  # noqa: F811
    lab.sql("DELETE FROM deploy WHERE NAME='label'")
    if label:
        lab.sql(f"INSERT INTO deploy (NAME, CONTENT) VALUES ('label', '{label}')")
    machine = new_machine()
    machine.ini(HTTP={"Server": lab["OCS_URL"]}, OCS_Companion={"AskTAG": 1})
    return machine.start()


def asked(machine):
    return [question["text"] for question in machine.status()["questions"] if question["kind"] == "tag"]


def tag_at(lab, machine):  # noqa: F811
    return rows(lab, "accountinfo", machine.identity(), "t.TAG")


def test_without_a_label(lab, new_machine):  # noqa: F811
    """Nobody is asked, nothing waits."""
    machine = start(lab, new_machine, None)
    wait_for(lambda: machine.status()["last_inventory"] > 0, 40, "the inventory")
    assert not asked(machine)
    assert tag_at(lab, machine) == [["NA"]]


def test_answered(lab, new_machine):  # noqa: F811
    machine = start(lab, new_machine, "Welcher Standort?")
    wait_for(lambda: asked(machine), 40, "the question")
    assert asked(machine) == ["Welcher Standort?"]
    assert tag_at(lab, machine) == []
    machine.call("SetTag", {"tag": "LEIPZIG"})
    wait_for(lambda: machine.status()["last_inventory"] > 0, 40, "the inventory")
    assert tag_at(lab, machine) == [["LEIPZIG"]]
