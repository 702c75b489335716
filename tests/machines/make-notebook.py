#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the tree of a notebook that does not exist: firmware table, two graphics controllers, three disks, Wi-Fi. Its serial numbers
are invented. make-notebook.py FOLDER"""
import os
import struct
import sys


def entry(kind, handle, body, *strings):
    text = b"".join(s.encode("latin-1") + b"\0" for s in strings) or b"\0"
    return bytes([kind, len(body) + 4]) + struct.pack("<H", handle) + body + text + b"\0"


def firmware():
    uuid = bytes.fromhex("33221100554477668899aabbccddeeff")
    table = entry(0, 0, bytes([1, 2, 0, 0xE0, 3, 0xFF]) + bytes(8), "LENOVO", "N2IET99W (1.77 )", "04/14/2023")
    table += entry(1, 1, bytes([1, 2, 3, 4]) + uuid + bytes([6, 5, 3]), "LENOVO", "20N3S00000", "ThinkPad T490", "PFTEST01", "SKU")
    table += entry(2, 2, bytes([1, 2, 3, 4]), "LENOVO", "20N3S00000", "SDK0J40697 WIN", "L1HFTEST02")
    table += entry(3, 3, bytes([1, 0x8A, 2, 3, 4]), "LENOVO", "None", "PFTEST01", "No Asset Information")
    cpu = bytes([1, 3, 0xCD, 2]) + bytes(8) + bytes([3, 0x8B]) + struct.pack("<HHH", 100, 4600, 1800) + bytes([0x41, 1])
    table += entry(4, 4, cpu + struct.pack("<HHH", 5, 6, 7) + bytes([4, 5, 6]), "U3E1", "Intel(R) Corporation", "Core i7",
                   "To Be Filled By O.E.M.", "None", "None")
    table += entry(16, 5, bytes([3, 3, 3]) + struct.pack("<IHH", 0x2000000, 0xFFFE, 3))

    def module(handle, size, locator, kind, speed, serial, extended=0):
        body = struct.pack("<HHHHH", 5, 0xFFFE, 64, 64, size) + bytes([13, 0, locator, 0, kind]) + struct.pack("<HH", 0x0080, speed)
        body += bytes([2, serial, 0, 4, 0]) + struct.pack("<IH", extended, speed)
        return entry(17, handle, body, "ChannelA-DIMM0", "Samsung", "TEST8765", "M471A", "ChannelB-DIMM0", "ChannelC-DIMM0")

    table += module(6, 8192, 1, 0x1A, 2667, 3) + module(7, 0x7FFF, 5, 0x1A, 2667, 3, 32768) + module(8, 0, 6, 2, 0, 0)
    return table + entry(127, 9, b"")


def put(path, content):
    where = sys.argv[1] + path
    os.makedirs(os.path.dirname(where), exist_ok=True)
    with open(where, "wb") as file:
        file.write(content if isinstance(content, bytes) else (content + "\n").encode())


def pci(address, vendor, device, kind, revision, driver, resource=""):
    folder = f"/sys/bus/pci/devices/{address}/"
    for name, value in {"vendor": vendor, "device": device, "class": kind, "revision": revision, "resource": resource}.items():
        put(folder + name, value)
    link = sys.argv[1] + folder + "driver"
    if not os.path.islink(link):
        os.symlink("../../../../bus/pci/drivers/" + driver, link)


def main():
    put("/sys/firmware/dmi/tables/DMI", firmware())
    put("/sys/firmware/dmi/tables/smbios_entry_point", b"_SM3_\0\x18\3\2\0\1\0" + bytes(12))
    put("/etc/os-release", 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=40\nPRETTY_NAME="Fedora Linux 40 (Workstation Edition)"')
    put("/proc/sys/kernel/hostname", "t490.example.org")
    put("/proc/sys/kernel/arch", "x86_64")
    put("/proc/stat", "cpu 1\nbtime 1769242500")
    put("/proc/meminfo", "MemTotal: 41943040 kB\nSwapTotal: 0 kB")
    cpu = "processor : {0}\nvendor_id : GenuineIntel\nmodel name : Intel(R) Core(TM) i7-8565U CPU @ 1.80GHz\ncpu MHz : {1}\n"
    cpu += "physical id : 0\ncore id : {2}\nflags : fpu lm\n"
    put("/proc/cpuinfo", "\n".join(cpu.format(i, 700.123 + i, i % 4) for i in range(8)))
    for i in range(8):
        folder = f"/sys/devices/system/cpu/cpu{i}/cache/index2/"
        put(f"/sys/devices/system/cpu/cpu{i}/cache/index0/level", "1")
        put(f"/sys/devices/system/cpu/cpu{i}/cache/index1/level", "1")
        put(folder + "level", "2")
        put(folder + "size", "256K")
        put(folder + "shared_cpu_list", f"{i % 4},{i % 4 + 4}")
    pci("0000:00:02.0", "0x8086", "0x3ea0", "0x030000", "0x02", "i915",
        "0x00000000ea000000 0x00000000eaffffff 0x0000000000140204\n0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
        "0x0000000090000000 0x000000009fffffff 0x000000000014220c")
    pci("0000:03:00.0", "0x1002", "0x6900", "0x038000", "0x83", "amdgpu")
    put("/sys/bus/pci/devices/0000:03:00.0/mem_info_vram_total", "2147483648")
    put("/usr/share/hwdata/pci.ids", "1002  Maker A\n\t6900  Graphics X\n8086  Maker I\n\t3ea0  Graphics Y\n"
        "C 03  Display controller\n\t00  VGA compatible controller\n\t80  Display controller")
    put("/sys/block/nvme0n1/size", "1000215216")
    put("/sys/block/nvme0n1/device/model", "SAMSUNG MZVLB512HBJQ-000L7              ")
    put("/sys/block/nvme0n1/device/serial", "S4ENTEST03      ")
    put("/sys/block/nvme0n1/device/firmware_rev", "4M2QEXF7")
    put("/sys/block/sda/size", "1953525168")
    put("/sys/block/sda/dev", "8:0")
    put("/sys/block/sda/device/vendor", "ATA     ")
    put("/sys/block/sda/device/model", "WDC WD10SPZX-22Z")
    put("/sys/block/sda/device/rev", "1A04")
    put("/run/udev/data/b8:0", "S:disk/by-id/ata-x\nI:1234\nE:ID_BUS=ata\nE:ID_MODEL_ENC=WDC\\x20WD10SPZX-22Z10T1\\x20\\x20\n"
        "E:ID_SERIAL_SHORT=WD-TEST04\nE:ID_REVISION=01.01A04")
    put("/sys/block/sr0/size", "2097151")
    put("/sys/block/sr0/removable", "1")
    put("/sys/block/sr0/device/vendor", "HL-DT-ST")
    put("/sys/block/sr0/device/model", "DVDRAM GUE1N")
    put("/sys/block/sr0/device/vpd_pg80", b"\0\x80\0\x0bK2TEST05   ")
    put("/sys/block/dm-0/size", "1000000")
    for name, number, kind, extra in (("wlp0s20f3", 3, "1", "device"), ("enp0s31f6", 2, "1", "device"), ("virbr0", 4, "1", "bridge"),
                                      ("veth12", 5, "1", ""), ("tun0", 6, "65534", "")):
        folder = f"/sys/class/net/{name}/"
        put(folder + "address", "00:00:00:00:00:00" if name == "tun0" else f"02:00:00:00:00:{number:02x}")
        for file, value in {"ifindex": str(number), "type": kind, "mtu": "1500", "flags": "0x1003", "carrier": "1"}.items():
            put(folder + file, value)
        put(folder + "uevent", "INTERFACE=" + name + ("\nDEVTYPE=wlan" if name == "wlp0s20f3" else ""))
        if extra:
            put(folder + extra + "/uevent", "")
    put("/sys/class/net/tun0/tun_flags", "0x1001")
    put("/sys/class/net/enp0s31f6/speed", "2500")
    put("/sys/class/net/enp0s31f6/carrier", "0")
    put("/sys/class/net/virbr0/speed", "-1")
    put("/captured/addresses", "wlp0s20f3 192.168.7.23/24\nwlp0s20f3:1 10.0.0.1/8\ntun0 10.8.0.6/32")
    put("/proc/net/route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
        "wlp0s20f3\t00000000\t0107A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0")
    put("/run/systemd/netif/leases/3", "# private\nADDRESS=192.168.7.23\nSERVER_ADDRESS=192.168.7.1")
    put("/etc/resolv.conf", "nameserver 127.0.0.53\noptions edns0")
    put("/run/systemd/resolve/resolv.conf", "nameserver 192.168.7.1\nsearch home")
    for name, user, kind in (("2", "zoe", "user"), ("c1", "gdm", "greeter"), ("3", "adam", "user"), ("4", "zoe", "user")):
        put("/run/systemd/sessions/" + name, f"# private\nUID=1\nUSER={user}\nCLASS={kind}\nSTATE=active")


main()
