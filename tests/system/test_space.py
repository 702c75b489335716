# SPDX-License-Identifier: GPL-3.0-or-later
"""Disk and memory: a package that does not fit waits and says so, one that is large needs no more memory than a small one, and what is
left over goes."""
import hashlib
import io
import json
import os
import subprocess
import tarfile
import threading
import time

import pytest
from lab import make_archive, make_package, wait_for

ID = "1700000001"
GIB = 1024 ** 3


def can_mount(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mount")
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder], capture_output=True).returncode != 0:
        return False
    subprocess.run(["umount", folder], check=True)
    return True


@pytest.fixture
def small_disk(tmp_path_factory, machine):
    """A file system of its own for the state, of a size that can change."""
    if not can_mount(tmp_path_factory):
        pytest.skip("needs root and the right to mount a tmpfs")
    machine.state.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "none", machine.state], check=True)

    def resize(megabytes):
        subprocess.run(["mount", "-o", f"remount,size={megabytes}m", machine.state], check=True)
    yield resize
    machine.stop()
    subprocess.run(["umount", "-l", machine.state], check=True)


def settings(machine, server, **keys):
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca}, OCS_Companion=keys)


def offer(server, tmp_path, size=8_000_000, frags=4):
    package = make_package(tmp_path / "packages", ID, archive=make_archive({"x": os.urandom(size)}), frags=frags, command="true")
    server.add_package(package)
    return package


def due_now(machine):
    """What waits for its next try does so at the next start."""
    path = machine.state / "packages" / ID / "state.json"
    journal = json.loads(path.read_text())
    journal["retry_at"] = 0
    path.write_text(json.dumps(journal))


def test_does_not_fit(server, machine, tmp_path, small_disk):
    settings(machine, server, KeepFree=1)
    assert machine.once() == 0, machine.said()
    offer(server, tmp_path)
    with machine.start():
        reason = wait_for(lambda: (machine.package(ID) or {}).get("reason"), what="a reason")
        assert reason["code"] == "no-space" and "free some disk space" in reason["message"]
        assert server.bytes_sent(f"/download/{ID}/{ID}-*") < 4_000_000, "it is said before the line is used for all of it"
        assert not (machine.state / "packages" / ID / f"{ID}-1").exists()
    assert server.result(ID) in ("NOTIFIED", None), "an earlier report would end the offer"
    small_disk(40)
    due_now(machine)
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"


def test_fills_up_meanwhile(server, machine, tmp_path, small_disk):
    settings(machine, server, KeepFree=0)
    small_disk(40)
    assert machine.once() == 0, machine.said()
    package = offer(server, tmp_path, frags=1)
    server.rule(f"/download/{ID}/{ID}-1", rate=4_000_000)
    with machine.start():
        part = machine.state / "packages" / ID / f"{ID}-1.part"
        wait_for(lambda: part.exists() and part.stat().st_size > 1_000_000, what="some bytes")
        small_disk(4)
        reason = wait_for(lambda: (machine.package(ID) or {}).get("reason"), 30, what="a reason")
        assert reason["code"] == "no-space", reason
    assert server.result(ID) in ("NOTIFIED", None)
    small_disk(40)
    server.clear_rules()
    due_now(machine)
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"
    last = server.log(f"/download/{ID}/{ID}-1")[-1]
    assert last["sent"] < package["size"], "it went on from what was there"


def test_quota(server, machine, tmp_path):
    settings(machine, server, PackageQuota=4)
    assert machine.once() == 0
    offer(server, tmp_path)
    with machine.start():
        reason = wait_for(lambda: (machine.package(ID) or {}).get("reason"), what="a reason")
        assert reason["code"] == "no-space" and "PackageQuota=" in reason["message"]
    settings(machine, server, PackageQuota=40)
    due_now(machine)
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"


def test_what_is_left_over_goes(server, machine, tmp_path):
    assert machine.once() == 0
    stray = machine.state / "packages" / "1699999999"
    stray.mkdir()
    (stray / "1699999999-1").write_bytes(b"x" * 1000)
    offer(server, tmp_path, size=1000)
    assert machine.once() == 0
    assert not stray.exists(), "a folder without a journal is of no package"
    assert sorted(path.name for path in (machine.state / "packages" / ID).iterdir()) == ["output", "state.json"]


def sparse_package(tmp_path, size):
    """The first bytes of a package of that size, of which the rest is holes, and its digest."""
    head = io.BytesIO()
    with tarfile.open(fileobj=head, mode="w") as archive:
        script = f"echo ran > {tmp_path}/mark\n".encode()
        member = tarfile.TarInfo("setup.sh")
        member.size = len(script)
        archive.addfile(member, io.BytesIO(script))
    first = head.getvalue()
    digest, zeros = hashlib.sha1(first), bytes(64 * 1024 * 1024)
    left = size - len(first)
    while left > 0:
        digest.update(zeros[:min(left, len(zeros))])
        left -= min(left, len(zeros))
    return first, digest.hexdigest()


def peak_of(pid, peaks):
    """The largest resident memory of a process and its children while it lives."""
    while True:
        try:
            tree = [pid] + [int(child) for child in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()]
            for one in tree:
                status = dict(line.split(":", 1) for line in open(f"/proc/{one}/status") if ":" in line)
                if "VmHWM" in status:
                    name = status["Name"].strip()
                    peaks[name] = max(peaks.get(name, 0), int(status["VmHWM"].split()[0]))
        except (FileNotFoundError, ProcessLookupError):
            pass
        if not os.path.exists(f"/proc/{pid}"):
            return
        time.sleep(0.1)


def test_large_package_in_little_memory(server, machine, tmp_path, capsys):
    """GiB of holes (10 with OCS_SPARSE_GIB=10): verified and run out of its fragments, without an assembled copy."""
    size, frags = int(os.environ.get("OCS_SPARSE_GIB", "2")) * GIB, 8
    settings(machine, server, KeepFree=0)
    assert machine.once() == 0
    first, digest = sparse_package(tmp_path, size)
    server.rule(f"/download/{ID}/{ID}-*", status=503)
    package = make_package(tmp_path / "packages", ID, archive=b"to come", frags=frags, command="sh setup.sh", DIGEST=digest, DIGEST_ALGO="SHA1")
    server.add_package(package)
    assert machine.once() == 0
    # Put on disk as if it had been fetched: the line is not what this is about.
    for number in range(1, frags + 1):
        with open(machine.state / "packages" / ID / f"{ID}-{number}", "wb") as fragment:
            if number == 1:
                fragment.write(first)
            fragment.truncate(size // frags)
    due_now(machine)
    # What it unpacks to is a few bytes; that it might be as much again would need a real disk.
    free = os.statvfs(machine.state)
    if free.f_bavail * free.f_frsize < size:
        pytest.skip(f"the check of the space needs {size >> 30} GiB free")
    peaks = {}
    machine.begin_once()
    watcher = threading.Thread(target=peak_of, args=(machine.process.pid, peaks))
    watcher.start()
    assert machine.end_once(300) == 0
    watcher.join()
    with capsys.disabled():
        print(f"\n  {size >> 30} GiB in {frags} fragments: " + ", ".join(f"{name} {peak / 1024:.1f} MiB" for name, peak in peaks.items()))
    assert server.result(ID) == "SUCCESS", machine.said()
    assert (tmp_path / "mark").exists()
    assert max(peaks.values()) < 40 * 1024
