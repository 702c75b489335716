# SPDX-License-Identifier: GPL-3.0-or-later
"""Months of an installed worker in some seconds: settings that change, people who ask, programs of others that look, disks that fail."""
import json

import pytest
from conftest import INI, PATIENCE, STATE
from lab import make_package, wait_for, write_ini
from test_booted import ID, contact, offer, property_of, reports, wait_for_result

PERSON = ["setpriv", "--reuid=person", "--regid=person", "--init-groups"]
ASK = ["sh", "-c", '"$@" 2>&1; echo "exit $?"', "sh"]
SOCKET = "/run/ocs-worker/worker.sock"
WORKER = "org.ocscompanion.Worker"


def add_people(tree):
    for name in ("person", "helper"):
        tree.run("useradd", "--create-home", name)
    tree.run("usermod", "--append", "--groups", "ocs-companion", "helper")


def shows(tree, text):
    return text in tree.run("ocsctl", "configure")


def test_reload_goes_on_with_a_download(booted, server, tmp_path):
    contact(booted)
    server.config(download={"ON": "1", "FRAG_LATENCY": "1", "CYCLE_LATENCY": "0", "TIMEOUT": "30", "EXECUTION_TIMEOUT": "120"})
    package = make_package(tmp_path / "packages", ID, {"run.sh": "echo run >>/usr/local/was-here\n"}, command="sh run.sh", frags=8)
    server.add_package(package)
    booted.run("ocsctl", "contact")
    wait_for(lambda: server.log(f"/download/{ID}/{ID}-*"), PATIENCE, "the first fragment")
    before = property_of(booted, "ocs-worker", "MainPID")
    text = (booted.path / INI).read_text()
    (booted.path / INI).write_text(text + "\n[OCS Companion]\nTAG=after the reload\n")
    booted.run("systemctl", "reload", "ocs-worker.service")
    wait_for(lambda: shows(booted, "after the reload"), PATIENCE, "the new setting")
    assert wait_for_result(booted, server) == "SUCCESS"
    assert property_of(booted, "ocs-worker", "MainPID") == before
    fetched = [entry["path"] for entry in server.log(f"/download/{ID}/{ID}-*", method="GET")]
    assert len(fetched) == len(set(fetched)) == 8
    assert (booted.path / "usr/local/was-here").read_text() == "run\n"


def test_postcmd_in_the_unit_of_the_package(booted, server, tmp_path):
    """Nothing of the worker's cage holds it either, and it may restart the worker."""
    contact(booted)
    command = "cat /proc/self/cgroup /proc/self/status >/usr/local/post; systemctl restart ocs-worker.service; echo after >>/usr/local/post"
    server.add_package(make_package(tmp_path / "packages", ID, command="echo run >>/usr/local/was-here"), postcmd=command)
    booted.run("ocsctl", "contact")
    assert wait_for_result(booted, server) == "SUCCESS"
    post = booted.path / "usr/local/post"
    wait_for(lambda: post.exists() and "after\n" in post.read_text(), PATIENCE, "the end of what POSTCMD names")
    text = post.read_text()
    assert f"ocs-package@{ID}.service" in text and "NoNewPrivs:\t0" in text and "Seccomp:\t0" in text
    assert (booted.path / "usr/local/was-here").read_text() == "run\n" and len(reports(server)) == 1


def journal(tree, *wanted):
    return [json.loads(line) for line in tree.journal("-o", "json", *wanted).splitlines() if line.startswith("{")]


def test_fields_of_the_journal(booted, server, tmp_path):
    offer(booted, server, tmp_path, {}, command="true")
    assert wait_for_result(booted, server) == "SUCCESS"
    lines = journal(booted, f"OCS_PACKAGE={ID}")
    assert len(lines) > 2 and all(line["_SYSTEMD_UNIT"] == "ocs-worker.service" for line in lines)
    assert not journal(booted, "OCS_ERROR=unreachable")
    server.stop()
    assert "exit 1" in booted.run(*ASK, "ocsctl", "--timeout=280", "contact", "--wait")
    assert [line["PRIORITY"] for line in journal(booted, "OCS_ERROR=unreachable")] == ["4"]
    server.start()


def test_configure_without_polkit(booted, server):
    add_people(booted)
    said = booted.run(*ASK, *PERSON, "ocsctl", "configure", "TAG=mine")
    assert "exit 4" in said and "group ocs-companion" in said, said
    helper = [word.replace("person", "helper") for word in PERSON]
    assert "exit 0" in booted.run(*ASK, *helper, "ocsctl", "configure", "TAG=of the group")
    assert "TAG=of the group" in (booted.path / INI).read_text()


RULE = """polkit.addRule(function(action, subject) {
  if (action.id == "org.ocscompanion.configure" && subject.user == "person") return polkit.Result.YES;
});
"""


def test_configure_by_polkit(tree, server):
    """The real one: its rule lets one person and no other, and only do what it names."""
    tree.install_archived("polkitd")
    tree.install("old")
    write_ini(tree.path / INI, Server=server.url)
    (tree.path / "etc/polkit-1/rules.d/50-try.rules").write_text(RULE)
    tree.boot()
    add_people(tree)
    tree.run("useradd", "other")
    tree.run("systemctl", "start", "dbus.socket", "polkit.service")
    assert "exit 0" in tree.run(*ASK, *PERSON, "ocsctl", "configure", "TAG=by polkit")
    assert "TAG=by polkit" in (tree.path / INI).read_text()
    other = [word.replace("person", "other") for word in PERSON]
    said = tree.run(*ASK, *other, "ocsctl", "configure", "TAG=by nobody")
    assert "exit 4" in said and "administrator's password" in said, said
    assert "exit 4" in tree.run(*ASK, *PERSON, "ocsctl", "log")
    assert "TAG=by polkit" in (tree.path / INI).read_text()


def test_varlinkctl(booted, server):
    """Of Debian 13: somebody else's idea of Varlink."""
    if not (booted.path / "usr/bin/varlinkctl").exists():
        pytest.skip("this Debian has no varlinkctl")
    add_people(booted)
    contact(booted)
    assert WORKER in booted.run("varlinkctl", "info", SOCKET)
    assert "method GetStatus" in booted.run("varlinkctl", "introspect", SOCKET, WORKER)
    assert json.loads(booted.run("varlinkctl", "call", "--json=short", SOCKET, WORKER + ".GetStatus", "{}"))
    said = booted.run(*ASK, *PERSON, "varlinkctl", "call", SOCKET, WORKER + ".Configure", '{"values":[],"check":true}')
    assert "Denied" in said and "exit 0" not in said, said
    said = booted.run(*ASK, "varlinkctl", "call", SOCKET, WORKER + ".NoSuchThing", "{}")
    assert "MethodNotFound" in said, said


def test_read_only_var(booted, server):
    """It says so, never gives up, forgets nothing, and goes on once it can write."""
    contact(booted)
    before = (booted.path / STATE / "identity.json").read_text()
    booted.run("sh", "-c", "mount --bind /var /var && mount -o remount,ro,bind /var")
    booted.run("systemctl", "restart", "ocs-worker.service", check=False)
    wait_for(lambda: "ead-only file system" in booted.said(), PATIENCE, "the reason")
    assert property_of(booted, "ocs-worker", "ActiveState") != "failed" or property_of(booted, "ocs-worker", "Restart") == "on-failure"
    booted.run("umount", "--lazy", "/var")
    booted.run("systemctl", "restart", "ocs-worker.service")
    assert contact(booted)
    assert (booted.path / STATE / "identity.json").read_text() == before and len(server.devices()) == 1
