#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# compare_perl.py on a captured machine (tests/machines/NAME) instead of this one: what its firmware, keyboards and monitors say to
# both. As root; in a mount namespace of its own, so nothing of this machine changes. Needs dmidecode beside the agent.
#   compare_machine.sh NAME PROGRAM
set -eu
here=$(cd "$(dirname "$0")" && pwd)

if [ "${OCS_COMPARE_INSIDE:-}" = "" ]; then
  [ $# = 2 ] || { sed -n '3,5s/^# *//p' "$0" >&2; exit 2; }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  OCS_COMPARE_INSIDE=$work unshare -m --propagation private "$0" "$@" && exit 0 || exit $?
fi

work=$OCS_COMPARE_INSIDE
root=$(dirname "$here")/machines/$1
[ -d "$root/sys" ] || { echo "compare_machine.sh: $root is no captured machine" >&2; exit 2; }

# The agent asks dmidecode only where it can read /dev/mem.
mkdir "$work/dev" "$work/sys"
mount -t tmpfs dev "$work/dev"
for name in null zero urandom; do
  touch "$work/dev/$name"
  mount --bind "/dev/$name" "$work/dev/$name"
done
printf ' ' >"$work/dev/mem"
cp -a "$root/sys/." "$work/sys"
python3 - "$work/sys/firmware/dmi/tables" <<'EOF'
import os, struct, sys
folder = sys.argv[1]
if os.path.isdir(folder):  # dmidecode wants a whole entry point
    point = bytearray(b"_SM3_\0\x18\3\3\0\1\0" + struct.pack("<IQ", os.path.getsize(folder + "/DMI"), 0))
    point[5] = -sum(point) & 255
    with open(folder + "/smbios_entry_point", "wb") as file:
        file.write(point)
EOF
# It looks for monitors where the kernel has them, not where it lists them, and takes damaged data of one (notebook has some) as they stand.
if [ -d "$work/sys/class/drm" ]; then
  mkdir -p "$work/sys/devices/drm"
  cp -a "$work/sys/class/drm/." "$work/sys/devices/drm"
  rm -rf "$work/sys/devices/drm/card1-HDMI-A-1"
fi
for path in proc/cpuinfo proc/bus/input/devices; do
  [ ! -f "$root/$path" ] || mount --bind "$root/$path" "/$path"
done
mount --rbind "$work/dev" /dev
mount --rbind "$work/sys" /sys
exec /usr/bin/python3 "$here/compare_perl.py" --only=BIOS,MEMORIES,SLOTS,PORTS,INPUTS,MONITORS \
  env OCS_INVENTORY_ROOT="$root" "$2" --config=/dev/null --print-inventory
