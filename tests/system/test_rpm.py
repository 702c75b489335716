# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that the real rpm has installed into a database of its own, beside what rpm itself says of them."""
import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timezone

import pytest
from machine import WORKER

SPEC = """Name: {name}
Version: {version}
Release: 1
Summary: Größe für Prüfungen
License: GPL
Vendor: Example
BuildArch: noarch
%description
x
%install
mkdir -p %{{buildroot}}/usr/share/{name}
for i in $(seq {files}); do echo $i >%{{buildroot}}/usr/share/{name}/a-file-with-a-name-that-is-rather-long-$i; done
%files
/usr/share/{name}
"""
# The third has a header of many pages.
PACKAGES = [("first", "1.0", 3), ("second", "2~rc1", 1), ("third", "3", 1500)]
FORMAT = "%{NAME}|%{VERSION}-%{RELEASE}|%{VENDOR}|%{SUMMARY}|%{SIZE}|%{INSTALLTIME}|%{ARCH}\\n"


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, **options).stdout


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    if not shutil.which("rpmbuild"):
        pytest.skip("rpm is not installed")
    folder = tmp_path_factory.mktemp("rpmbuild")
    for name, version, files in PACKAGES:
        (folder / f"{name}.spec").write_text(SPEC.format(name=name, version=version, files=files))
        run("rpmbuild", "--define", f"_topdir {folder}", "-bb", folder / f"{name}.spec", env=dict(os.environ, HOME=str(folder)))
    return sorted((folder / "RPMS").glob("*/*.rpm"))


def rpm(root, *arguments):
    return run("rpm", "--dbpath", f"{root}/var/lib/rpm", "--define", "_db_backend sqlite", *arguments, env=dict(os.environ, HOME=str(root)))


def inventory(root, tmp_path):
    ini = tmp_path / "ocsinventory.ini"
    ini.write_text("[HTTP]\n")
    text = run(WORKER, f"--config={ini}", "--print-inventory", env=dict(os.environ, OCS_INVENTORY_ROOT=str(root), TZ="UTC"))
    return [{field.tag: field.text for field in entry} for entry in ElementTree.fromstring(text).iter("SOFTWARES")]


def expected(root):
    lines = []
    for line in rpm(root, "-qa", "--qf", FORMAT).splitlines():
        name, version, vendor, summary, size, installed, arch = line.split("|")
        when = datetime.fromtimestamp(int(installed), timezone.utc).strftime("%Y/%m/%d %H:%M:%S")
        lines.append({"NAME": name, "VERSION": version, "PUBLISHER": vendor, "COMMENTS": summary, "FILESIZE": size, "INSTALLDATE": when,
                      "ARCHITECTURE": arch})
    return sorted(lines, key=lambda entry: entry["NAME"])


def test_what_rpm_installed(packages, tmp_path):
    root = tmp_path / "root"
    (root / "var/lib/rpm").mkdir(parents=True)
    rpm(root, "-i", "--justdb", "--nodeps", "--ignorearch", *packages)
    found = inventory(root, tmp_path)
    assert [entry["NAME"] for entry in found] == ["first", "second", "third"]
    assert found == expected(root)
    rpm(root, "-e", "--justdb", "--nodeps", "second")
    assert inventory(root, tmp_path) == expected(root) and len(expected(root)) == 2


def test_what_stands_in_the_log_only(packages, tmp_path):
    """The database of a machine that went down in the middle of things: what was committed counts."""
    root = tmp_path / "root"
    (root / "var/lib/rpm").mkdir(parents=True)
    rpm(root, "-i", "--justdb", "--nodeps", packages[0])
    # A reader that stays keeps what follows in the log.
    reader = subprocess.Popen(["python3", "-c", "import sqlite3, sys\nd = sqlite3.connect(sys.argv[1])\n"
                               "d.execute('BEGIN'); d.execute('SELECT count(*) FROM Packages').fetchone()\nprint('ready', flush=True)\nsys.stdin.read()",
                               root / "var/lib/rpm/rpmdb.sqlite"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert reader.stdout.readline().strip() == "ready"
        rpm(root, "-i", "--justdb", "--nodeps", *packages[1:])
        assert (root / "var/lib/rpm/rpmdb.sqlite-wal").stat().st_size > 0
        assert [entry["NAME"] for entry in inventory(root, tmp_path)] == ["first", "second", "third"]
    finally:
        reader.communicate()


def test_damaged(packages, tmp_path):
    root = tmp_path / "root"
    (root / "var/lib/rpm").mkdir(parents=True)
    rpm(root, "-i", "--justdb", "--nodeps", *packages)
    path = root / "var/lib/rpm/rpmdb.sqlite"
    path.write_bytes(path.read_bytes()[:8192])
    assert inventory(root, tmp_path) == []
