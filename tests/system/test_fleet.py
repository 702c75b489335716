# SPDX-License-Identifier: GPL-3.0-or-later
"""What an administrator of many machines reads: the log, the figures for monitoring, the state as documented, the report."""
import json
import os
import subprocess

import tarfile
from pathlib import Path

import pytest
from lab import make_package, wait_for
from machine import INTERFACE, Varlink

SCHEMA = Path(__file__).resolve().parent.parent.parent / "data/schema/status.schema.json"
OCSCTL = os.environ.get("OCSCTL", "ocsctl")


def ctl(machine, *words, **options):
    return subprocess.run([OCSCTL, f"--socket={machine.runtime}/worker.sock", *words], capture_output=True, text=True, timeout=60, **options)


def lines_of(reply):
    return [json.loads(line) for line in reply.stdout.splitlines()]


def test_log_is_remembered(server, machine):
    with machine.start():
        machine.send_inventory()
        said = ctl(machine, "log")
        assert said.returncode == 0 and "inventory sent" in said.stdout, said
        lines = lines_of(ctl(machine, "--json", "log"))
        sent = next(line for line in lines if "inventory sent" in line["text"])
        assert sent["level"] == "message" and sent["domain"].startswith("ocs-") and sent["time"] > 1_700_000_000
        assert len(lines_of(ctl(machine, "--json", "log", "--lines=1"))) == 1


def test_log_is_followed(server, machine):
    with machine.start(), Varlink(machine.runtime / "worker.sock") as link:
        machine.send_inventory()
        link.send(f"{INTERFACE}.GetLog", {"lines": 0, "follow": True}, more=True)
        server.config(prolog_freq=11)
        machine.outcome(machine.call("Contact")["serial"])
        reply = link.receive_whole()
        assert reply["continues"] and "contact with the server" in reply["parameters"]["line"]["text"]


def test_log_that_nobody_reads(server, machine):
    """One who asks for the log and never reads neither stops the worker nor fills its memory; one who hangs up is forgotten."""
    with machine.start():
        machine.send_inventory()
        sleepers = [Varlink(machine.runtime / "worker.sock") for _ in range(5)]
        for link in sleepers:
            link.send(f"{INTERFACE}.GetLog", {"lines": 1000, "follow": True}, more=True)
        for link in sleepers[:3]:
            link.socket.close()
        for _ in range(3):
            machine.outcome(machine.call("Contact")["serial"])
        assert "contact with the server" in ctl(machine, "log").stdout
        for link in sleepers[3:]:
            link.socket.close()


def metrics(machine):
    parser = pytest.importorskip("prometheus_client.parser")
    text = (machine.runtime / "metrics.prom").read_text()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in parser.text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics(server, machine):
    with machine.start():
        wait_for((machine.runtime / "metrics.prom").exists, 10, "metrics.prom")
        assert (machine.runtime / "metrics.prom").stat().st_mode & 0o777 == 0o644
        machine.send_inventory()
        found = wait_for(lambda: (m := metrics(machine))[("ocs_companion_inventories_total",)] == 1 and m, 30, "the inventory in metrics.prom")
        status = machine.status()
        assert found[("ocs_companion_contacts_total",)] >= 1
        assert found[("ocs_companion_contact_failures_total",)] == 0
        assert found[("ocs_companion_last_success_timestamp_seconds",)] == status["last_success"]
        assert found[("ocs_companion_state", "well")] == 1 and found[("ocs_companion_info", status["version"])] == 1
        assert machine.stop() == 0
        assert not (machine.runtime / "metrics.prom").exists(), "a stopped worker must not look like a living one"


def test_metrics_of_one_run(server, machine):
    """--once leaves its figures; the counters go on where they were."""
    assert machine.once() == 0
    first = metrics(machine)
    server.stop()
    assert machine.once() == 1
    second = metrics(machine)
    assert first[("ocs_companion_contacts_total",)] == 1 and second[("ocs_companion_contacts_total",)] == 2
    assert second[("ocs_companion_contact_failures_total",)] == 1
    assert second[("ocs_companion_state", "away")] == 1 and second[("ocs_companion_problem", "unreachable")] == 1


def exact(schema):
    """The schema for this version: a field that it does not name is a mistake here, while readers of a later version ignore it."""
    if isinstance(schema, dict):
        closed = {"additionalProperties": False} if "properties" in schema else {}
        return {**{key: exact(value) for key, value in schema.items()}, **closed}
    return [exact(value) for value in schema] if isinstance(schema, list) else schema


def check_status(machine):
    jsonschema = pytest.importorskip("jsonschema")
    printed = json.loads(ctl(machine, "--json", "status").stdout)
    jsonschema.validate(printed, exact(json.loads(SCHEMA.read_text())))
    return printed["status"]


def test_status_is_as_documented(server, machine):
    assert machine.once() == 0
    with machine.start():
        check_status(machine)
        server.add_package(make_package(machine.folder / "packages", 1700000001, {"a.txt": b"a" * 5000}, action="STORE", path=str(machine.folder), frags=3))
        machine.call("Contact")
        machine.wait_result(1700000001)
        assert check_status(machine)["packages"][0]["result"] == "SUCCESS"
        server.stop()
        machine.outcome(machine.call("Contact")["serial"])
        status = check_status(machine)
        assert status["state"] == "away" and status["reason"]["code"] == "unreachable" and status["outcome"]


def test_report(server, machine, tmp_path):
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca}, OCS_Companion={"TAG": "ann@example.org"})
    with machine.start():
        machine.send_inventory()
        path = tmp_path / "report.tar.gz"
        done = ctl(machine, "report", str(path))
        assert done.returncode == 0 and str(path) in done.stdout, done
        assert path.stat().st_mode & 0o777 == 0o600
        again = ctl(machine, "report", str(path))
        assert again.returncode == 1 and "name another file" in again.stderr
        with tarfile.open(path) as archive:
            found = {Path(entry.name).name: archive.extractfile(entry).read().decode() for entry in archive}
        assert {"status.json", "packages.json", "proxy.json", "contacts.json", "log.jsonl", "system.txt"} <= set(found), sorted(found)
        assert json.loads(found["status.json"])["status"]["deviceid"] == machine.identity()
        assert "inventory sent" in found["log.jsonl"]
        assert "ann@example.org" not in "".join(found.values()) and "…@…" in found["status.json"]


def test_report_without_a_worker(tmp_path):
    """What there is, is there; what is missing says why."""
    path = tmp_path / "report.tar.gz"
    done = subprocess.run([OCSCTL, f"--socket={tmp_path}/none.sock", "report", str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    with tarfile.open(path) as archive:
        missing = next(archive.extractfile(entry).read().decode() for entry in archive if entry.name.endswith("missing.txt"))
    assert "status.json: nobody answers" in missing and "start the service" in missing
