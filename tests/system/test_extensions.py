# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of the administrator that add to the inventory: run only when switched on and only when they are root's."""
import os
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest
from machine import WORKER

XML = "#!/bin/sh\necho '<CONTENT><SOFTWARES><NAME>own tool</NAME></SOFTWARES><UPTIME><DAYS>3</DAYS></UPTIME></CONTENT>'\n"
LINES = "#!/bin/sh\necho 'Example#Old Tool#1.2#as the Perl agent'\n"


@pytest.fixture
def machine(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("such programs are root's")

    def collect(enabled=1):
        ini = tmp_path / "ocsinventory.ini"
        ini.write_text(f"[OCS Companion]\nExtensions={enabled}\n")
        done = subprocess.run([WORKER, f"--config={ini}", "--print-inventory"], env=dict(os.environ, OCS_INVENTORY_ROOT=str(tmp_path / "root")),
                              capture_output=True, text=True, timeout=100)
        assert done.returncode == 0, done.stderr
        content = ElementTree.fromstring(done.stdout).find("CONTENT")
        return [(entry.tag, [field.text for field in entry]) for entry in content if entry.tag in ("SOFTWARES", "UPTIME")], done.stderr

    def put(path, text, mode=0o755):
        file = tmp_path / "root" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)
        return file
    collect.put = put
    return collect


def test_both_kinds(machine):
    machine.put("etc/ocs-companion/sections.d/own", XML)
    machine.put("etc/ocsinventory/softwares/tool.sh", LINES)
    found, said = machine()
    assert found == [("SOFTWARES", ["Example", "Old Tool", "1.2", "as the Perl agent"]), ("SOFTWARES", ["own tool"]), ("UPTIME", ["3"])]
    assert "EXTENSIONS" not in said


def test_off_by_default(machine):
    machine.put("etc/ocs-companion/sections.d/own", XML)
    assert machine(0)[0] == []


def test_only_roots(machine, tmp_path):
    trace = tmp_path / "trace"
    run = f"#!/bin/sh\necho ran >> {trace}\n"
    machine.put("etc/ocs-companion/sections.d/writable", run, 0o775)
    os.chown(machine.put("etc/ocs-companion/sections.d/foreign", run), 1000, 0)
    machine.put("etc/ocs-companion/sections.d/link", "").unlink()
    (tmp_path / "root/etc/ocs-companion/sections.d/link").symlink_to(machine.put("srv/program", run))
    machine.put("etc/ocs-companion/sections.d/off", run, 0o644)
    machine.put("etc/ocs-companion/sections.d/old.dpkg-old", run)
    machine.put("etc/ocsinventory/softwares/tool", run).parent.chmod(0o777)
    found, said = machine()
    assert found == [] and not trace.exists()
    for name in ("writable", "foreign", "link"):
        assert f"sections.d/{name}: skipped" in said
    assert "/etc/ocsinventory/softwares: skipped" in said
    assert "off" not in said and "dpkg-old" not in said


def test_what_goes_wrong_is_said(machine):
    machine.put("etc/ocs-companion/sections.d/1-fails", "#!/bin/sh\nexit 4\n")
    machine.put("etc/ocs-companion/sections.d/2-babbles", "#!/bin/sh\necho usage: something\n")
    machine.put("etc/ocs-companion/sections.d/3-hangs", "#!/bin/sh\nsleep 1000\n")
    machine.put("etc/ocs-companion/sections.d/4-works", XML)
    found, said = machine()
    assert ("UPTIME", ["3"]) in found
    assert "1-fails: it failed (exit status 4)" in said and "2-babbles" in said and "3-hangs: it took too long" in said
