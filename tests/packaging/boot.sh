#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Boots the systemd of a Debian tree in namespaces of its own (mounts, processes, cgroups; the network is the caller's): boot.sh TREE, as root.
# Ends with that systemd; whoever ends it ends all in it.
set -eu

if [ "${2:-}" != inside ]; then
  exec unshare --pid --fork --kill-child --mount --uts --ipc --cgroup "$0" "$1" inside
fi
tree=$1
mount --make-rprivate /
mount --bind "$tree" "$tree"
mount -t proc proc "$tree/proc"
mount -t sysfs sysfs "$tree/sys"
mount -t cgroup2 cgroup2 "$tree/sys/fs/cgroup"
for folder in run tmp dev; do mount -t tmpfs tmpfs "$tree/$folder"; done
chmod 1777 "$tree/tmp"
for device in null zero full random urandom tty; do
  touch "$tree/dev/$device"
  mount --bind "/dev/$device" "$tree/dev/$device"
done
mkdir "$tree/dev/pts" "$tree/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$tree/dev/pts"
mount -t tmpfs tmpfs "$tree/dev/shm"
ln -s pts/ptmx "$tree/dev/ptmx"
# No chroot: in one the kernel makes no user namespaces.
mkdir -p "$tree/.old"
cd "$tree"
pivot_root . .old
umount -l /.old
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
