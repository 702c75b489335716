#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the tree of a server that does not exist: two sockets, sixteen memory slots, risers, a management controller. Only what its
devices say; disks and network are those of raid-server. Its serial numbers are invented. make-server.py FOLDER"""
import os
import struct
import sys

SOCKETS, CORES, THREADS, MODULES = 2, 16, 2, 16


def entry(kind, handle, body, *strings):
    text = b"".join(s.encode() + b"\0" for s in strings) or b"\0"
    return bytes([kind, len(body) + 4]) + struct.pack("<H", handle) + body + text + b"\0"


def processor(handle, socket, is_there, cache):
    body = bytes([1, 3, 0x6B, 2]) + bytes(8) + bytes([3, 0x8B]) + struct.pack("<HHH", 100, 3725, 3000 if is_there else 0)
    body += bytes([0x41 if is_there else 0, 1]) + struct.pack("<HHH", 0xFFFF, cache, 0xFFFF) + bytes([4, 0, 0])
    return entry(4, handle, body, f"P{socket}", "Advanced Micro Devices, Inc.", "Model of 16 cores", "Unknown")


def module(handle, number):
    size, kind, speed = (0x7FFF, 0x1A, 3200) if number % 4 < 3 else (0, 2, 0)
    body = struct.pack("<HHHHH", 0x1000, 0xFFFE, 72, 64, size) + bytes([9, 0, 1, 2, kind]) + struct.pack("<HH", 0x2080, speed)
    body += bytes([3, 4, 0, 5, 2]) + struct.pack("<IH", 65536 if size else 0, speed)
    serial = f"TEST{number:04}" if size else "Unknown"
    return entry(17, handle, body, f"DIMM {chr(65 + number // 2)}{number % 2 + 1}", f"P0 CHANNEL {chr(65 + number // 2)}", "Micron", serial, "36ASF8G72")


def firmware():
    uuid = bytes.fromhex("00112233445566778899aabbccddeeff")
    table = entry(0, 0, bytes([1, 2, 0, 0xE0, 3, 0xFF]) + bytes(8), "Maker S", "2.4", "12/01/2024")
    table += entry(1, 1, bytes([1, 2, 3, 4]) + uuid + bytes([6, 0, 0]), "Maker S", "AS-2024", "0123456789", "S123TEST01")
    table += entry(2, 2, bytes([1, 2, 3, 4]), "Maker S", "H12DST", "1.01", "WM21TEST02")
    table += entry(3, 3, bytes([1, 0x17, 0, 2, 3]), "Maker S", "C8290TEST03", "RACK-7")
    table += processor(4, 1, True, 0x20) + processor(5, 2, True, 0x20) + processor(6, 3, False, 0xFFFF)
    table += entry(7, 0x20, bytes([1]) + struct.pack("<HHH", 0x181, 0xFFFF, 0xFFFF) + bytes(8) + struct.pack("<II", 0x80000080, 0x80000080), "L2 - Cache")
    table += entry(16, 0x1000, bytes([3, 3, 6]) + struct.pack("<IHH", 0x80000000, 0xFFFE, MODULES))
    table += b"".join(module(0x1100 + i, i) for i in range(MODULES))
    for i in range(6):
        table += entry(9, 0x900 + i, bytes([1, 0xBD if i else 0xBC, 0x0D if i else 0x0B, 4 if i < 2 else 3, 4]) + struct.pack("<HBB", i + 1, 0x0C, 1),
                       f"CPU{i // 3 + 1} SLOT{i + 1} PCI-E 4.0")
    for i, (name, plug, kind) in enumerate((("VGA", 7, 0x1C), ("IPMI_LAN", 0x0B, 0x1F), ("COM1", 8, 9), ("Other", 0xFF, 0xFF))):
        table += entry(8, 0x800 + i, bytes([0, 0, 1, plug, kind]), name)
    return table + entry(127, 0x7FFF, b"")


def put(path, content):
    where = sys.argv[1] + path
    os.makedirs(os.path.dirname(where), exist_ok=True)
    with open(where, "wb") as file:
        file.write(content if isinstance(content, bytes) else (content + "\n").encode())


def main():
    put("/sys/firmware/dmi/tables/DMI", firmware())
    put("/sys/firmware/dmi/tables/smbios_entry_point", b"_SM3_\0\x18\3\3\0\1\0" + bytes(12))
    put("/etc/os-release", 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"')
    put("/etc/debian_version", "12.11")
    put("/proc/sys/kernel/hostname", "rack7")
    put("/proc/sys/kernel/arch", "x86_64")
    put("/proc/stat", "cpu 1\nbtime 1769242500")
    put("/proc/meminfo", "MemTotal: 792723456 kB\nSwapTotal: 8388604 kB")
    put("/run/systemd/sessions/7", "# private\nUID=1\nUSER=adam@corp.example.org\nCLASS=user\nSTATE=active")
    cpu = "processor : {0}\nvendor_id : AuthenticAMD\nmodel name : AMD EPYC 7313 16-Core Processor\ncpu MHz : {1}\nphysical id : {2}\ncore id : {3}\n"
    cpu += "flags : fpu lm\n"
    count = SOCKETS * CORES * THREADS
    # Processors are numbered thread by thread, and within a thread socket by socket.
    put("/proc/cpuinfo", "\n".join(cpu.format(i, 1500.5 + i, i // CORES % SOCKETS, i % CORES * 4) for i in range(count)))
    for name, value in {"vendor": "0x1a03", "device": "0x2000", "class": "0x030000", "revision": "0x41"}.items():
        put("/sys/bus/pci/devices/0000:c6:00.0/" + name, value)
    put("/sys/class/drm/card0-VGA-1/status", "disconnected")
    put("/sys/class/drm/card0-VGA-1/edid", b"")
    os.makedirs(sys.argv[1] + "/sys/class/drm/card0", exist_ok=True)
    if not os.path.islink(sys.argv[1] + "/sys/class/drm/card0/device"):
        os.symlink("../../../0000:c6:00.0", sys.argv[1] + "/sys/class/drm/card0/device")
    put("/usr/share/hwdata/pci.ids", "1a03  Maker B\n\t2000  Management graphics\nC 03  Display controller\n\t00  VGA compatible controller")


main()
