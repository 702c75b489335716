# SPDX-License-Identifier: GPL-3.0-or-later
"""What the worker tells the tray beside its status: how the newest contacts ended, and what the administrator has set for people."""
import json

from machine import Varlink


def ask(machine, method):
    with Varlink(machine.runtime / "worker.sock") as link:
        return link.call(f"org.ocscompanion.Worker.{method}")


def test_contacts_are_remembered(server, machine):
    assert machine.once() == 0, machine.said()
    server.rule("/ocsinventory*", status=500)
    assert machine.once() == 1, "the server is broken"
    server.clear_rules()
    assert machine.once() == 0, machine.said()
    kept = json.loads((machine.state / "contacts.json").read_text())["contacts"]
    kinds = [each["kind"] for each in kept]
    assert kinds[:2] == ["sent", "failed"] and kinds[2] in ("sent", "contacted")
    machine.start()
    told = ask(machine, "GetHistory")["contacts"]
    assert told[:3] == kept
    assert told[1]["reason"]["code"] and told[1]["reason"]["message"]


def test_policy(server, machine):
    machine.start()
    assert ask(machine, "GetPolicy") == {"show": "seat", "quit": True, "show_inventory": True}
    machine.stop()
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca},
                OCS_Tray={"Show": "all", "Quit": 0, "SupportText": "Help desk: 4711, this is %h", "SupportURL": "https://help.example.org/?host=%h",
                          "Logo": "logo.svg"})
    machine.start()
    assert ask(machine, "GetPolicy") == {"show": "all", "quit": False, "show_inventory": True, "support_text": "Help desk: 4711, this is %h",
                                         "support_url": "https://help.example.org/?host=%h", "logo": str(machine.folder / "logo.svg")}
