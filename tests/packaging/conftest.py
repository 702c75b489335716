# SPDX-License-Identifier: GPL-3.0-or-later
"""A Debian of its own for each test: a copy of the one that prepare.sh made, with and without a booted systemd."""
import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lab"))

import pytest  # noqa: E402
from lab import TestServer, wait_for, write_ini  # noqa: E402

WORK = Path(os.environ["OCS_PACKAGING_DIR"])
ENVIRONMENT = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "TERM=dumb"]
APT = ["apt-get", "-q", "-y", "-o", "Dpkg::Options::=--force-unsafe-io", "--no-install-recommends", "install"]
# How long anything may take on a machine that does much else. Nothing waits for less, and nothing that is well waits for so long.
PATIENCE = 300
STATE = "var/lib/ocs-companion"
INI = "etc/ocs-companion/ocsinventory.ini"


def mode(path):
    return oct(stat.S_IMODE(path.stat().st_mode))


def deb(version, name="ocs-companion"):
    return next((WORK / version).glob(name + "_*.deb"))


class Tree:
    """A Debian in a folder."""

    def __init__(self, folder):
        self.path = folder
        subprocess.run(["cp", "-a", WORK / "tree", folder], check=True)
        self.boot_process = None

    def run(self, *command, check=True):
        """Runs it in there and returns what it printed."""
        if self.boot_process:
            prefix = ["nsenter", "-t", str(self.systemd), "-m", "-p", "-u", "-i", "-C"]
        else:
            prefix = ["unshare", "--mount", "--pid", "--fork", "chroot", self.path]
            command = ["sh", "-c", 'mount -t proc proc /proc && exec "$@"', "sh", *command]
        done = subprocess.run([*prefix, *ENVIRONMENT, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              timeout=PATIENCE)
        assert not check or done.returncode == 0, done.stdout
        return done.stdout

    def install(self, version, *options):
        shutil.copy(deb(version), self.path / "root/ocs-companion.deb")
        return self.run("dpkg", *options, "-i", "/root/ocs-companion.deb")

    def install_archived(self, *names):
        """Packages of this Debian, without a network: prepare.sh has fetched them."""
        for package in (WORK / "archives").glob("*.deb"):
            shutil.copy(package, self.path / "var/cache/apt/archives")
        return self.run(*APT, *names)

    def boot(self):
        self.boot_process = subprocess.Popen([HERE / "boot.sh", self.path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                             stderr=subprocess.DEVNULL, start_new_session=True)
        children = Path(f"/proc/{self.boot_process.pid}/task/{self.boot_process.pid}/children")
        self.systemd = int(wait_for(lambda: children.read_text().split(), PATIENCE, "systemd")[0])
        wait_for(lambda: "systemd" in Path(f"/proc/{self.systemd}/exe").resolve().name, PATIENCE, "systemd")
        wait_for(lambda: self.run("systemctl", "is-system-running", check=False).strip() in ("running", "degraded"), PATIENCE,
                 "the boot")

    def power_off(self):
        """As if somebody pulled the plug."""
        if self.boot_process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.systemd, signal.SIGKILL)
            self.boot_process.wait(PATIENCE)
            self.boot_process = None

    def journal(self, *wanted):
        """All that was said until now: what lies in the journal's own queue is written first."""
        self.run("journalctl", "--sync", check=False)
        return self.run("journalctl", "--no-pager", *wanted, check=False)

    def said(self):
        return self.journal("-u", "ocs*")


@pytest.fixture
def tree(tmp_path):
    made = Tree(tmp_path / "tree")
    yield made
    made.power_off()
    shutil.rmtree(made.path)


@pytest.fixture
def server(tmp_path):
    with TestServer(tmp_path / "server") as running:
        running.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "TIMEOUT": "30", "EXECUTION_TIMEOUT": "120"})
        yield running


@pytest.fixture
def booted(tree, server):
    """Installed where no systemd runs, then booted, with a server to speak to."""
    tree.install("old")
    shutil.copy(server.ca, tree.path / "etc/ocs-companion/ca.pem")
    write_ini(tree.path / INI, Server=server.tls_url, CaBundle="ca.pem")
    tree.boot()
    return tree
