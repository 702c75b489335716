# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking the place of the Perl agent, and giving it back: Debian's own ocsinventory-agent as it is installed, in a mount namespace with
folders of its own, and the real server, whose rows must not multiply."""
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from lab import Lab, make_package, wait_for
from machine import WORKER, Machine

OLD = time.time() - 172800


@pytest.fixture(scope="module")
def lab():
    if os.geteuid() != 0:
        pytest.skip("the real parts need root")
    if not shutil.which("ocsinventory-agent") or not Path("/etc/apache2/conf-available/ocsinventory-server.conf").exists():
        pytest.skip("ocsinventory-agent or ocsinventory-server is not installed: run tests/install.sh lab peer")
    folder = Path(tempfile.mkdtemp(prefix="ocs-takeover.", dir="/tmp"))
    folder.chmod(0o755)
    running = Lab(folder, "--real")
    try:
        with running:
            for name in ("DOWNLOAD_FRAG_LATENCY", "DOWNLOAD_CYCLE_LATENCY", "DOWNLOAD_PERIOD_LATENCY", "FREQUENCY"):
                running.set_config(name, 0)
            running.set_config("DOWNLOAD", 1)
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class PerlAgent:
    """Its /etc/ocsinventory and /var/lib/ocsinventory-agent lie below root, everything else is the machine's."""

    def __init__(self, lab, root, **keys):
        self.lab, self.root = lab, Path(root)
        self.etc, self.var = self.root / "etc/ocsinventory", self.root / "var/lib/ocsinventory-agent"
        shutil.copytree("/etc/ocsinventory", self.etc, symlinks=True)
        self.var.mkdir(parents=True)
        self.configure(server=lab["OCS_URL"], **keys)
        self.folder = self.var / lab["OCS_URL"].replace("/", "_")
        self.folder.mkdir()
        shutil.copy(lab.ca, self.folder / "cacert.pem")

    def configure(self, **keys):
        (self.etc / "ocsinventory-agent.cfg").write_text("# by hand\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()))

    def run(self):
        environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        done = subprocess.run(
            ["unshare", "-m", "sh", "-ec",
             f"mount --bind {self.etc} /etc/ocsinventory; mount --bind {self.var} /var/lib/ocsinventory-agent; exec ocsinventory-agent"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, env=environment)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def deviceid(self):
        return (self.folder / "ocsinv.conf").read_text().split("<DEVICEID>")[1].split("<")[0]

    def prints(self):
        """What it has on disk."""
        return {str(path.relative_to(self.root)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
                for top in (self.etc, self.var) for path in sorted(top.rglob("*")) if path.is_file() and not path.is_symlink()}


def take_over(machine, root):
    return subprocess.run([WORKER, "--take-over", f"--config={machine.config}", f"--state-dir={machine.state}"],
                          env=dict(os.environ, OCS_INVENTORY_ROOT=str(root)), capture_output=True, text=True, timeout=60)


def deploy(lab, device, number, mark):
    """A package that says each time when it runs."""
    package = make_package(lab.package_dir(), number, {"go.sh": f"echo {number} >> {mark}\n"}, frags=1, mtime=OLD, priority=0, command="sh go.sh")
    lab.enable_package(package, device)
    return number


def runs(mark, number):
    return mark.read_text().split().count(str(number)) if mark.exists() else 0


def one_row(lab, deviceid):
    name = deviceid[:-20]
    return lab.sql(f"SELECT DEVICEID FROM hardware WHERE NAME='{name}' OR DEVICEID LIKE '{name}-%'") == [[deviceid]]


def test_there_and_back(lab, tmp_path):
    mark = tmp_path / "mark"
    perl = PerlAgent(lab, tmp_path / "root", tag="site-9")
    perl.run()
    deviceid = perl.deviceid()
    assert one_row(lab, deviceid)
    # Its first inventory told it nothing of the TAG: the server does so with the second.
    perl.run()
    first = deploy(lab, deviceid, 1700005001, mark)
    perl.run()
    wait_for(lambda: lab.result(first, deviceid) == "SUCCESS", 60, "the Perl agent's package")
    wait_for(lambda: not (perl.folder / f"download/{first}").exists(), 30, "the end of the Perl agent's downloads")
    # Run, and cut off before the server knew: it is offered again.
    cut = deploy(lab, deviceid, 1700005002, mark)
    (perl.folder / f"download/{cut}").mkdir()
    (perl.folder / f"download/{cut}/done").touch()
    before = perl.prints()

    machine = Machine(tmp_path / "machine")
    machine.config.unlink()
    said = take_over(machine, tmp_path / "root")
    assert said.returncode == 0, said.stderr
    assert deviceid in said.stdout and "2 packages" in said.stdout
    assert "SnmpScan" in said.stdout and "Modules::Download" not in said.stdout
    assert machine.identity() == deviceid
    assert (machine.config.parent / "cacert.pem").read_bytes() == Path(lab.ca).read_bytes()
    assert machine.config.stat().st_mode & 0o777 == 0o600
    assert take_over(machine, tmp_path / "root").stdout == "", "a second time there is nothing to do"

    second = deploy(lab, deviceid, 1700005003, mark)
    for _ in range(2):
        assert machine.once() == 0, machine.said()
    assert one_row(lab, deviceid)
    assert lab.result(second, deviceid) == "SUCCESS" and runs(mark, second) == 1
    assert lab.result(cut, deviceid).startswith("SUCCESS") and runs(mark, cut) == 0
    assert runs(mark, first) == 1
    assert lab.sql(f"SELECT TAG FROM accountinfo a JOIN hardware h ON h.ID=a.HARDWARE_ID WHERE h.DEVICEID='{deviceid}'") == [["site-9"]]
    known = {row[0] for row in lab.sql(f"SELECT PKG_ID FROM download_history t JOIN hardware h ON h.ID=t.HARDWARE_ID WHERE h.DEVICEID='{deviceid}'")}
    assert {str(first), str(second), str(cut)} <= known
    assert lab.sql(f"SELECT USERAGENT FROM hardware WHERE DEVICEID='{deviceid}'")[0][0].find("companion") > 0
    assert perl.prints() == before, "nothing of the Perl agent's was touched"

    # The way back.
    shutil.rmtree(perl.folder / f"download/{cut}")
    perl.run()
    assert perl.deviceid() == deviceid and one_row(lab, deviceid)
    third = deploy(lab, deviceid, 1700005004, mark)
    perl.run()
    wait_for(lambda: lab.result(third, deviceid) == "SUCCESS", 60, "the Perl agent's package after its return")
    assert [runs(mark, number) for number in (first, cut, second, third)] == [1, 0, 1, 1]
    assert one_row(lab, deviceid)
