# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker, its couriers and ocs-run as whole programs against the test server: a session and people's requests."""
import json
import os
import re
import subprocess
import time

import pytest
from lab import free_port, wait_for
from machine import INTERFACE, Varlink, VarlinkError, root_is_mounted


def queries(server):
    return [entry.get("query") for entry in server.log() if entry["path"] == "/ocsinventory"]


def inventories(server):
    return [entry["xml"] for entry in server.log() if entry.get("query") == "INVENTORY"]


def test_first_session(server, machine):
    server.config(prolog_freq=17, inventory_on_startup=0)
    assert machine.once() == 0, machine.said()
    assert queries(server) == ["PROLOG", "INVENTORY"]
    request = next(entry for entry in server.log() if entry.get("query") == "PROLOG")
    agent = {name.lower(): value for name, value in request["headers"].items()}["user-agent"]
    assert re.fullmatch(r"OCS-NG_unified_unix_agent_v2\.1\.0-companion-[0-9.]+", agent) and len(agent) <= 50
    assert re.fullmatch(r".+-\d{4}(-\d{2}){5}", machine.identity())
    schedule = json.loads((machine.state / "schedule.json").read_text())
    assert schedule["prolog_freq_hours"] == 17 and schedule["inventory_on_startup"] is False
    xml = inventories(server)[0]
    for section in ("HARDWARE", "BIOS", "CPUS", "NETWORKS", "SOFTWARES", "LOCAL_USERS", "LOCAL_GROUPS"):
        assert f"<{section}>" in xml, section
    assert ("<DRIVES>" in xml) == root_is_mounted()
    assert re.search(r"<CHECKSUM>4194303</CHECKSUM>", xml)
    assert "<HISTORY>" in xml


def test_second_session_keeps_identity_and_account(server, machine):
    server.config(response="SEND", accountinfo={"TAG": "paris", "fields_3": "room 12"})
    assert machine.once() == 0
    first = machine.identity()
    assert machine.once() == 0, "the answer to the second inventory is the first that brings the account"
    assert machine.once() == 0
    assert machine.identity() == first
    last = inventories(server)[-1]
    assert re.search(r"<KEYNAME>fields_3</KEYNAME>\s*<KEYVALUE>room 12</KEYVALUE>", last)
    checksum = int(re.search(r"<CHECKSUM>(\d+)</CHECKSUM>", last).group(1))
    assert checksum & 1 and checksum != 4194303, "only what changed since the accepted inventory is flagged"
    assert not checksum & 65536, "the software has not changed"


def board(machine, folder, machine_id, uuid):
    """A machine to inventory, as far as identity goes."""
    (folder / "etc").mkdir(parents=True, exist_ok=True)
    (folder / "etc/machine-id").write_text(machine_id + "\n")
    (folder / "sys/class/dmi/id").mkdir(parents=True, exist_ok=True)
    (folder / "sys/class/dmi/id/product_uuid").write_text(uuid + "\n")
    return dict(machine.environment, OCS_INVENTORY_ROOT=str(folder))


def test_clone_is_another_machine(server, machine, tmp_path):
    server.config(response="SEND", accountinfo={"TAG": "original"})
    first = board(machine, tmp_path / "a", "a" * 32, "4c4c4544-0042-3510-8052-b4c04f4a5931")
    for _ in range(3):
        assert machine.once(env=first) == 0
    original = machine.identity()
    (machine.state / "history").write_text("1700000001\n")
    time.sleep(1.1)
    assert machine.once(env=board(machine, tmp_path / "b", "b" * 32, "4c4c4544-0042-3510-8052-b4c04f4a5931")) == 0
    assert machine.identity() != original
    last = inventories(server)[-1]
    assert "OLD_DEVICEID" not in last, "the server would delete the original"
    assert "original" not in last and "<CHECKSUM>4194303</CHECKSUM>" in last
    assert "1700000001" in last, "what had been installed before the disk was copied is installed here too"
    copy = machine.identity()
    assert machine.once(env=board(machine, tmp_path / "b", "b" * 32, "")) == 0, "an unreadable UUID changes nothing"
    assert machine.identity() == copy


