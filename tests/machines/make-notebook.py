#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the tree of a notebook that does not exist: firmware table, two graphics controllers, three disks, Wi-Fi, two batteries, and a
dock with two of the three monitors. Its serial numbers are invented. make-notebook.py FOLDER"""
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
    table += entry(7, 10, bytes([1]) + struct.pack("<HHH", 0x180, 128, 128), "L1 Cache")
    table += entry(8, 11, bytes([0, 0, 1, 0x23, 0x10]), "USB 1") + entry(8, 12, bytes([1, 0x22, 2, 0, 0x20]), "SATA1", "Hard disk")
    table += entry(8, 13, bytes([1, 0, 2, 0x0B, 0x1F]), "Not Available", "Ethernet")
    table += entry(9, 14, bytes([1, 0xB1, 0x0D, 4, 3]) + struct.pack("<HBB", 1, 0x0C, 1), "Media Card Slot")
    table += entry(9, 15, bytes([1, 0x17, 0x0A, 3, 1]) + struct.pack("<HBB", 258, 0x0C, 1), "M.2 WWAN")
    table += entry(9, 16, bytes([1, 0xB6, 0x0D, 9, 1]) + struct.pack("<HBB", 3, 0x0C, 1), "Expansion")
    return table + entry(127, 9, b"")


def edid(vendor, product, number, week, year, texts, extensions=()):
    """texts: pairs of tag and text; extensions: blocks of 127 bytes at most, without their sum."""
    code = sum((ord(letter) - 64) << shift for letter, shift in zip(vendor, (10, 5, 0)))
    block = b"\0" + b"\xff" * 6 + b"\0" + struct.pack(">H", code) + struct.pack("<HI", product, number)
    block += bytes([week, year - 1990, 1, 4, 0xA5, 34, 19, 120, 2]) + bytes(29)
    for tag, text in list(texts) + [(0x10, "")] * (4 - len(texts)):
        block += bytes([0, 0, 0, tag, 0]) + (text.encode() + b"\n").ljust(13)[:13]
    blocks = [block + bytes([len(extensions)])] + [extension.ljust(127, b"\0") for extension in extensions]
    return b"".join(data + bytes([-sum(data) % 256]) for data in blocks)


def put(path, content):
    where = sys.argv[1] + path
    os.makedirs(os.path.dirname(where), exist_ok=True)
    with open(where, "wb") as file:
        file.write(content if isinstance(content, bytes) else (content + "\n").encode())


def pci(address, vendor, device, kind, revision, driver, resource=""):
    folder = f"/sys/bus/pci/devices/{address}/"
    for name, value in {"vendor": vendor, "device": device, "class": kind, "revision": revision, "resource": resource}.items():
        put(folder + name, value)
    link(folder + "driver", "../../../../bus/pci/drivers/" + driver)


def link(path, target):
    where = sys.argv[1] + path
    os.makedirs(os.path.dirname(where), exist_ok=True)
    if not os.path.islink(where):
        os.symlink(target, where)


def connector(name, modes=(), identity=None):
    folder = f"/sys/class/drm/{name}/"
    put(folder + "status", "connected" if modes else "disconnected")
    put(folder + "modes", "\n".join(modes).encode())
    put(folder + "edid", identity or b"")


def screens():
    link("/sys/class/drm/card0/device", "../../../0000:03:00.0")
    link("/sys/class/drm/card1/device", "../../../0000:00:02.0")
    put("/sys/class/drm/version", "drm 1.1.0 20060810")
    connector("card0-DP-4")
    connector("card1-eDP-1", ["1920x1080", "1400x1050"], edid("AUO", 0x573D, 0, 0, 2018, [(0xFE, "AUO"), (0xFE, "B140HAN05.7")]))
    wide = bytes([2, 3, 4, 0]) + bytes([0, 0, 0, 0xFF, 0]) + b"7MT0TEST11L\n "
    connector("card1-DP-5", ["2560x1440", "1920x1080"], edid("DEL", 0x41A8, 0x4C4C3132, 12, 2019, [(0xFC, "DELL U2719D")], [wide, b"\x70"]))
    name = b"Widescreen 49"
    product = b"\0\0" + bytes([12 + len(name)]) + b"QQQ\1\2\0\0\0\0\x10\x17" + bytes([len(name)]) + name
    connector("card1-DP-6", ["5120x1440"], edid("QQQ", 0x0201, 77, 0xFF, 2023, [], [b"\x70\x12" + bytes([len(product), 0, 0]) + product]))
    connector("card1-HDMI-A-1", ["1024x768"], edid("SAM", 1, 2, 3, 2020, [])[:-1] + b"\x55")
    put("/usr/share/hwdata/pnp.ids", "AAA\tAvolites Ltd\nQQQ\tMaker Q\nZZZ\tBoca Research")


def usb(name, vendor, product, kind, texts=(), interfaces=()):
    folder = f"/sys/bus/usb/devices/{name}"
    for file, value in zip(("idVendor", "idProduct", "bDeviceClass", "bDeviceSubClass", "bDeviceProtocol"), (vendor, product) + kind):
        put(f"{folder}/{file}", value)
    for file, value in zip(("manufacturer", "product", "serial"), texts):
        if value:
            put(f"{folder}/{file}", value)
    for number, (class_, subclass, protocol, driver) in enumerate(interfaces):
        for file, value in (("bInterfaceClass", class_), ("bInterfaceSubClass", subclass), ("bInterfaceProtocol", protocol)):
            put(f"{folder}:1.{number}/{file}", value)
        link(f"{folder}:1.{number}/driver", "../../../../bus/usb/drivers/" + driver)


def plugged():
    plain = ("00", "00", "00")
    usb("usb1", "1d6b", "0002", ("09", "00", "01"), ("Linux 6.1 xhci-hcd", "xHCI Host Controller", "0000:00:14.0"))
    usb("1-3", "17ef", "a391", ("09", "00", "02"), ("VIA Labs, Inc.", "USB2.0 Hub"))
    usb("1-3.1", "046d", "c52b", plain, ("Logitech", "USB Receiver"), [("03", "01", "01", "usbhid"), ("03", "01", "02", "usbhid")])
    usb("1-3.2", "17ef", "30b0", plain, ("Lenovo", "ThinkPad USB-C Dock Audio", "000000000000"),
        [("01", "01", "00", "snd-usb-audio"), ("01", "02", "00", "snd-usb-audio"), ("03", "00", "00", "usbhid")])
    usb("2-3.4", "0bda", "8153", plain, ("Realtek", "USB 10/100/1000 LAN", "TEST00000112"), [("ff", "ff", "00", "r8152")])
    usb("1-6", "2cb7", "0210", ("ef", "02", "01"), ("Fibocom", "L850-GL", "004999TEST13"), [("02", "0e", "00", "cdc_mbim"), ("0a", "00", "02", "cdc_mbim")])
    usb("1-8", "04f2", "b67c", ("ef", "02", "01"), ("", ""), [("0e", "01", "00", "uvcvideo"), ("0e", "02", "00", "uvcvideo")])
    usb("1-10", "8087", "0aaa", ("e0", "01", "01"))
    usb("1-7", "2341", "0043", ("02", "00", "00"), ("Arduino", "Uno"), [("02", "02", "01", "cdc_acm"), ("0a", "00", "00", "cdc_acm")])
    usb("1-9", "abcd", "00ef", ("ff", "ff", "ff"))
    put("/usr/share/hwdata/usb.ids", "# list\n04f2  Maker C\n\tb67c  Camera 720p\n8087  Maker I\n\t0aaa  Radio 9560\nC 03  Human Interface Device\n"
        "HID 21  x")


def typed():
    def device(bus, vendor, product, name, phys, sysfs, masks):
        text = f'I: Bus={bus} Vendor={vendor} Product={product} Version=0111\nN: Name="{name}"\nP: Phys={phys}\nS: Sysfs={sysfs}\n'
        return text + "U: Uniq=\nH: Handlers=event1\n" + "".join(f"B: {mask}\n" for mask in masks) + "\n"

    keys = "KEY=402000007 ff803078f800d001 feffffdfffefffff fffffffffffffffe"
    mouse = ["PROP=0", "EV=17", "KEY=70000 0 0 0 0", "REL=103"]
    pad = ["PROP=5", "EV=b", "KEY=e520 10000 0 0 0 0", "ABS=2e0800000000003"]
    path = "/devices/pci0000:00/"
    text = device("0019", "0000", "0003", "Sleep Button", "PNP0C0E/button/input0", path + "x", ["PROP=0", "EV=3", "KEY=4000 0 0"])
    text += device("0011", "0001", "0001", "AT Translated Set 2 keyboard", "isa0060/serio0/input0", "/devices/platform/i8042/a", ["EV=120013", keys])
    text += device("0018", "06cb", "cd8c", "SYNA8004:00 06CB:CD8C Touchpad", "i2c-SYNA8004:00", path + "b", pad)
    text += device("0018", "056a", "5193", "Wacom Pen and multitouch sensor Finger", "i2c-WACF2200:00", path + "c",
                   ["PROP=2", "EV=1b", "KEY=400 0 0 0 0 0", "ABS=273800000000003"])
    text += device("0018", "056a", "5193", "Wacom Pen and multitouch sensor Pen", "i2c-WACF2200:00", path + "c",
                   ["PROP=2", "EV=1b", "KEY=1c03 0 0 0 0 0", "ABS=1000d000003"])
    text += device("0003", "046d", "c52b", "Logitech USB Receiver", "usb-0000:00:14.0-3.1/input0", path + "d", ["EV=120013", keys])
    text += device("0003", "046d", "c52b", "Logitech USB Receiver Mouse", "usb-0000:00:14.0-3.1/input1", path + "d", mouse)
    text += device("0003", "046d", "c52b", "Logitech USB Receiver Consumer Control", "usb-0000:00:14.0-3.1/input1", path + "d",
                   ["EV=1f", "KEY=3f000303ff 0 0 483ffff17aff32d bfd4444600000000 1 130c730b17c007 ffff7bfad9415fff ffbeffdfffefffff fffffffffffffffe"])
    text += device("0005", "046d", "b023", "MX Master 3", "aa:bb:cc:dd:ee:ff", "/devices/virtual/misc/uhid/0005:046D:B023.0009/input/input30", mouse)
    text += device("0003", "1234", "5678", "made up by a program", "", "/devices/virtual/input/input31", mouse)
    text += device("0000", "0000", "0000", "HDA Intel PCH Headphone", "ALSA", path + "e", ["PROP=0", "EV=21", "SW=4"])
    put("/proc/bus/input/devices", text)


def battery(name, values):
    for file, value in values.items():
        put(f"/sys/class/power_supply/{name}/{file}", value)


def power():
    battery("AC", {"type": "Mains", "online": "1"})
    battery("BAT0", {"type": "Battery", "present": "1", "technology": "Li-poly", "cycle_count": "214", "manufacturer": "SMP", "model_name": "01AV493-long",
                     "serial_number": " 1404", "energy_full_design": "24050000", "energy_full": "21930000", "voltage_min_design": "11460000",
                     "voltage_now": "12900000", "capacity": "98", "status": "Not charging"})
    battery("BAT1", {"type": "Battery", "present": "1", "technology": "Li-ion", "cycle_count": "0", "manufacturer": "LGC", "model_name": "01AV424",
                     "serial_number": "00000", "charge_full_design": "2050000", "voltage_min_design": "11520000", "capacity": "0", "status": "Charging"})
    battery("BAT2", {"type": "Battery", "present": "0"})
    battery("hidpp_battery_0", {"type": "Battery", "scope": "Device", "model_name": "MX Master 3", "capacity": "50"})


def printers():
    put("/etc/cups/printers.conf", "# Printer configuration file for CUPS v2.4.7\nNextPrinterId 3\n<DefaultPrinter Office>\nPrinterId 1\n"
        "Info Office \\#2, near the window\nLocation Room 12\nMakeModel Maker P LaserJet 400, driverless\n"
        "DeviceURI ipp://adam:secret@printer.example.org:631/ipp/print\nState Idle\nShared Yes\nAttribute marker-colors \\#000000,none\n"
        "</DefaultPrinter>\n<Printer Label>\nPrinterId 2\nInfo\nMakeModel Maker Q Label\nDeviceURI usb://Maker%20Q/Label?serial=TEST14\n"
        "Shared No\n</Printer>")
    put("/etc/cups/ppd/Label.ppd", '*PPD-Adobe: "4.3"\n*DefaultResolution: 203dpi\n*DefaultPageSize: w90h18')


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
    pci("0000:00:1f.3", "0x8086", "0x9dc8", "0x040300", "0x30", "snd_hda_intel")
    pci("0000:08:00.0", "0x14c3", "0x4d75", "0x0d4000", "0x01", "mtk_t7xx")
    put("/sys/bus/pci/devices/0000:03:00.0/mem_info_vram_total", "2147483648")
    put("/usr/share/hwdata/pci.ids", "1002  Maker A\n\t6900  Graphics X\n14c3  Maker M\n\t4d75  T700 5G\n8086  Maker I\n\t3ea0  Graphics Y\n\t9dc8  Sound Z\n"
        "C 04  Multimedia controller\n\t03  Audio device\nC 03  Display controller\n\t00  VGA compatible controller\n\t80  Display controller")
    screens()
    plugged()
    typed()
    power()
    printers()
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
