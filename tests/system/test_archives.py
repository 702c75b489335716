# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives of every kind through the whole line: what they may be, what is tamed, and what is refused with nothing written elsewhere."""
import io
import os
import stat
import struct
import subprocess
import tarfile
import zipfile

import pytest
from lab import make_package

ID = "1700000001"


@pytest.fixture
def store(server, machine, tmp_path):
    """Has an archive stored; gives the result and the folder."""
    def do(archive, path=None):
        target = tmp_path / "target"
        assert machine.once() == 0, machine.said()
        server.add_package(make_package(tmp_path / "packages", ID, archive=archive, action="STORE", path=str(path or target), frags=3))
        assert machine.once() == 0, machine.said()
        assert not (machine.state / "packages" / ID / "run").exists()
        return server.result(ID), target
    return do


def entry(name, data=b"", **members):
    made = tarfile.TarInfo(name)
    made.size = len(data)
    for key, value in members.items():
        setattr(made, key, value)
    return made, data


def tar(*entries, mode="w:gz", form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as archive:
        for member, data in entries:
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def zip_of(*entries):
    """(name, bytes) or (name, bytes, mode)"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data, *mode in entries:
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            info.external_attr = (mode[0] if mode else 0o100644) << 16
            archive.writestr(info, data)
    return out.getvalue()


def link(name, target):
    return entry(name, type=tarfile.SYMTYPE, linkname=target)


def hard(name, target):
    return entry(name, type=tarfile.LNKTYPE, linkname=target)


REFUSED = {
    "up": lambda out: tar(entry(f"../../../../../../../../{out}/stolen", b"x")),
    "up in the middle": lambda out: tar(entry("a/../../../../../../../../b", b"x")),
    "absolute": lambda out: tar(entry(f"{out}/stolen", b"x")),
    "absolute folder": lambda out: tar(entry(f"{out}/made", type=tarfile.DIRTYPE)),
    "link out": lambda out: tar(link("l", str(out))),
    "link out, then through it": lambda out: tar(link("l", str(out)), entry("l/stolen", b"x")),
    "link up": lambda out: tar(link("l", "../../..")),
    "link, a folder, a file": lambda out: tar(link("l", str(out)), entry("l", type=tarfile.DIRTYPE), entry("l/stolen", b"x")),
    "file, then a link of its name": lambda out: tar(entry("f", b"x"), link("f", f"{out}/stolen"), entry("f", b"y")),
    "hard link out": lambda out: tar(hard("h", "/etc/passwd")),
    "hard link up": lambda out: tar(hard("h", "../order.json")),
    "hard link to a link": lambda out: tar(entry("d", type=tarfile.DIRTYPE), link("d/l", "../x"), hard("h", "d/l"), entry("h", b"x")),
    "character device": lambda out: tar(entry("c", type=tarfile.CHRTYPE, devmajor=1, devminor=3)),
    "block device": lambda out: tar(entry("b", type=tarfile.BLKTYPE, devmajor=8, devminor=0)),
    "pipe": lambda out: tar(entry("p", type=tarfile.FIFOTYPE)),
    "long names up": lambda out: tar(entry("x" * 200 + f"/../../../../../../../../{out}/stolen", b"x"), form=tarfile.GNU_FORMAT),
    "pax path up": lambda out: tar(entry("fine", b"x", pax_headers={"path": f"../../../../../../../..{out}/stolen"})),
    "pax link out": lambda out: tar(entry("l", type=tarfile.SYMTYPE, linkname="fine", pax_headers={"linkpath": str(out)}), entry("l/stolen", b"x")),
    "zip up": lambda out: zip_of((f"../../../../../../../..{out}/stolen", b"x")),
    "zip absolute": lambda out: zip_of((f"{out}/stolen", b"x")),
    "zip link": lambda out: zip_of(("l", str(out).encode(), 0o120777), ("l/stolen", b"x")),
    "no archive": lambda out: b"#!/bin/sh\ntouch stolen\n",
    "nothing in a gzip": lambda out: __import__("gzip").compress(b""),
    "half a tar": lambda out: tar(entry("a", os.urandom(100_000)))[:50_000],
    "half a zip": lambda out: zip_of(("a", os.urandom(100_000)))[:50_000],
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused(store, tmp_path, kind):
    out = tmp_path / "elsewhere"
    out.mkdir()
    result, target = store(REFUSED[kind](out))
    assert result == "ERR_UNZIP"
    assert not list(out.iterdir())
    assert not target.exists(), "nothing is stored of an archive that is refused"


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.xz", "tar.zst", "zip"])
def test_forms(store, tmp_path, kind):
    members = [entry("dir", type=tarfile.DIRTYPE, mode=0o755), entry("dir/.hidden", b"h" * 3000, mode=0o640), entry("run.sh", b"#!", mode=0o755),
               link("dir/up", "../run.sh")]
    plain = tar(*members, mode="w")
    archive = {"tar": plain, "tar.gz": tar(*members), "tar.xz": tar(*members, mode="w:xz"),
               "zip": zip_of(("dir/.hidden", b"h" * 3000, 0o100640), ("run.sh", b"#!", 0o100755), ("dir/up", b"../run.sh", 0o120777))}.get(kind)
    if archive is None:
        # Into a file: for a pipe it fills up the last block.
        subprocess.run(["bsdtar", "-cf", tmp_path / "a.tar.zst", "--zstd", "@-"], input=plain, check=True)
        archive = (tmp_path / "a.tar.zst").read_bytes()
    result, target = store(archive)
    assert result == "SUCCESS"
    assert (target / "dir/.hidden").read_bytes() == b"h" * 3000 and os.readlink(target / "dir/up") == "../run.sh"
    assert stat.S_IMODE((target / "run.sh").stat().st_mode) == 0o755
    assert stat.S_IMODE((target / "dir/.hidden").stat().st_mode) == 0o640


def test_no_rights_come_along(store):
    """Neither set-id bits nor owners, capabilities, ACLs or flags: who may do what is for the machine to say."""
    capability = struct.pack("<IIIII", 0x02000001, 0xffffffff, 0, 0, 0).decode("latin-1")
    pax = {"SCHILY.xattr.security.capability": capability, "SCHILY.xattr.user.note": "x", "SCHILY.acl.access": "user::rwx,user:65534:rwx,group::r-x,"
           "mask::rwx,other::r-x", "SCHILY.fflags": "immutable", "LIBARCHIVE.xattr.user.other": "eA=="}
    result, target = store(tar(entry("tool", b"x", mode=0o6755, uid=65534, gid=65534, uname="nobody", gname="nogroup", pax_headers=pax),
                               entry("dir", type=tarfile.DIRTYPE, mode=0o7777, uid=65534), hard("twin", "tool")))
    assert result == "SUCCESS"
    for name in ("tool", "twin", "dir"):
        info = (target / name).stat()
        assert info.st_mode & 0o7000 == 0 and info.st_uid == os.geteuid(), name
        assert os.listxattr(target / name) == [], name


def test_a_file_of_terabytes_that_is_a_hole(store, tmp_path):
    """It takes no more on disk where it is stored than where it came from."""
    (tmp_path / "sparse").mkdir()
    with open(tmp_path / "sparse/image", "wb") as stream:
        stream.write(b"head")
        stream.seek(3 << 40)
        stream.write(b"tail")
        stream.truncate((3 << 40) + (1 << 20))
    archive = subprocess.run(["tar", "-C", tmp_path / "sparse", "-cSzf", "-", "image"], stdout=subprocess.PIPE, check=True).stdout
    result, target = store(archive)
    assert result == "SUCCESS"
    info = (target / "image").stat()
    assert info.st_size == (3 << 40) + (1 << 20) and info.st_blocks * 512 < 1 << 20
    with open(target / "image", "rb") as stream:
        assert stream.read(4) == b"head"
        stream.seek(3 << 40)
        assert stream.read(5) == b"tail\0"


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system needs root")
@pytest.mark.parametrize("bomb", ["large", "many"])
def test_bomb(server, machine, tmp_path, bomb):
    """A small archive that would fill the disk is ended before it does."""
    disk = machine.state / "packages"
    disk.mkdir(parents=True)
    options = {"large": "size=100m", "many": "size=100m,nr_inodes=3000"}[bomb]
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], capture_output=True).returncode != 0:
        pytest.skip("nothing can be mounted here")
    try:
        assert machine.once() == 0
        archive = tar(entry("zeros", bytes(400 << 20))) if bomb == "large" else tar(*(entry(f"f{n}") for n in range(5000)))
        server.add_package(make_package(tmp_path / "packages", ID, archive=archive, command=f"touch {tmp_path}/mark"))
        assert machine.once() == 0
        assert server.result(ID) == "ERR_OUT_OF_SPACE"
        free = os.statvfs(disk)
        assert free.f_bavail * free.f_frsize > 50 << 20 and not (tmp_path / "mark").exists()
    finally:
        subprocess.run(["umount", disk], check=True)
