# SPDX-License-Identifier: GPL-3.0-or-later
"""IPDISCOVER in a network namespace of the test's own: neighbours that are there are found, and nobody is looked for behind a tunnel."""
import json
import os
import subprocess
import time

import pytest
from couriertest import unprivileged
from lab import wait_for
from machine import Varlink

COURIER = os.environ.get("OCS_COURIER", "ocs-courier")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout


@pytest.fixture
def site(tmp_path):
    """Two namespaces on one line: ours, and one with two neighbours."""
    if os.geteuid() != 0:
        pytest.skip("namespaces need root")
    ours, theirs = f"ocs-a-{os.getpid()}", f"ocs-b-{os.getpid()}"
    try:
        run("ip", "netns", "add", ours)
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip("no network namespace can be made here")
    try:
        run("ip", "netns", "add", theirs)
        run("ip", "-n", ours, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", theirs)
        for name in (ours, theirs):
            run("ip", "-n", name, "link", "set", "lo", "up")
            run("ip", "-n", name, "link", "set", "eth0", "up")
        run("ip", "-n", ours, "addr", "add", "192.0.2.7/26", "dev", "eth0")
        run("ip", "-n", theirs, "link", "set", "eth0", "address", "00:16:3e:00:00:01")
        for last in (1, 20):
            run("ip", "-n", theirs, "addr", "add", f"192.0.2.{last}/26", "dev", "eth0")
        yield ours
    finally:
        for name in (ours, theirs):
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)


def listens(path):
    try:
        with Varlink(path):
            return True
    except OSError:
        return False


@pytest.fixture
def courier(site, tmp_path):
    arguments, options = unprivileged(tmp_path, [COURIER, "--role=bulk", f"--runtime-dir={tmp_path}"])
    nobody = ["setpriv", f"--reuid={options['user']}", f"--regid={options['group']}", "--clear-groups"]
    process = subprocess.Popen(["ip", "netns", "exec", site, *nobody, *arguments], stdin=subprocess.DEVNULL, pass_fds=options["pass_fds"])
    try:
        wait_for(lambda: listens(tmp_path / "courier-bulk.sock"), 20, "the courier's socket")
        yield tmp_path / "courier-bulk.sock"
    finally:
        process.terminate()
        process.wait(20)


def scan(path, **more):
    search = {"network": "192.0.2.0", "prefix": 26, "address": "192.0.2.7", "from": ["192.0.2.7"], "gap": 20, "server_host": "192.0.2.1",
              "server_port": 80}
    with Varlink(path, timeout=100) as link:
        return link.call("org.ocscompanion.Courier.Scan", {**search, **more})["hosts"]


def test_neighbours_are_found(courier):
    start = time.monotonic()
    hosts = scan(courier)
    assert {host["ip"]: host["mac"] for host in hosts} == {"192.0.2.1": "00:16:3e:00:00:01", "192.0.2.20": "00:16:3e:00:00:01"}, json.dumps(hosts)
    assert time.monotonic() - start > 62 * 0.020, "no faster than it was told"


def test_never_where_the_server_is_behind_a_tunnel(courier, site):
    run("ip", "-n", site, "link", "add", "vpn", "type", "bridge")
    run("ip", "-n", site, "addr", "add", "10.8.0.2/24", "dev", "vpn")
    run("ip", "-n", site, "link", "set", "vpn", "up")
    with pytest.raises(Exception, match="through a VPN"):
        scan(courier, server_host="10.8.0.1")
    assert "192.0.2.1" not in run("ip", "-n", site, "neigh"), "nobody was asked for"


def test_not_where_the_way_is_unknown(courier):
    with pytest.raises(Exception, match="not known"):
        scan(courier, server_host="server.invalid")


@pytest.mark.parametrize("odd", [{"prefix": 16}, {"prefix": 31}, {"network": "::"}, {"network": "x"}, {"server_host": None}])
def test_odd_networks(courier, odd):
    with pytest.raises(Exception, match="from /20 to /30"):
        scan(courier, **odd)