def test_administrator_renames(server, machine):
    server.config(response="SEND")
    assert machine.once() == 0
    before = machine.identity()
    machine.ini(HTTP={"Server": server.url}, OCS_Companion={"DEVICEID": "desk-2026-01-02-03-04-05"})
    assert machine.once() == 0
    assert machine.identity() == "desk-2026-01-02-03-04-05"
    assert f"<OLD_DEVICEID>{before}</OLD_DEVICEID>" in inventories(server)[-1]
    assert machine.once() == 0
    assert "OLD_DEVICEID" not in inventories(server)[-1], "told once the server has taken it"


def test_new_addresses_are_told(server, machine):
    server.config(inventory_on_startup=0)
    assert machine.once() == 0
    assert machine.once() == 0
    assert "NOTIFY" not in queries(server), "nothing has changed"
    accepted = machine.state / "accepted.json"
    known = json.loads(accepted.read_text())
    if "NETWORKS" not in known["digests"]:
        pytest.skip("this machine has no network to tell of")
    known["digests"]["NETWORKS"] = "of another place"
    accepted.write_text(json.dumps(known))
    assert machine.once() == 0
    told = [entry["xml"] for entry in server.log(query="NOTIFY")]
    assert len(told) == 1 and re.search(r"<IFACE>\s*<IP>[0-9.]+</IP>", told[0]) and "<TYPE>IP</TYPE>" in told[0]
    assert machine.once() == 0
    assert len(server.log(query="NOTIFY")) == 1, "told once"


def test_local_mode_speaks_to_nobody(server, machine, tmp_path):
    target = tmp_path / "for the administrator"
    target.mkdir()
    machine.ini(HTTP={"Server": server.url}, OCS_Inventory_Agent={"Local": target})
    assert machine.once() == 0, machine.said()
    text = (target / f"{machine.identity()}.ocs").read_text()
    assert text.startswith("<?xml") and "<QUERY>INVENTORY</QUERY>" in text
    assert not queries(server)
    with machine.start():
        machine.wait_state("well")
        assert machine.status()["next_contact"] > time.time()


def test_local_mode_without_its_folder(machine):
    machine.ini(OCS_Inventory_Agent={"Local": "/nowhere/at/all"})
    assert machine.once() == 1
    assert "/nowhere/at/all" in machine.said()


def test_stop_means_no_inventory(server, machine):
    server.config(response="STOP")
    assert machine.once() == 0
    assert queries(server) == ["PROLOG"]


def test_tag_goes_with_the_first_inventory(server, machine):
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca}, OCS_Companion={"TAG": "branch-17"})
    assert machine.once() == 0
    assert re.search(r"<KEYNAME>TAG</KEYNAME>\s*<KEYVALUE>branch-17</KEYVALUE>", inventories(server)[0])


def test_send_inventory_despite_stop(server, machine):
    server.config(response="STOP", inventory_on_startup=0)
    with machine.start():
        machine.wait_state("well")
        how, outcome = machine.send_inventory()
        assert (how, outcome["kind"]) == ("started", "sent")
        assert len(inventories(server)) == 1
        how, again = machine.send_inventory()
        assert (how, again["kind"], again["time"]) == ("recent", "sent", outcome["time"])
        assert len(inventories(server)) == 1, "within ten minutes nothing is sent twice"


def test_send_inventory_joins_a_contact(server, machine):
    server.config(response="STOP")
    server.rule("/ocsinventory", delay_ms=800, times=1)
    with machine.start():
        machine.wait_state("working")
        how, outcome = machine.send_inventory()
        assert (how, outcome["kind"]) == ("joined", "sent")
        assert queries(server) == ["PROLOG", "INVENTORY"]


def test_switched_off_is_obeyed_and_said(server, machine):
    server.config(response="OFF")
    with machine.start():
        wait_for(lambda: queries(server), what="a prolog")
        _, outcome = machine.send_inventory()
        assert outcome["kind"] == "switched_off"
        assert "INVENTORY" not in queries(server)
        status = machine.status()
        assert status["state"] == "waiting" and "switched" in status["reason"]["message"]


def test_queued_while_there_is_no_way(server, machine):
    port = free_port()
    machine.ini(HTTP={"Server": f"http://127.0.0.1:{port}/ocsinventory"})
    with machine.start():
        machine.wait_state("away")
        how, outcome = machine.send_inventory()
        assert (how, outcome["kind"]) == ("started", "queued")
        how, again = machine.send_inventory()
        assert how == "queued" and again["serial"] == outcome["serial"], "it is queued once"
        machine.wait_state("away")
        machine.ini(HTTP={"Server": server.url})
        machine.call("Contact")
        wait_for(lambda: machine.status()["outcome"]["kind"] == "sent", what="the queued inventory")
        assert len(inventories(server)) == 1
        assert machine.status()["outcome"]["serial"] >= outcome["serial"]


