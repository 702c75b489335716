#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures what the inventory reads of this machine into a folder that it can read as a root: capture.py [--all] FOLDER.

Serial numbers, UUIDs and the people's names are left out unless --all is given; look through the result before you share it.
"""
import glob
import os
import subprocess
import sys

FILES = """
/etc/debian_version /etc/group /etc/hosts /etc/os-release /etc/passwd /etc/resolv.conf
/proc/cpuinfo /proc/meminfo /proc/net/if_inet6 /proc/net/ipv6_route /proc/net/route /proc/self/mountinfo /proc/stat
/proc/asound/cards /proc/device-tree/chassis-type /proc/device-tree/compatible
/sys/bus/usb/devices/*/bDevice* /sys/bus/usb/devices/*/bInterface* /sys/bus/usb/devices/*/idProduct /sys/bus/usb/devices/*/idVendor
/sys/bus/usb/devices/*/manufacturer /sys/bus/usb/devices/*/product
/sys/class/drm/card*/modes /sys/class/drm/card*/status /sys/class/drm/card*/device/of_node/compatible
/sys/class/power_supply/*/capacity /sys/class/power_supply/*/charge_full_design /sys/class/power_supply/*/cycle_count
/sys/class/power_supply/*/energy_full_design /sys/class/power_supply/*/manufacturer /sys/class/power_supply/*/model_name
/sys/class/power_supply/*/present /sys/class/power_supply/*/scope /sys/class/power_supply/*/status /sys/class/power_supply/*/technology
/sys/class/power_supply/*/type /sys/class/power_supply/*/voltage_*_design
/sys/devices/system/cpu/cpu*/acpi_cppc/nominal_freq
/usr/share/hwdata/pnp.ids /usr/share/misc/usb.ids
/proc/sys/kernel/arch /proc/sys/kernel/hostname /proc/sys/kernel/osrelease /proc/sys/kernel/version
/sys/block/*/dev /sys/block/*/hidden /sys/block/*/removable /sys/block/*/size
/sys/block/*/device/firmware_rev /sys/block/*/device/model /sys/block/*/device/name /sys/block/*/device/rev /sys/block/*/device/vendor
/sys/bus/pci/devices/*/class /sys/bus/pci/devices/*/device /sys/bus/pci/devices/*/mem_info_vram_total
/sys/bus/pci/devices/*/resource /sys/bus/pci/devices/*/revision /sys/bus/pci/devices/*/subsystem_device
/sys/bus/pci/devices/*/subsystem_vendor /sys/bus/pci/devices/*/vendor
/sys/class/dmi/id/bios_* /sys/class/dmi/id/board_name /sys/class/dmi/id/board_vendor /sys/class/dmi/id/chassis_type
/sys/class/dmi/id/product_name /sys/class/dmi/id/product_version /sys/class/dmi/id/sys_vendor
/sys/class/net/*/address /sys/class/net/*/carrier /sys/class/net/*/flags /sys/class/net/*/ifindex /sys/class/net/*/mtu
/sys/class/net/*/speed /sys/class/net/*/tun_flags /sys/class/net/*/type /sys/class/net/*/uevent
/sys/devices/system/cpu/cpu*/cache/index*/level /sys/devices/system/cpu/cpu*/cache/index*/shared_cpu_list
/sys/devices/system/cpu/cpu*/cache/index*/size /sys/devices/system/cpu/cpu*/cpufreq/base_frequency
/sys/devices/system/cpu/cpu*/cpufreq/cpuinfo_max_freq /sys/devices/system/cpu/cpu*/topology/*_id
/sys/block/*/device/fwrev /sys/block/*/device/manfid /sys/block/*/device/type /sys/block/*/dm/name /sys/block/*/dm/uuid
/sys/block/*/md/level /sys/class/net/*/bonding_slave/perm_hwaddr /sys/class/net/*/phy80211/macaddress
/snap/*/current/meta/snap.yaml /usr/share/misc/pci.ids /var/lib/dpkg/arch /var/lib/dpkg/status
/etc/default/locale /etc/locale.conf /usr/lib/jvm/*/release /var/lib/pacman/local/*/desc /lib/apk/db/installed
/var/lib/flatpak/app/*/*/*/active/deploy /var/lib/flatpak/runtime/*/*/*/active/deploy
""".split()
PRIVATE = """
/etc/yum.repos.d/*.repo /etc/distro.repos.d/*.repo /etc/zypp/repos.d/*.repo /etc/dnf/vars/* /etc/libvirt/*/*.xml /run/libvirt/*/*.xml
/etc/apt/sources.list /etc/apt/sources.list.d/* /etc/lvm/backup/* /var/lib/NetworkManager/*.lease /var/lib/dhcp/* /var/lib/dhcpcd/*
/var/lib/snapd/assertions/asserts-v0/account/*/active* /var/lib/snapd/assertions/asserts-v0/snap-declaration/16/*/active*
/etc/cups/ppd/*.ppd /etc/cups/printers.conf /proc/bus/input/devices /sys/bus/usb/devices/*/serial /sys/class/drm/card*/edid /sys/class/power_supply/*/serial_number
/proc/device-tree/model /proc/device-tree/serial-number /run/systemd/netif/leases/* /run/udev/data/b* /run/utmp
/sys/block/*/device/serial /sys/block/*/device/vpd_pg80 /sys/block/*/serial
/sys/class/dmi/id/*_serial /sys/class/dmi/id/chassis_asset_tag /sys/class/dmi/id/product_uuid
/sys/firmware/dmi/tables/DMI /sys/firmware/dmi/tables/smbios_entry_point
""".split()
LINKS = ["/etc/alternatives/java", "/usr/lib/jvm/default", "/sys/bus/pci/devices/*/driver", "/sys/bus/usb/devices/*/driver", "/sys/class/drm/card?/device",
         "/sys/class/net/*/lower_*", "/sys/class/net/*/master", "/sys/dev/block/*"]
FOLDERS = ["/sys/block/*/device", "/sys/block/*/holders/*", "/sys/block/*/slaves/*", "/sys/fs/btrfs/*/devices/*",
           "/sys/class/net/*/bonding", "/sys/class/net/*/bridge", "/sys/class/net/*/device", "/sys/class/net/*/wireless"]


def place(target, path):
    where = target + path
    os.makedirs(os.path.dirname(where), exist_ok=True)
    return where


def keep_way(target, path):
    """A disk's link tells where it is plugged in; what is written below it goes where it points to."""
    if os.path.islink(path):
        os.symlink(os.readlink(path), place(target, path))
        os.makedirs(os.path.join(os.path.dirname(target + path), os.readlink(path)), exist_ok=True)


def main():
    [target] = [word for word in sys.argv[1:] if word != "--all"]
    for path in glob.glob("/sys/block/*"):
        keep_way(target, path)
    for pattern in FILES + (PRIVATE if "--all" in sys.argv else []):
        for path in glob.glob(pattern):
            try:
                with open(path, "rb") as file:
                    content = file.read()
            except OSError:
                continue
            with open(place(target, path), "wb") as file:
                file.write(content)
    for pattern in LINKS:
        for path in glob.glob(pattern):
            if not os.path.lexists(place(target, path)):  # of a board, where the folder has files of its own
                os.symlink(os.readlink(path), place(target, path))
    for pattern in FOLDERS:
        for path in glob.glob(pattern):
            os.makedirs(place(target, path), exist_ok=True)
            open(place(target, path + "/uevent"), "a").close()  # git keeps no empty folder
    listing = subprocess.run(["ip", "-o", "-4", "addr"], capture_output=True, text=True).stdout
    with open(place(target, "/captured/addresses"), "w") as file:
        for line in listing.splitlines():
            words = line.split()
            if words[1] != "lo":
                file.write(f"{words[1]} {words[3]}\n")
    with open(place(target, "/captured/drives"), "w") as file:
        for line in open("/proc/self/mountinfo"):
            mount, source = line.split()[4], line.split(" - ")[1].split()[1]
            if source.startswith("/dev/"):
                space = os.statvfs(mount)
                file.write(f"{mount} {space.f_blocks * space.f_frsize >> 20} {space.f_bavail * space.f_frsize >> 20}\n")


main()
