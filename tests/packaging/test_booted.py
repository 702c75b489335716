# SPDX-License-Identifier: GPL-3.0-or-later
"""The real units under a real systemd: one contact, its sandboxes, packages in units of their own, an upgrade of itself, a power cut."""
import json
import re
import time

from conftest import PATIENCE, STATE, deb
from lab import make_package, wait_for

ID = "1700000001"


def contact(tree):
    return tree.run("ocsctl", f"--timeout={PATIENCE - 20}", "contact", "--wait")


def offer(tree, server, folder, files, command="sh run.sh", number=ID):
    """Two contacts: a server offers nothing to a machine that it has no inventory of."""
    contact(tree)
    server.add_package(make_package(folder / "packages", number, files, command=command))
    tree.run("ocsctl", "contact")


def reports(server):
    return [report for device in server.devices().values() for report in device["reports"]]


def wait_for_result(tree, server, number=ID):
    try:
        return wait_for(lambda: [r for r in [server.result(number)] if r not in (None, "NOTIFIED")], PATIENCE, "the result")[0]
    except AssertionError as error:
        raise AssertionError(f"{error}\n{tree.said()}") from None


def property_of(tree, unit, name):
    return tree.run("systemctl", "show", "-P", name, unit).strip()


def wait_for_no_unit(tree):
    wait_for(lambda: tree.run("systemctl", "list-units", "--no-legend", "--plain", "ocs*").strip() == "", PATIENCE, "the end of all units")


def status_of(tree, unit):
    text = tree.run("cat", f"/proc/{property_of(tree, unit, 'MainPID')}/status")
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def change_worker(tree, *lines):
    """By a drop-in that a boot forgets; then starts it again."""
    text = "\\n".join(["[Service]", *lines])
    tree.run("sh", "-c", f"mkdir -p /run/systemd/system/ocs-worker.service.d && printf '{text}\\n' "
             ">/run/systemd/system/ocs-worker.service.d/try.conf && systemctl daemon-reload && systemctl restart ocs-worker.service")


def section_of(xml, name):
    return sorted(re.findall(f"<{name}>.*?</{name}>", xml, re.S))


def test_contact_through_the_units(booted, server):
    contact(booted)
    assert len(server.devices()) == 1 and "inventory sent" in booted.said()
    assert "ocs-" not in booted.journal("-p", "warning", "-u", "ocs*"), "what is well warns of nothing"
    assert booted.run("systemctl", "list-units", "--state=failed", "--no-legend", "--plain", "ocs*").strip() == ""
    assert json.loads(booted.run("ocsctl", "--json", "status"))
    wait_for(lambda: "ocs_companion_info" in booted.run("cat", "/run/ocs-worker/metrics.prom", check=False), PATIENCE,
             "the figures for monitoring")


def test_socket_starts_it(booted, server):
    contact(booted)
    booted.run("systemctl", "stop", "ocs-worker.service")
    assert property_of(booted, "ocs-worker", "ActiveState") == "inactive"
    assert "metrics.prom" not in booted.run("ls", "/run/ocs-worker")
    assert json.loads(booted.run("ocsctl", "--json", "status"))
    assert property_of(booted, "ocs-worker", "ActiveState") == "active"


def test_sandboxes(booted, server):
    contact(booted)
    worker, courier = status_of(booted, "ocs-worker"), status_of(booted, "ocs-courier@control")
    assert worker["Uid"].split()[0] == "0" and int(worker["CapBnd"], 16) == 1 << 2, "CAP_DAC_READ_SEARCH alone"
    assert worker["Groups"].split() in ([], ["0"])
    assert courier["Uid"].split()[0] != "0" and int(courier["CapBnd"], 16) == 0
    for status in worker, courier:
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    booted.run("systemctl", "start", "ocs-courier@bulk.service")
    assert status_of(booted, "ocs-courier@bulk")["Uid"] != courier["Uid"]
    assert booted.run("stat", "-c", "%a %U", "/run/ocs-courier", "/run/ocs-worker/worker.sock").split() == ["700", "root", "666", "root"]


def test_the_cage_hides_nothing_from_the_inventory(booted, server):
    """The same program in the worker's unit and outside of it."""
    outside = booted.run("/usr/libexec/ocs-companion/ocs-worker", "--print-inventory")
    change_worker(booted, "ExecStart=", "Restart=no", "Type=oneshot", "WatchdogSec=0",
                  "ExecStart=/usr/libexec/ocs-companion/ocs-worker --print-inventory", f"StandardOutput=file:/{STATE}/seen.xml")
    inside = (booted.path / STATE / "seen.xml").read_text()
    assert "<DRIVES>" in outside
    for name in sorted(set(re.findall(r"<([A-Z_]+)>\s*<", outside)) - {"REQUEST", "CONTENT", "HARDWARE"}):
        there, here = section_of(outside, name), section_of(inside, name)
        if name == "DRIVES":
            there, here = ([re.sub("<FREE>.*?</FREE>", "", entry) for entry in each] for each in (there, here))
        assert there == here, name


