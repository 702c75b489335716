# SPDX-License-Identifier: GPL-3.0-or-later
"""A file system that does not answer any more (FUSE, its program stopped): that one section is left out and said, the rest is sent."""
import os
import shutil
import signal
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from lab import wait_for
from machine import WORKER

MACHINES = Path(__file__).resolve().parent.parent / "machines"


@pytest.fixture
def stuck(tmp_path):
    """The root of a captured machine whose dpkg folder hangs."""
    if not shutil.which("bindfs") or os.geteuid() != 0 or not os.access("/dev/fuse", os.W_OK):
        pytest.skip("bindfs, root and /dev/fuse are needed: run tests/install.sh lab")
    root = tmp_path / "root"
    shutil.copytree(MACHINES / "debian-vm", root, symlinks=True)
    folder, behind = root / "var/lib/dpkg", tmp_path / "behind"
    folder.rename(behind)
    folder.mkdir()
    process = subprocess.Popen(["bindfs", "-f", behind, folder], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_for(lambda: os.path.ismount(folder) or process.poll() is not None, 10, "the mount")
        if process.poll() is not None:
            pytest.skip(f"bindfs cannot mount here: {process.stderr.read().decode()}")
        process.send_signal(signal.SIGSTOP)
        yield root
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            process.wait(10)
        subprocess.run(["umount", "-l", folder], stderr=subprocess.DEVNULL, check=False)


@pytest.mark.skipif(b"__asan_init" in Path(WORKER).read_bytes(), reason="the leak checker waits for the thread that hangs")
def test_one_section_is_left_out(stuck, tmp_path):
    ini = tmp_path / "ocsinventory.ini"
    ini.write_text("[HTTP]\n")
    done = subprocess.run([WORKER, f"--config={ini}", "--print-inventory", "--debug"], env=dict(os.environ, OCS_INVENTORY_ROOT=str(stuck)),
                          capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    sections = {entry.tag for entry in ElementTree.fromstring(done.stdout).find("CONTENT")}
    assert "SOFTWARES" not in sections
    assert {"HARDWARE", "BIOS", "CPUS", "DRIVES", "LOCAL_USERS"} <= sections
    assert "SOFTWARES: left out" in done.stderr, done.stderr
