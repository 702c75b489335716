# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody works at a text console: a package that wants a restart warns there, and restarts the machine once."""
import json
import shutil

import pytest
from conftest import INI, PATIENCE
from lab import make_package, wait_for, write_ini
from test_booted import ID, contact, reports, wait_for_result

# A terminal where a machine's serial console would be; what is shown on it goes to a file.
CONSOLE = "touch /dev/ttyS0; mount --bind $(tty) /dev/ttyS0; exec login -f person </dev/ttyS0 >/dev/ttyS0 2>&1\n"


@pytest.fixture
def console(tree, server):
    tree.install_archived("libpam-systemd", "login")
    tree.install("old")
    shutil.copy(server.ca, tree.path / "etc/ocs-companion/ca.pem")
    write_ini(tree.path / INI, Server=server.tls_url, CaBundle="ca.pem")
    (tree.path / "root/console").write_text(CONSOLE)
    tree.run("useradd", "--create-home", "person")
    tree.boot()
    tree.run("systemctl", "start", "dbus.socket", "systemd-logind.service")
    tree.run("systemd-run", "--quiet", "sh", "-c", "tail -f /dev/null | script -qfc 'exec sh /root/console' /root/seen >/dev/null")
    wait_for(lambda: " person " in tree.run("loginctl", "list-sessions", check=False), PATIENCE, "the login")
    return tree


def seen(tree):
    return " ".join((tree.path / "root/seen").read_text(errors="replace").split())


def questions(tree):
    return [question["id"] for question in json.loads(tree.run("ocsctl", "--json", "status"))["status"].get("questions", [])]


def test_restart_warns_and_comes_once(console, server, tmp_path):
    contact(console)
    server.add_package(make_package(tmp_path / "packages", ID, command="echo run >>/usr/local/was-here"), postcmd="REBOOT")
    console.run("ocsctl", "contact")
    assert wait_for_result(console, server) == "SUCCESS"
    wait_for(lambda: "restarts in 15 minutes" in seen(console) and "ocsctl answer restart now" in seen(console), PATIENCE,
             "the warning")
    assert questions(console) == ["restart"]
    console.run("ocsctl", "answer", "restart", "now")
    console.boot_process.wait(PATIENCE)
    console.boot()
    contact(console)
    assert not questions(console), "a restart comes once"
    assert len(reports(server)) == 1 and (console.path / "usr/local/was-here").read_text() == "run\n"
