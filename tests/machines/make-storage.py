#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes two machines that do not exist, for disks, file systems, networks and package sources: make-storage.py FOLDER writes
FOLDER/raid-server (software RAID, multipath, bonds) and FOLDER/lvm-desktop (NVMe, LUKS, LVM, btrfs, Wi-Fi). All numbers are invented."""
import os
import struct
import sys

root = ""


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


def folder(path):
    put(path + "/uevent", "")  # git keeps no empty folder


def base(name, release):
    put("/etc/os-release", release)
    put("/proc/sys/kernel/hostname", name)
    put("/proc/sys/kernel/arch", "x86_64")
    put("/proc/stat", "cpu 1\nbtime 1769242500")
    put("/proc/meminfo", "MemTotal: 16777216 kB\nSwapTotal: 0 kB")


def disk(name, way, sectors, files=None, udev=None, number=None):
    """A disk as the kernel shows it: a link from /sys/block to where it is plugged in."""
    place = f"/sys/devices/{way}/block/{name}"
    link("/sys/block/" + name, f"../devices/{way}/block/{name}")
    put(place + "/size", str(sectors))
    folder(place + "/device")
    for file, value in (files or {}).items():
        put(f"{place}/{file}", value)
    if udev:
        put(place + "/dev", number)
        put("/run/udev/data/b" + number, "I:1\n" + "\n".join("E:" + line for line in udev))


def virtual(name, sectors, files, members=()):
    disk_place = f"/sys/devices/virtual/block/{name}"
    link("/sys/block/" + name, f"../devices/virtual/block/{name}")
    put(disk_place + "/size", str(sectors))
    for file, value in files.items():
        put(f"{disk_place}/{file}", value)
    for member in members:
        folder(f"{disk_place}/slaves/{member}")


def interface(name, index, files, device=True, mac=None, carrier="1"):
    place = f"/sys/class/net/{name}/"
    values = {"ifindex": str(index), "type": "1", "mtu": "1500", "flags": "0x1003", "carrier": carrier, "uevent": "INTERFACE=" + name,
              "address": mac or f"02:00:00:00:01:{index:02x}"}
    values.update(files)
    for file, value in values.items():
        put(place + file, value)
    if device:
        folder(place + "device")


def server_disks():
    page = b"\0\x80\0\x0aTESTSAS001garbage"
    for name, number in (("sda", "8:0"), ("sdb", "8:16")):
        serial = "TESTSAS00" + str(1 + (name == "sdb"))
        disk(name, f"pci0000:00/host0/port-0:0/end_device-0:{number[-1]}/target0:0:0/0:0:0:0", 2344225968,
             {"device/vendor": "SEAGATE ", "device/model": "ST1200MM0099    ", "device/rev": "ST31",
              "device/vpd_pg80": page.replace(b"001", serial[-3:].encode())},
             ["ID_BUS=scsi", "ID_SCSI_SERIAL=" + serial, "ID_SERIAL_SHORT=5000c500a1b2c3d4", "ID_REVISION=ST31"] if name == "sdb" else
             ["ID_BUS=scsi", "ID_SERIAL_SHORT=5000c500a1b2c3d4"], number)
    for name, number in (("sdc", "8:32"), ("sdd", "8:48")):
        disk(name, f"pci0000:01/host{number[-1]}/rport-1:0-0/target1:0:0/1:0:0:0", 4194304000,
             {"device/vendor": "NETAPP  ", "device/model": "LUN C-Mode      ", "device/rev": "9600",
              "device/vpd_pg80": b"\0\x80\0\x0cTESTLUN00007", "holders/dm-0/uevent": ""}, ["ID_BUS=scsi"], number)
    disk("sde", "pci0000:02/ata3/host3/target3:0:0/3:0:0:0", 7814037168,
         {"device/vendor": "ATA     ", "device/model": "ST4000NM0035-1V4", "device/rev": "TN03"})
    disk("sdf", "pci0000:03/usb1/1-1/1-1:1.0/host9/target9:0:0/9:0:0:0", 61440000,
         {"device/vendor": "Kingston", "device/model": "DataTraveler 3.0", "device/rev": "PMAP", "removable": "1"})
    disk("sdg", "platform/host8/session1/target8:0:0/8:0:0:1", 209715200, {"device/vendor": "LIO-ORG ", "device/model": "disk01          "})
    disk("sr0", "pci0000:02/ata4/host4/target4:0:0/4:0:0:0", 8388604,
         {"device/vendor": "HL-DT-ST", "device/model": "DVDRAM GUD0N    ", "device/rev": "LD01", "removable": "1"})
    disk("nvme0n1", "virtual/nvme-subsystem/nvme-subsys0", 3750748848,
         {"device/model": "MTFDHAL1T9TCT", "device/serial": "TESTNVME01", "device/firmware_rev": "E2MU200"})
    disk("nvme0c0n1", "pci0000:04/nvme/nvme0", 3750748848, {"hidden": "1"})
    virtual("md0", 2343961600, {"md/level": "raid1"}, ("sdb1", "sda1"))
    virtual("md126", 1000, {"md/level": "raid5"}, ("sdx",))
    virtual("md127", 0, {"md/level": "container"})
    virtual("dm-0", 4194304000, {"dm/name": "mpatha", "dm/uuid": "mpath-3600a098000test", "dev": "253:0"}, ("sdc", "sdd"))
    virtual("dm-1", 2097152, {"dm/name": "vg0-srv", "dm/uuid": "LVM-abc", "dev": "253:1"}, ("sde",))
    link("/sys/dev/block/253:1", "../../devices/virtual/block/dm-1")
    link("/sys/dev/block/9:0", "../../devices/virtual/block/md0")
    put("/proc/self/mountinfo", "27 1 9:0 / / rw - ext4 /dev/root rw\n"
        "28 27 253:0 / /data rw - xfs /dev/mapper/mpatha rw\n"
        "29 27 253:1 / /srv rw - ext4 /dev/dm-1 rw\n"
        "30 27 253:1 /www /var/www rw - ext4 /dev/dm-1 rw\n"
        "31 27 9:0 /home /home rw - ext4 /dev/root rw\n"
        "32 27 8:97 / /mnt/old rw - vfat /dev/sdf1 rw\n"
        "33 27 0:50 / /mnt/old rw - nfs4 files.example.net:/a\\040b rw,vers=4.2\n"
        "34 33 8:98 / /mnt/old/below rw - ext4 /dev/sdf2 rw\n"
        "35 27 0:51 / /tank rw - zfs tank rw,xattr\n"
        "36 27 0:52 / /tank/home rw - zfs tank/home rw,xattr\n"
        "37 27 0:53 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw")
    put("/captured/drives", "/ 1126400 900000 1707000000\n/data 2048000 1000 0\n/srv 1000 500 315532800\n/tank 1 1\n/tank/home 2 1\n"
        "/mnt/old 9 9\n/mnt/old/below 9 9")


def server_network():
    for name, index in (("eno1", 2), ("eno2", 3)):
        interface(name, index, {"speed": "10000", "bonding_slave/perm_hwaddr": f"02:00:00:00:01:{index:02x}"}, mac="02:00:00:00:01:02")
    interface("bond0", 4, {"speed": "20000", "uevent": "DEVTYPE=bond"}, device=False, mac="02:00:00:00:01:02")
    folder("/sys/class/net/bond0/bonding")
    link("/sys/class/net/bond0/lower_eno1", "../eno1")
    link("/sys/class/net/eno1/master", "../bond0")
    interface("bond0.100", 5, {"uevent": "DEVTYPE=vlan", "speed": "20000"}, device=False, mac="02:00:00:00:01:02")
    link("/sys/class/net/bond0.100/lower_bond0", "../bond0")
    interface("ens1", 6, {"speed": "40000", "mtu": "9000"})
    interface("ens2", 7, {"speed": "100"})
    interface("ens3", 8, {"speed": "65535"}, carrier="0")
    interface("team0", 9, {"speed": "2500"}, device=False)
    link("/sys/class/net/team0/lower_ens2", "../ens2")
    link("/sys/class/net/ens2/master", "../team0")
    interface("ib0", 10, {"type": "32", "speed": "56000"}, mac="80:00:02:08:fe:80:00:00:00:00:00:00:02:00:00:00:01:0a:00:01")
    interface("docker0", 11, {"uevent": "DEVTYPE=bridge"}, device=False, carrier="0")
    folder("/sys/class/net/docker0/bridge")
    interface("veth1a2b", 12, {"speed": "10000"}, device=False)
    interface("dummy0", 13, {}, device=False)
    interface("wg0", 14, {"type": "65534", "uevent": "DEVTYPE=wireguard"}, device=False, mac="00:00:00:00:00:00")
    interface("ppp0", 15, {"type": "512"}, device=False, mac="00:00:00:00:00:00")
    put("/sys/class/net/bonding_masters", "bond0")
    put("/captured/addresses", "bond0.100 192.0.2.10/24\nens1 198.51.100.20/25\nens1 198.51.100.21/25\ndocker0 172.17.0.1/16\n"
        "dummy0 10.99.0.1/32\nwg0 10.8.0.1/24\nppp0 203.0.113.5/32")
    put("/proc/net/route", "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
        "bond0.100\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0")
    # The kernel's own, of the host's end of a container's link: with each container another.
    put("/proc/net/if_inet6", "fe80000000000000001122fffe334455 0c 40 20 80 veth1a2b")
    put("/var/lib/dhcp/dhclient.ens1.leases", 'lease {\n  interface "ens1";\n  fixed-address 198.51.100.20;\n'
        "  option dhcp-server-identifier 198.51.100.1;\n}")


def processors(model, sockets, cores, threads):
    """Numbered thread by thread, and within a thread socket by socket."""
    put("/proc/cpuinfo", "\n".join(
        f"processor\t: {i}\nvendor_id\t: GenuineIntel\nmodel name\t: {model}\nphysical id\t: {i // cores % sockets}\n"
        f"core id\t\t: {i % cores}\nflags\t\t: fpu lm\n" for i in range(sockets * cores * threads)))


def superblock(seconds):
    block = bytearray(1024 + 0x108 + 4)
    block[1024 + 0x38:1024 + 0x3A] = b"\x53\xef"
    block[1024 + 0x108:] = struct.pack("<I", seconds)
    return bytes(block)


def desktop_packages():
    put("/etc/apt/sources.list", "# see ubuntu.sources\n# deb http://off.example noble main")
    put("/etc/apt/sources.list.d/ubuntu.sources", "Types: deb\nURIs: http://archive.ubuntu.com/ubuntu/\nSuites: noble noble-updates\n"
        "Components: main restricted universe\nSigned-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg\n\n"
        "Enabled: no\nTypes: deb\nURIs: http://archive.ubuntu.com/ubuntu/\nSuites: noble-proposed\nComponents: main")
    put("/etc/apt/sources.list.d/shop.list", "deb [arch=amd64 trusted=yes] https://me:TOPSECRET@shop.example.com/deb ./")
    put("/etc/apt/sources.list.d/old.list.save", "deb http://no.example x y")
    put("/var/lib/dpkg/arch", "amd64")
    put("/var/lib/dpkg/status", "Package: bash\nStatus: install ok installed\nInstalled-Size: 1900\nArchitecture: amd64\n"
        "Version: 5.2.21-2ubuntu4\nDescription: GNU Bourne Again SHell\nHomepage: http://tiswww.case.edu/php/chet/bash/bashtop.html\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nVersion: 1")
    put("/snap/firefox/4173/meta/snap.yaml", "name: firefox\nversion: 125.0.2-1\nsummary: Mozilla Firefox web browser\n"
        "description: |\n  version: no\narchitectures:\n- amd64\nbase: core22")
    link("/snap/firefox/current", "4173")
    link("/etc/alternatives/java", "/usr/lib/jvm/java-21-openjdk-amd64/bin/java")
    put("/usr/lib/jvm/java-21-openjdk-amd64/release", 'IMPLEMENTOR="Ubuntu"\nJAVA_RUNTIME_VERSION="21.0.4+7-Ubuntu-1ubuntu224.04"\n'
        'JAVA_VERSION="21.0.4"\nJAVA_VERSION_DATE="2024-07-16"\nOS_ARCH="x86_64"\nOS_NAME="Linux"\nSOURCE=""')
    put("/etc/default/locale", "LANG=fr_CA.UTF-8")
    put("/snap/README", "text")
    put("/var/lib/snapd/assertions/asserts-v0/snap-declaration/16/3wdHCAVyZEmYsCMFDE9qt92UV8rC8Wdk/active",
        "type: snap-declaration\nauthority-id: canonical\nsnap-name: firefox\npublisher-id: OgeoZuqQpVvSr9eGKJzNCrFGSaKXpkey\n\nsignature")
    put("/var/lib/snapd/assertions/asserts-v0/account/OgeoZuqQpVvSr9eGKJzNCrFGSaKXpkey/active",
        "type: account\ndisplay-name: Mozilla\nusername: mozilla\nvalidation: verified")


def desktop():
    disk("nvme0n1", "pci0000:00/0000:00:1d.0/nvme/nvme0", 2000409264,
         {"device/model": "WD PC SN740 SDDPNQD-1T00-1032", "device/serial": "TESTWD0001", "device/firmware_rev": "73103012"})
    disk("mmcblk0", "pci0000:00/mmc_host/mmc0/mmc0:aaaa", 62333952,
         {"device/name": "SD32G", "device/serial": "0x12345678", "device/manfid": "0x000003", "device/type": "SD", "device/fwrev": "0x0",
          "removable": "0"})
    virtual("dm-0", 1998000000, {"dm/name": "luks-home", "dm/uuid": "CRYPT-LUKS2-x"}, ("nvme0n1p3",))
    virtual("dm-1", 1990000000, {"dm/name": "vg-root", "dm/uuid": "LVM-abcdefghijklmnopqrstuvwxyz012345lv"}, ("dm-0",))
    virtual("dm-2", 100000, {"dm/name": "luks-data", "dm/uuid": "CRYPT-LUKS2-z"})
    virtual("zram0", 8000000, {})
    group = '{0} {{\n\tid = "{1}"\n\tformat = "lvm2"\n\textent_size = 8192\n\tphysical_volumes {{\n\t\tpv0 {{\n' \
        '\t\t\tdevice = "/dev/mapper/luks-home"\t# Hint only\n\t\t\tpe_count = 243000\n\t\t}}\n\t}}\n\tlogical_volumes {{\n\t\troot {{\n' \
        '\t\t\tstatus = ["READ", "WRITE", "VISIBLE"]\n\t\t\tsegment1 {{\n\t\t\t\textent_count = 242919\n\t\t\t\tstripe_count = 1\n' \
        '\t\t\t\tstripes = [\n\t\t\t\t\t"pv0", 0\n\t\t\t\t]\n\t\t\t}}\n\t\t}}\n\t}}\n}}'
    put("/etc/lvm/backup/vg", group.format("vg", "abcdef-ghij-klmn-opqr-stuv-wxyz-012345"))
    put("/etc/lvm/backup/away", group.format("away", "zzzzzz-ghij-klmn-opqr-stuv-wxyz-012345"))  # its disk is not here
    for part in ("dm-1", "dm-2"):
        folder("/sys/fs/btrfs/11111111-2222-3333-4444-555555555555/devices/" + part)
    folder("/sys/fs/btrfs/features")
    put("/dev/nvme0n1p2", superblock(1600000000))
    put("/proc/self/mountinfo", "40 1 0:30 /@ / rw - btrfs /dev/mapper/vg-root rw,subvol=/@\n"
        "41 40 0:30 /@home /home rw - btrfs /dev/mapper/vg-root rw,subvol=/@home\n"
        "42 40 0:30 / /mnt/pool rw - btrfs /dev/mapper/luks-data rw,subvol=/\n"
        "43 40 259:2 / /boot rw - ext4 /dev/nvme0n1p2 rw\n"
        "44 43 259:1 / /boot/efi rw - vfat /dev/nvme0n1p1 rw\n"
        "45 40 0:44 / /home/zoe/cloud rw - fuse.rclone remote: rw\n"
        "46 40 8:17 / /media/zoe/Stick\\040A rw - fuseblk /dev/sdb1 rw\n"
        "47 40 7:3 / /snap/core22/1122 ro - squashfs /dev/loop3 ro")
    put("/sys/devices/virtual/test/sdb1/size", "60000000")
    link("/sys/dev/block/8:17", "../../devices/virtual/test/sdb1")
    put("/captured/drives", "/ 951000 400000 1650000000\n/boot 974 600 1650000001\n/boot/efi 511 500 315532800\n/media/zoe/Stick A 29000 1000")
    desktop_packages()
    interface("wlp2s0", 3, {"uevent": "DEVTYPE=wlan", "phy80211/macaddress": "02:00:00:00:02:03"}, mac="7a:12:34:56:78:9a")
    interface("enp1s0", 2, {"speed": "1000"}, carrier="0")
    interface("wwan0", 4, {"type": "65534", "uevent": "DEVTYPE=wwan"}, mac="00:00:00:00:00:00")
    put("/captured/addresses", "wlp2s0 192.168.1.30/24")
    put("/proc/net/route", "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
        "wlp2s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0")
    put("/var/lib/NetworkManager/internal-0a-wlp2s0.lease", "ADDRESS=10.0.0.5\nSERVER_ADDRESS=10.0.0.1")
    put("/var/lib/NetworkManager/internal-0b-wlp2s0.lease", "ADDRESS=192.168.1.30\nSERVER_ADDRESS=192.168.1.1")


def main():
    global root
    root = sys.argv[1] + "/raid-server"
    base("db1.example.net", 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"')
    processors("Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", 2, 16, 2)
    server_disks()
    server_network()
    root = sys.argv[1] + "/lvm-desktop"
    base("desk", 'NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04.1 LTS"')
    processors("Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", 1, 6, 1)
    desktop()


main()
