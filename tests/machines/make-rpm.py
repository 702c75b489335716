#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes machines that do not exist, for other package managers and processors: make-rpm.py FOLDER writes FOLDER/fedora-server (rpm in
SQLite with a write-ahead log, dnf), FOLDER/suse-mainframe (rpm's ndb, zypper, s390x), FOLDER/rhel8-power (rpm in Berkeley DB, ppc64le),
FOLDER/arch-notebook (pacman) and FOLDER/alpine-board (apk, riscv64). Needs db5.3_load (Debian: db5.3-util)."""
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

root = ""
STRING, INT32, BINARY, I18N = 6, 4, 7, 9
PACKAGES = [
    dict(name="bash", version="5.2.26", release="3.fc41", summary="The GNU Bourne Again shell", vendor="Fedora Project", arch="x86_64",
         url="https://www.gnu.org/software/bash", size=8412345, installed=1729339200),
    dict(name="gpg-pubkey", version="e99d6ad1", release="64d2612c", summary="Fedora (41) <fedora-41-primary@fedoraproject.org> public key",
         installed=1729339300),
    dict(name="kernel-core", version="6.11.4", release="301.fc41", summary="The Linux kernel = (core) modules", vendor="Fedora Project",
         arch="x86_64", size=4294967295, installed=1729425600, files=2500),
    dict(name="zsh", version="5.9", release="1.fc41", epoch=2, summary="Mächtige Shell", vendor="Fedora Project", arch="x86_64", size=8000000,
         installed=1732233600),
]


def like(changes, **common):
    """PACKAGES as another distribution has them; changes: by name."""
    return [dict(package, **(common if "vendor" in package else {}), **changes[package["name"]]) for package in PACKAGES]


RED_HAT = like({
    "bash": dict(version="4.4.20", release="5.el8", size=6886440),
    "gpg-pubkey": dict(version="fd431d51", release="4ae0493b", summary="Red Hat, Inc. (release key 2) <security@redhat.com> public key"),
    "kernel-core": dict(version="4.18.0", release="553.el8_10"),
    "zsh": dict(version="5.5.1", release="10.el8", epoch=0, size=7500000),
}, vendor="Red Hat, Inc.", arch="ppc64le")
SUSE = like({
    "bash": dict(version="4.4", release="150400.25.22", size=1230000),
    "gpg-pubkey": dict(version="3fa1d6ce", release="63c9481c", summary="SUSE Package Signing Key <build@suse.de> public key"),
    "kernel-core": dict(name="kernel-default", version="6.4.0", release="150600.21.3", summary="The Standard Kernel"),
    "zsh": dict(version="5.6", release="7.5.1", epoch=0),
}, vendor="SUSE LLC <https://www.suse.com/>", arch="s390x")


def put(path, content):
    where = root + path
    os.makedirs(os.path.dirname(where), exist_ok=True)
    with open(where, "wb") as file:
        file.write(content if isinstance(content, bytes) else (content + "\n").encode())


def link(path, target):
    where = root + path
    os.makedirs(os.path.dirname(where), exist_ok=True)
    if not os.path.islink(where):
        os.symlink(target, where)


def base(name, arch, release, cpuinfo):
    put("/etc/os-release", release)
    put("/proc/sys/kernel/hostname", name)
    put("/proc/sys/kernel/arch", arch)
    put("/proc/stat", "cpu 1\nbtime 1769242500")
    put("/proc/meminfo", "MemTotal: 16777216 kB\nSwapTotal: 0 kB")
    put("/proc/cpuinfo", cpuinfo)


def header(package):
    """As rpm keeps it: the entries of the package in a region, what was added at installation behind it."""
    inside = [(1000, STRING, package["name"]), (1001, STRING, package["version"]), (1002, STRING, package["release"])]
    if "epoch" in package:
        inside.append((1003, INT32, package["epoch"]))
    inside.append((1004, I18N, package["summary"]))
    for tag, kind, key in ((1009, INT32, "size"), (1011, STRING, "vendor"), (1020, STRING, "url"), (1022, STRING, "arch")):
        if key in package:
            inside.append((tag, kind, package[key]))
    if package.get("files"):
        inside.append((1117, 8, [f"file-{i:05}.ko" for i in range(package["files"])]))
    store, entries = b"", []

    def add(tag, kind, value):
        nonlocal store
        if kind == INT32:
            store += b"\0" * (-len(store) % 4)
            data, count = struct.pack(">I", value), 1
        else:
            texts = value if isinstance(value, list) else [value]
            data, count = b"".join(text.encode() + b"\0" for text in texts), len(texts)
        entries.append(struct.pack(">IIII", tag, kind, len(store), count))
        store += data

    for entry in inside:
        add(*entry)
    trailer = len(store)
    store += struct.pack(">IIiI", 63, BINARY, -(len(inside) + 1) * 16, 16)
    region = struct.pack(">IIII", 63, BINARY, trailer, 16)
    add(1008, INT32, package["installed"])
    return struct.pack(">II", 1 + len(entries), len(store)) + region + b"".join(entries) + store


def write_sqlite(folder):
    """One package stands in the log alone, one was removed there."""
    where = root + folder
    os.makedirs(where, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        path = work + "/rpmdb.sqlite"
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("PRAGMA page_size=4096")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)")
        database.execute("CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)")
        for package in PACKAGES[:-1]:
            database.execute("INSERT INTO Packages (blob) VALUES (?)", (header(package),))
        database.execute("INSERT INTO Packages (blob) VALUES (?)", (header(dict(PACKAGES[0], name="removed-later")),))
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("INSERT INTO Packages (blob) VALUES (?)", (header(PACKAGES[-1]),))
        database.execute("DELETE FROM Packages WHERE hnum=4")
        for name in ("rpmdb.sqlite", "rpmdb.sqlite-wal"):
            shutil.copy(f"{work}/{name}", f"{where}/{name}")
        database.close()


def write_ndb(path, packages):
    slots, blobs, block = b"", b"", 4096 // 16
    for number, package in enumerate(packages, 1):
        data = header(package)
        blob = b"BlbS" + struct.pack("<III", number, 1729339200, len(data)) + data
        blob += b"\0" * (-(len(blob) + 12) % 16) + struct.pack("<II", 0, len(data)) + b"BlbE"
        slots += b"Slot" + struct.pack("<III", number, block, len(blob) // 16)
        blobs += blob
        block += len(blob) // 16
    head = b"RpmP" + struct.pack("<IIII", 0, 7, 1, len(packages) + 1) + b"\0" * 12
    slots += (b"Slot" + b"\0" * 12) * ((4096 - len(head) - len(slots)) // 16)
    put(path, head + slots + blobs)


def write_berkeley(path, packages):
    """By Berkeley DB's own program."""
    where = root + path
    os.makedirs(os.path.dirname(where), exist_ok=True)
    if os.path.exists(where):
        os.unlink(where)
    text = "VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=4096\nHEADER=END\n"
    text += " 00000000\n " + struct.pack("<I", len(packages)).hex() + "\n"
    for number, package in enumerate(packages, 1):
        text += f" {struct.pack('<I', number).hex()}\n {header(package).hex()}\n"
    subprocess.run(["db5.3_load", where], input=text + "DATA=END\n", text=True, check=True)


def fedora_server():
    base("fedora", "x86_64", 'NAME="Fedora Linux"\nVERSION_ID=41\nPLATFORM_ID="platform:f41"\nPRETTY_NAME="Fedora Linux 41 (Server Edition)"',
         "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 9124 16-Core Processor\nphysical id\t: 0\ncore id\t\t: 0\n"
         "flags\t\t: fpu lm\n")
    write_sqlite("/usr/lib/sysimage/rpm")
    link("/var/lib/rpm", "../../usr/lib/sysimage/rpm")
    put("/etc/yum.repos.d/fedora.repo", "[fedora]\nname=Fedora $releasever - $basearch\n"
        "#baseurl=http://download.example/pub/fedora/linux/releases/$releasever/Everything/$basearch/os/\n"
        "metalink=https://mirrors.fedoraproject.org/metalink?repo=fedora-$releasever&arch=$basearch\nenabled=1\ngpgcheck=1\n\n"
        "[fedora-source]\nname=Fedora $releasever - Source\nbaseurl=https://download.example/source\nenabled=0\n")
    put("/etc/yum.repos.d/own.repo", "[own]\nname = Our own packages\nbaseurl = https://reader:secret@repo.example.com/${site}/$basearch/\n"
        "   https://second.example.com/$basearch/\ngpgcheck=0\nexcludepkgs=kernel* \n  systemd\n")
    put("/etc/dnf/vars/site", "leipzig")
    guests()


def domain(name, number, cpus, memory):
    return (f"<domain type='kvm'>\n  <name>{name}</name>\n  <uuid>00000000-1111-2222-3333-{number:012}</uuid>\n"
            f"  <memory unit='KiB'>{memory * 2}</memory>\n  <currentMemory unit='KiB'>{memory}</currentMemory>\n"
            f"  <vcpu placement='static'>{cpus}</vcpu>\n  <os>\n    <type arch='x86_64'>hvm</type>\n  </os>\n</domain>\n")


def guests():
    """Machines of libvirt (one runs), one of qemu alone, containers of podman and Docker, of LXC and systemd-nspawn."""
    warning = "<!--\nWARNING: THIS IS AN AUTO-GENERATED FILE.\n  virsh edit web\n-->\n\n"
    put("/etc/libvirt/qemu/web.xml", warning + domain("web", 1, 4, 4194304))
    put("/etc/libvirt/qemu/test.xml", warning + domain("test", 2, 1, 1048576))
    put("/etc/libvirt/qemu/broken.xml", "<domain><name>broken</na")
    put("/etc/libvirt/qemu/networks/default.xml", "<network><name>default</name></network>")
    put("/run/libvirt/qemu/web.xml", f"<domstatus state='running' reason='booted' pid='4711'>\n{domain('web', 1, 4, 4194304)}</domstatus>\n")
    put("/proc/4711/comm", "qemu-system-x86")
    put("/proc/4711/cmdline", b"/usr/bin/qemu-system-x86_64\0-name\0guest=web,debug-threads=on\0-uuid\0" +
        b"00000000-1111-2222-3333-000000000001\0-m\0size=4194304k\0")
    put("/proc/4712/comm", "qemu-system-x86")
    put("/proc/4712/cmdline", b"qemu-system-x86_64\0-name\0by-hand\0-enable-kvm\0-m\0002G\0-smp\0004,sockets=1\0")
    put("/proc/4713/comm", "bash")
    put("/proc/4713/cmdline", b"bash\0-c\0qemu\0")
    podman, other, docker = "ab" * 32, "cd" * 32, "ef" * 32
    storage = "/var/lib/containers/storage/overlay-containers"
    put(storage + "/containers.json", f'[{{"id":"{podman}","names":["cache"],"image":"x"}},{{"id":"{other}","names":["old"]}},{{"id":"../x"}}]')
    put(f"{storage}/{podman}/userdata/config.json", '{"linux":{"resources":{"memory":{"limit":536870912}}}}')
    put(f"/run/containers/storage/overlay-containers/{podman}/userdata/pidfile", "4713")
    put("/etc/docker/daemon.json", '{"data-root": "/srv/docker"}')
    put(f"/srv/docker/containers/{docker}/config.v2.json", f'{{"ID":"{docker}","Name":"/proxy","State":{{"Running":true,"Paused":false,'
        '"StartedAt":"2026-01-02T00:00:00Z"}}')
    put(f"/srv/docker/containers/{docker}/hostconfig.json", '{"Memory":268435456,"NanoCpus":1500000000}')
    put("/var/lib/lxc/mail/config", "# LXC\nlxc.uts.name = mail\nlxc.cgroup2.memory.max = 512M\nlxc.cgroup2.cpuset.cpus = 0-2,5\n")
    put("/sys/fs/cgroup/lxc.payload.mail/cgroup.procs", "")
    put("/run/systemd/machines/build", "# This is private data. Do not parse.\nNAME=build\nSERVICE=systemd-nspawn\nCLASS=container\n"
        "ID=0123456789abcdef0123456789abcdef\n")


def suse_mainframe():
    base("suse", "s390x", 'NAME="SLES"\nVERSION_ID="15.6"\nPRETTY_NAME="SUSE Linux Enterprise Server 15 SP6"',
         "vendor_id       : IBM/S390\n# processors    : 2\nbogomips per cpu: 24038.00\nmax thread id   : 0\n"
         "features\t: esan3 zarch stfle\nprocessor 0: version = FF,  identification = 1234AB,  machine = 3931\n"
         "processor 1: version = FF,  identification = 1234AB,  machine = 3931\n\ncpu number      : 0\nphysical id     : 1\ncore id         : 0\n"
         "version         : FF\nidentification  : 1234AB\nmachine         : 3931\ncpu MHz dynamic : 5200\ncpu MHz static  : 5200\n\n"
         "cpu number      : 1\nphysical id     : 1\ncore id         : 1\nversion         : FF\nidentification  : 1234AB\nmachine         : 3931\n"
         "cpu MHz dynamic : 5200\ncpu MHz static  : 5200\n")
    write_ndb("/usr/lib/sysimage/rpm/Packages.db", SUSE)
    put("/etc/zypp/repos.d/sle.repo", "[SLES15-SP6]\nname=SLES15-SP6-Updates\nenabled=1\nautorefresh=1\n"
        "baseurl=https://updates.example.com/SUSE/Updates/SLE-Module-Basesystem/15-SP6/$basearch/update?token\ntype=NONE\n")


def rhel8_power():
    base("rhel8", "ppc64le", 'NAME="Red Hat Enterprise Linux"\nVERSION_ID="8.10"\nPLATFORM_ID="platform:el8"\nPRETTY_NAME="Red Hat Enterprise '
         'Linux 8.10 (Ootpa)"',
         "".join(f"processor\t: {i}\ncpu\t\t: POWER9 (architected), altivec supported\nclock\t\t: 2750.000000MHz\nrevision\t: 2.2 (pvr 004e 0202)\n\n"
                 for i in range(4)) + "timebase\t: 512000000\nplatform\t: pSeries\nmodel\t\t: IBM,9009-41A\nmachine\t\t: CHRP IBM,9009-41A\n")
    for i in range(4):
        put(f"/sys/devices/system/cpu/cpu{i}/topology/core_id", "0")
        put(f"/sys/devices/system/cpu/cpu{i}/topology/physical_package_id", "0")
    write_berkeley("/var/lib/rpm/Packages", RED_HAT)
    put("/etc/yum.repos.d/redhat.repo", "[rhel-8-for-ppc64le-baseos-rpms]\nname = Red Hat Enterprise Linux $releasever BaseOS\n"
        "baseurl = https://cdn.redhat.com/content/dist/rhel8/$releasever/$basearch/baseos/os\nenabled = 1\ngpgcheck = 1\n")


def arch_notebook():
    base("arch", "x86_64", 'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nBUILD_ID=rolling',
         "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) Ultra 5 125U\nphysical id\t: 0\ncore id\t\t: 0\nflags\t\t: fpu lm\n")
    put("/var/lib/pacman/local/ALPM_DB_VERSION", "9")
    put("/var/lib/pacman/local/zlib-1:1.3.1-2/desc", "%NAME%\nzlib\n\n%VERSION%\n1:1.3.1-2\n\n%BASE%\nzlib\n\n%DESC%\nCompression library\n\n"
        "%URL%\nhttps://www.zlib.net/\n\n%ARCH%\nx86_64\n\n%BUILDDATE%\n1710000000\n\n%INSTALLDATE%\n1729339200\n\n%PACKAGER%\nSomebody\n\n"
        "%SIZE%\n343040\n\n%LICENSE%\ncustom\n")
    put("/var/lib/pacman/local/half-1-1/desc", "")


def alpine_board():
    base("alpine", "riscv64", 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"',
         "".join(f"processor\t: {i}\nisa\t\t: rv64imafdc_zicntr\nmmu\t\t: sv39\nuarch\t\t: sifive,u74-mc\n\n" for i in range(4)))
    for i in range(4):
        put(f"/sys/devices/system/cpu/cpu{i}/topology/core_id", str(i))
        put(f"/sys/devices/system/cpu/cpu{i}/topology/physical_package_id", "0")
    put("/lib/apk/db/installed", "C:Q1abc=\nP:musl\nV:1.2.5-r0\nA:riscv64\nS:385000\nI:648000\nT:the musl c library (libc) implementation\n"
        "U:https://musl.libc.org/\nL:MIT\no:musl\nm:Somebody <s@example.com>\nt:1710000000\nF:lib\nR:libc.musl.so\n\n"
        "P:busybox\nV:1.36.1-r29\nA:riscv64\nI:950000\nT:Size optimized toolbox\nU:https://busybox.net/\n\nP:half\nT:no version\n\n")


for name, write in (("fedora-server", fedora_server), ("suse-mainframe", suse_mainframe), ("rhel8-power", rhel8_power),
                    ("arch-notebook", arch_notebook), ("alpine-board", alpine_board)):
    root = os.path.join(sys.argv[1], name)
    write()
