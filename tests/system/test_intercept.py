# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy that nobody set up: a router sends everybody's http through its Squid. It is seen, named, and used."""
import os
import shutil
import subprocess
import sys

import pytest
from couriertest import COURIER
from lab import Lab, squid_totals
from peers import Origin, Server

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")


def run(*words):
    subprocess.run(words, check=True)


def build_site():
    """This namespace is the router, with server and Squid; "client" is the machine behind it."""
    run("mount", "-t", "tmpfs", "tmpfs", "/run/netns") if os.path.isdir("/run/netns") else run("mount", "-t", "tmpfs", "tmpfs", "/run")
    run("mount", "-t", "tmpfs", "tmpfs", "/dev/shm")
    run("ip", "link", "set", "lo", "up")
    run("ip", "netns", "add", "client")
    run("ip", "link", "add", "site", "type", "veth", "peer", "name", "eth0", "netns", "client")
    run("ip", "address", "add", "10.88.0.1/24", "dev", "site")
    run("ip", "link", "set", "site", "up")
    for words in ("address add 10.88.0.2/24 dev eth0", "link set eth0 up", "link set lo up"):
        run("ip", "-n", "client", *words.split())
    run("nft", "add table ip site")
    run("nft", "add chain ip site incoming { type nat hook prerouting priority -100; }")
    run("nft", "add rule ip site incoming tcp dport 80 redirect to :3129")


def inside(folder):
    from machine import Machine

    build_site()
    origin = Server(Origin, host="10.88.0.1", port=80)
    with Lab(folder / "lab", "--squid=plain", squid_extra="http_port 10.88.0.1:3129 intercept\nhttp_access allow all") as lab:
        machine = Machine(folder / "machine", Server="http://10.88.0.1/ocsinventory")
        arguments = machine.arguments
        machine.arguments = lambda *more: ["ip", "netns", "exec", "client", *arguments(*more)]
        with machine.start():
            outcome = machine.outcome(machine.call("Contact")["serial"])
            assert outcome["kind"] in ("contacted", "sent"), machine.said()
            proxy = machine.status()["proxy"]
            assert (proxy["kind"], proxy["why"]) == ("none", "none") and "squid" in proxy["intercepted"], proxy
            assert origin.log and sum(squid_totals(lab.squid()[1])["codes"].values()) > 0
            # The rule is taken away, and so is what is shown.
            run("nft", "flush ruleset")
            # A connection that was kept still goes by the Squid; a new courier has none.
            machine.stop()
            machine.start()
            machine.outcome(machine.call("Contact")["serial"])
            assert "intercepted" not in machine.status()["proxy"], machine.status()["proxy"]


def test_intercepting_squid(tmp_path):
    needed = [name for name in ("unshare", "ip", "nft", "squid") if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")]
    if os.geteuid() != 0 or needed:
        pytest.skip(f"needs root and {', '.join(needed) or 'namespaces'}: run tests/lab/lab.sh install")
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents:
        if parent.name.startswith("ocs-test."):
            parent.chmod(0o755)
    code = f"import sys; sys.path[:0] = {sys.path!r}; import test_intercept; from pathlib import Path; test_intercept.inside(Path({str(tmp_path)!r}))"
    done = subprocess.run(["unshare", "-n", "-m", sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=150, check=False)
    assert done.returncode == 0, done.stdout
