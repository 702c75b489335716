# SPDX-License-Identifier: GPL-3.0-or-later
"""IPDISCOVER against Debian's OCS server, all of it in a network namespace of the test's own: elected in the database, the machine looks at
its network, and the server's table of neighbours has who is there."""
import os
import subprocess
import sys

import pytest
from test_real import lab, new_machine, rows  # noqa: F401 (fixtures)

INSIDE = os.environ.get("OCS_TEST_NAMESPACE")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout


@pytest.mark.skipif(bool(INSIDE), reason="the outer part")
def test_in_a_namespace():
    if os.geteuid() != 0:
        pytest.skip("namespaces need root")
    ours, theirs = f"ocs-c-{os.getpid()}", f"ocs-d-{os.getpid()}"
    try:
        run("ip", "netns", "add", ours)
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip("no network namespace can be made here")
    try:
        run("ip", "netns", "add", theirs)
        run("ip", "-n", ours, "link", "add", "br0", "type", "bridge")
        run("ip", "-n", ours, "link", "add", "port", "type", "veth", "peer", "name", "eth0", "netns", theirs)
        run("ip", "-n", ours, "link", "set", "port", "master", "br0")
        run("ip", "-n", theirs, "link", "set", "eth0", "address", "00:16:3e:00:00:01")
        for space, names in ((ours, ("lo", "port", "br0")), (theirs, ("lo", "eth0"))):
            for name in names:
                run("ip", "-n", space, "link", "set", name, "up")
        run("ip", "-n", ours, "addr", "add", "192.0.2.7/27", "dev", "br0")
        run("ip", "-n", theirs, "addr", "add", "192.0.2.20/27", "dev", "eth0")
        done = subprocess.run(["ip", "netns", "exec", ours, sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__],
                              env=dict(os.environ, OCS_TEST_NAMESPACE="1"), capture_output=True, text=True, timeout=280)
        assert done.returncode == 0, done.stdout[-4000:]
    finally:
        for name in (ours, theirs):
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)


@pytest.mark.skipif(not INSIDE, reason="the inner part")
def test_neighbours_in_the_database(lab, new_machine):  # noqa: F811
    machine = new_machine()
    assert machine.once() == 0, machine.said()
    number = rows(lab, "bios", machine.identity(), "h.ID")[0][0]
    lab.sql(f"INSERT INTO devices (HARDWARE_ID, NAME, IVALUE, TVALUE, COMMENTS) VALUES ({number}, 'IPDISCOVER', 2, '192.0.2.0', '')")
    assert machine.once(timeout=100) == 0, machine.said()
    assert lab.sql("SELECT IP, MAC, MASK, NETID FROM netmap") == [["192.0.2.20", "00:16:3e:00:00:01", "255.255.255.224", "192.0.2.0"]], machine.said()
    # Not where it is not the administrator's network.
    lab.sql("DELETE FROM netmap")
    machine.ini(HTTP={"Server": lab["OCS_URL"]}, OCS_Companion={"SiteNetworks": "10.0.0.0/8"})
    assert machine.once(timeout=100) == 0, machine.said()
    assert lab.sql("SELECT IP FROM netmap") == []
    assert "not one of SiteNetworks=" in machine.said()
