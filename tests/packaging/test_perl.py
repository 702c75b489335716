# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's own Perl agent, really installed and known to a server, and apt in between: there and back as the same row."""
import json
import shutil

from conftest import APT, INI, STATE, deb

CFG = "etc/ocsinventory/ocsinventory-agent.cfg"
OURS = ["/usr/libexec/ocs-companion/ocs-worker", "--once", "--spawn-courier", "--courier-user=_ocs-courier", "--runtime-dir=/tmp/ocs-once"]


def install_ours(tree):
    shutil.copy(deb("old"), tree.path / "root/ocs-companion.deb")
    return tree.run(*APT, "/root/ocs-companion.deb")


def status(tree, name):
    return tree.run("dpkg-query", "-W", "-f", "${db:Status-Status}", name, check=False)


def files_of(folder):
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def perl_contact(tree):
    tree.run("ocsinventory-agent", "--force", "--nosoftware", "--wait=0")


def test_there_and_back(tree, server):
    tree.install_archived("ocsinventory-agent")
    (tree.path / CFG).write_text(f"server={server.url}\ntag=branch 17\nlogfile=/var/log/ocsinventory-client.log\n")
    perl_contact(tree)
    deviceid = next(iter(server.devices()))
    state = tree.path / "var/lib/ocsinventory-agent"
    folder = next(file.parent for file in state.rglob("ocsinv.conf"))
    (folder / "download").mkdir(exist_ok=True)
    (folder / "download/history").write_text("1700000001\n")
    before, cfg = files_of(state), (tree.path / CFG).read_text()

    said = install_ours(tree)
    assert status(tree, "ocsinventory-agent") == "config-files" and deviceid in said
    assert files_of(state) == before and (tree.path / CFG).read_text() == cfg, "the Perl agent's files stay as they are"
    assert json.loads((tree.path / STATE / "identity.json").read_text())["deviceid"] == deviceid
    assert (tree.path / STATE / "history").read_text() == "1700000001\n"
    assert f"Server={server.url}\n" in (tree.path / INI).read_text()
    requests = len(server.log("/ocsinventory"))
    tree.run(*OURS)
    assert list(server.devices()) == [deviceid] and len(server.log("/ocsinventory")) > requests

    tree.run(*APT, "ocsinventory-agent")
    assert status(tree, "ocs-companion") == "config-files"
    requests = len(server.log("/ocsinventory"))
    perl_contact(tree)
    assert list(server.devices()) == [deviceid] and len(server.log("/ocsinventory")) > requests


def test_as_debian_leaves_it(tree):
    """It writes local= and no server: that is no set-up of ours, and no local mode."""
    tree.install_archived("ocsinventory-agent")
    said = install_ours(tree)
    assert "no server set" in said, said
    assert not (tree.path / INI).exists()