def test_package_in_a_unit_of_its_own(booted, server, tmp_path):
    """Nothing of the worker's cage holds it, it may restart the worker, and what it starts lives on."""
    offer(booted, server, tmp_path, {"run.sh": "cat /proc/self/status /proc/self/cgroup\necho run >>/usr/local/was-here\n"
                                               "sleep 600 >/dev/null 2>&1 &\nsystemctl restart ocs-worker.service\nsleep 2\necho after\n"})
    assert wait_for_result(booted, server) == "SUCCESS"
    output = (booted.path / STATE / "packages" / ID / "output").read_text()
    assert f"ocs-package@{ID}.service" in output and "NoNewPrivs:\t0" in output and "Seccomp:\t0" in output and "after" in output
    assert (booted.path / "usr/local/was-here").read_text() == "run\n"
    assert "sleep" in booted.run("ps", "-e", "-o", "comm=")
    assert len(reports(server)) == 1


def test_package_that_upgrades_us(booted, server, tmp_path):
    """One run, one report, and the new version goes on."""
    offer(booted, server, tmp_path, {"new.deb": deb("new").read_bytes()}, command="echo run >>/usr/local/was-here; dpkg -i new.deb")
    assert wait_for_result(booted, server) == "SUCCESS"
    assert booted.run("dpkg-query", "-W", "-f", "${Version}", "ocs-companion") == "9.9.9"
    contact(booted)
    assert len(reports(server)) == 1 and (booted.path / "usr/local/was-here").read_text() == "run\n"
    assert property_of(booted, "ocs-worker", "ActiveState") == "active"


def test_package_that_removes_us(booted, server, tmp_path):
    """Nobody is left to report it, and nothing of ours runs on; installed again, it says what became of it."""
    offer(booted, server, tmp_path, {}, command="dpkg --remove ocs-companion")
    wait_for(lambda: (booted.path / STATE / "packages" / ID / "result.json").exists(), PATIENCE, "the removal")
    assert not (booted.path / "usr/libexec/ocs-companion/ocs-worker").exists()
    wait_for_no_unit(booted)
    booted.install("new")
    assert wait_for_result(booted, server) == "SUCCESS"


def test_power_cut_while_a_package_runs(booted, server, tmp_path):
    offer(booted, server, tmp_path, {}, command="echo run >>/usr/local/was-here; sync; sleep 600")
    wait_for(lambda: (booted.path / "usr/local/was-here").exists(), PATIENCE, "the run")
    time.sleep(0.5)
    booted.power_off()
    booted.boot()
    assert wait_for_result(booted, server) == "ERR_EXECUTE_INTERRUPTED"
    assert (booted.path / "usr/local/was-here").read_text() == "run\n"


def test_killed_courier_comes_back(booted, server):
    contact(booted)
    for _ in range(7):
        booted.run("systemctl", "start", "ocs-courier@control.service")
        before = property_of(booted, "ocs-courier@control", "MainPID")
        booted.run("kill", "-KILL", before)
        wait_for(lambda: property_of(booted, "ocs-courier@control", "MainPID") != before, PATIENCE, "that it is missed")
    wait_for(lambda: property_of(booted, "ocs-courier@control", "MainPID") != "0", PATIENCE, "the courier")
    assert contact(booted)


def test_upgrade_restarts_and_remove_stops(booted, server):
    contact(booted)
    before = property_of(booted, "ocs-worker", "MainPID")
    booted.install("new")
    assert property_of(booted, "ocs-worker", "MainPID") not in (before, "0")
    contact(booted)
    booted.run("dpkg", "--purge", "ocs-companion")
    wait_for_no_unit(booted)
    assert not (booted.path / STATE).exists()


def test_hanging_worker_is_replaced(booted, server):
    """By the watchdog, which is asked to be quick here."""
    assert property_of(booted, "ocs-worker", "WatchdogUSec") == "3min"
    change_worker(booted, "WatchdogSec=10", "TimeoutAbortSec=2", "RestartSec=1")
    before = property_of(booted, "ocs-worker", "MainPID")
    time.sleep(12)
    assert property_of(booted, "ocs-worker", "MainPID") == before, "one that is well is left alone"
    booted.run("kill", "-STOP", before)
    wait_for(lambda: property_of(booted, "ocs-worker", "MainPID") not in (before, "0"), PATIENCE,
             "another worker")
    assert contact(booted)
