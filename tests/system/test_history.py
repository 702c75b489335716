# SPDX-License-Identifier: GPL-3.0-or-later
"""What the worker tells the tray beside its status: how the newest contacts ended, and what the administrator has set for people."""
import json

from lab import wait_for
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


def test_what_has_changed(server, machine, tmp_path):
    """Against the inventory that the server took last, not against the one that was shown last."""
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/machine-id").write_text("a" * 32 + "\n")
    (root / "var/lib/dpkg").mkdir(parents=True)
    status = root / "var/lib/dpkg/status"
    entry = "Package: {}\nStatus: install ok installed\nArchitecture: all\nVersion: {}\nDescription: x\n\n"
    status.write_text(entry.format("bash", "5.1") + entry.format("zsh", "5.9"))
    machine.environment["OCS_INVENTORY_ROOT"] = str(root)
    machine.start()

    def changes():
        with Varlink(machine.runtime / "worker.sock") as link:
            link.send("org.ocscompanion.Worker.ShowInventory", {}, more=True)
            told = {}
            while True:
                reply = link.receive_whole()
                parameters = reply.get("parameters", {})
                if "come" in parameters:
                    told[parameters["section"]] = (parameters["come"], parameters["gone"])
                if not reply.get("continues"):
                    return told
    wait_for(lambda: machine.status()["last_inventory"] > 0, what="the first inventory")
    assert changes()["SOFTWARES"] == ([], [])
    status.write_text(entry.format("bash", "5.2") + entry.format("zsh", "5.9"))
    for _ in range(2):
        come, gone = changes()["SOFTWARES"]
        assert len(come) == 1 and len(gone) == 1 and "bash" in come[0] and "5.2" in come[0] and "5.1" in gone[0]