def test_queue_survives_a_restart(server, machine):
    machine.ini(HTTP={"Server": f"http://127.0.0.1:{free_port()}/ocsinventory"})
    with machine.start():
        machine.send_inventory()
    server.config(response="STOP")
    machine.ini(HTTP={"Server": server.url})
    assert machine.once() == 0
    assert len(inventories(server)) == 1


def test_watch_streams_the_newest(server, machine):
    with machine.start():
        machine.wait_state("well")
        with Varlink(machine.runtime / "worker.sock") as link:
            link.send(f"{INTERFACE}.Watch", more=True)
            first = link.receive()["status"]
            assert first["state"] == "well"
            server.rule("/ocsinventory", delay_ms=300, times=1)
            machine.call("Contact")
            states = [first["state"]]
            # Something else may change first, while it is still well.
            while "working" not in states or states[-1] != "well":
                states.append(link.receive()["status"]["state"])


def shown(machine, **parameters):
    with Varlink(machine.runtime / "worker.sock") as link:
        link.send(f"{INTERFACE}.ShowInventory", parameters, more=True)
        replies = []
        while True:
            reply = link.receive_whole()
            replies.append(reply.get("parameters", {}))
            if not reply.get("continues"):
                return replies


def test_inventory_is_shown(machine):
    with machine.start():
        sections = {}
        for reply in shown(machine):
            if "section" in reply:
                sections.setdefault(reply["section"], []).extend(reply["entries"])
        assert sections["HARDWARE"][0]["NAME"] and len(sections["SOFTWARES"]) > 100
        text = "".join(reply.get("text", "") for reply in shown(machine, xml=True))
        assert text.startswith("<?xml") and text.rstrip().endswith("</REQUEST>")
        assert text.count("<SOFTWARES>") == len(sections["SOFTWARES"])


def test_inventory_reader_that_leaves(machine):
    with machine.start():
        for _ in range(3):
            with Varlink(machine.runtime / "worker.sock") as link:
                link.send(f"{INTERFACE}.ShowInventory", {"xml": True}, more=True)
                link.receive_whole()
        assert machine.status()["state"]


def test_strangers_see_little(machine, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else for a moment")
    machine.folder.chmod(0o755)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and not folder.stat().st_mode & 1:
            folder.chmod(folder.stat().st_mode | 0o11)
    with machine.start():
        asked = """
import json, socket, sys
for method in ("GetStatus", "ShowInventory", "SendInventory", "ListPackages", "Watch"):
    link = socket.socket(socket.AF_UNIX); link.connect(sys.argv[1])
    link.sendall(json.dumps({"method": "org.ocscompanion.Worker." + method, "more": method in ("Watch", "ShowInventory")}).encode() + b"\\0")
    print(link.recv(65536).split(b"\\0")[0].decode())
"""
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", asked.replace("\\\\", "\\"),
                               str(machine.runtime / "worker.sock")], capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, done.stderr
        status, *others = [json.loads(line) for line in done.stdout.splitlines()]
        seen = status["parameters"]["status"]
        assert seen["state"] and "server" not in seen and "deviceid" not in seen
        assert [reply["error"].rsplit(".", 1)[1] for reply in others] == ["Denied"] * 4


def test_interface_is_served(machine):
    with machine.start():
        with Varlink(machine.runtime / "worker.sock") as link:
            info = link.call("org.varlink.service.GetInfo")
            assert INTERFACE in info["interfaces"]
            text = link.call("org.varlink.service.GetInterfaceDescription", {"interface": INTERFACE})["description"]
            for state in ("well", "working", "waiting", "needs_you", "away", "problem"):
                assert state in text
            with pytest.raises(VarlinkError) as refused:
                link.call(f"{INTERFACE}.Destroy")
            assert refused.value.name == "MethodNotFound"
            with pytest.raises(VarlinkError) as refused:
                link.call(f"{INTERFACE}.GetPackage", {"id": "42"})
            assert refused.value.name == "NotFound"
