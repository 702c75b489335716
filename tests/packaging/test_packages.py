# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages themselves, and their way from installation to purge where no systemd runs."""
import hashlib
import json
import os
import subprocess

from conftest import INI, STATE, WORK, deb, mode

UNITS = ["ocs-worker.service", "ocs-worker.socket", "ocs-courier@control.service", "ocs-courier@bulk.socket", "ocs-package@1.service"]


def test_lintian():
    changes = next((WORK / "old").glob("*.changes"))
    done = subprocess.run(["lintian", "-EI", "--pedantic", "--allow-root", changes], capture_output=True, text=True, check=False)
    bad = [line for line in done.stdout.splitlines() if line[:2] in ("E:", "W:")]
    assert not bad and done.returncode == 0, done.stdout + done.stderr


def test_same_source_same_bytes():
    for made in (WORK / "old").glob("*.deb"):
        again = WORK / "again" / made.name
        assert hashlib.sha256(made.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest(), made.name


def test_units_are_understood(tree):
    tree.install("old")
    said = tree.run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *UNITS)
    assert "ocs-" not in said, said


def test_install(tree):
    said = tree.install("old")
    assert "Setting up" in said
    assert mode(tree.path / STATE) == "0o700" and mode(tree.path / "etc/ocs-companion") == "0o755"
    assert "_ocs-courier:" in (tree.path / "etc/passwd").read_text() and "ocs-companion:" in (tree.path / "etc/group").read_text()
    assert (tree.path / "etc/systemd/system/multi-user.target.wants/ocs-worker.service").is_symlink()
    assert (tree.path / "etc/systemd/system/sockets.target.wants/ocs-worker.socket").is_symlink()
    assert not (tree.path / INI).exists(), "a file with secrets is the administrator's, not the package's"
    assert "0.1.0" in tree.run("ocsctl", "--version")
    for name in ("ocs-worker", "ocs-courier", "ocs-run"):
        assert tree.run(f"/usr/libexec/ocs-companion/{name}", "--version")


def test_upgrade_and_back_keep_what_people_wrote(tree):
    tree.install("old")
    (tree.path / INI).write_text("; mine\n[HTTP]\nServer=https://ocs.test/ocsinventory\n")
    (tree.path / STATE / "identity.json").write_text('{"kept": true}')
    tree.run("systemctl", "disable", "ocs-worker.service")
    for version in ("new", "old", "old"):
        tree.install(version)
        assert (tree.path / INI).read_text().startswith("; mine")
        assert "kept" in (tree.path / STATE / "identity.json").read_text()
        assert not (tree.path / "etc/systemd/system/multi-user.target.wants/ocs-worker.service").exists()


def test_remove_keeps_who_it_is_and_purge_forgets(tree):
    tree.install("old")
    (tree.path / INI).write_text("[HTTP]\n")
    (tree.path / STATE / "identity.json").write_text("{}")
    tree.run("dpkg", "--remove", "ocs-companion")
    assert (tree.path / STATE / "identity.json").exists() and (tree.path / INI).exists()
    assert not (tree.path / "usr/libexec/ocs-companion").exists() and not (tree.path / "usr/bin/ocsctl").exists()
    (tree.path / "etc/ocs-companion/site-ca.pem").write_text("of the administrator")
    tree.run("dpkg", "--purge", "ocs-companion")
    assert not (tree.path / STATE).exists() and not (tree.path / INI).exists()
    assert (tree.path / "etc/ocs-companion/site-ca.pem").exists()


def test_tray_beside_it(tree):
    """Whether the two share a file; what the tray depends on is large, and is not installed for that."""
    tree.install("old")
    (tree.path / "root/tray.deb").write_bytes(deb("old", "ocs-companion-tray").read_bytes())
    tree.run("dpkg", "--force-depends", "-i", "/root/tray.deb")
    assert (tree.path / "usr/bin/ocs-tray").exists()
    tree.run("dpkg", "--purge", "ocs-companion-tray")
    assert not (tree.path / "etc/xdg/autostart/org.ocscompanion.Tray-autostart.desktop").exists()


def test_signer_alone(tree):
    """On the server there is no agent."""
    (tree.path / "root/sign.deb").write_bytes(deb("old", "ocs-companion-sign").read_bytes())
    tree.run("dpkg", "-i", "/root/sign.deb")
    assert "0.1.0" in tree.run("ocs-sign", "--version")
    tree.run("dpkg", "--purge", "ocs-companion-sign")
    assert not (tree.path / "usr/bin/ocs-sign").exists()


def test_not_beside_the_perl_agent():
    assert "ocsinventory-agent" in subprocess.check_output(["dpkg-deb", "-f", deb("old"), "Conflicts"], text=True)


def test_in_the_place_of_the_perl_agent(tree):
    """Its folders as Debian leaves them when ours takes its place."""
    deviceid = f"{os.uname().nodename.split('.')[0]}-2025-01-02-03-04-05"
    state = tree.path / "var/lib/ocsinventory-agent/https:__ocs.test_ocsinventory"
    (state / "download").mkdir(parents=True)
    (state / "ocsinv.conf").write_text(f"<CONF>\n  <DEVICEID>{deviceid}</DEVICEID>\n  <PROLOG_FREQ>24</PROLOG_FREQ>\n</CONF>\n")
    (state / "download/history").write_text("1700000001\n")
    (state / "cacert.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    (tree.path / "etc/ocsinventory").mkdir()
    (tree.path / "etc/ocsinventory/ocsinventory-agent.cfg").write_text("server=https://ocs.test/ocsinventory\ntag=branch 17\n")
    said = tree.install("old")
    assert deviceid in said
    assert json.loads((tree.path / STATE / "identity.json").read_text())["deviceid"] == deviceid
    assert (tree.path / STATE / "history").read_text() == "1700000001\n"
    assert (tree.path / INI).read_text() == "[HTTP]\nServer=https://ocs.test/ocsinventory\n\n[OCS Companion]\nTAG=branch 17\n"
    assert mode(tree.path / INI) == "0o600"
    assert (tree.path / "etc/ocs-companion/cacert.pem").read_text() == "-----BEGIN CERTIFICATE-----\n"
    assert (state / "ocsinv.conf").exists()
