#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes what the tests of the packages need in a folder: prepare.sh DIR, as root, about 3 minutes.
#   DIR/old, DIR/again  the packages of HEAD, built twice         DIR/new  the same as a later version
#   DIR/tree            a Debian (OCS_SUITE, bookworm) with systemd and what the package depends on; made once, as are the programs in DIR/build
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
mirror=${OCS_MIRROR:-http://deb.debian.org/debian}
suite=${OCS_SUITE:-bookworm}
mkdir -p "${1:?prepare.sh: name the folder}"
work=$(cd "$1" && pwd)
commit=$(git -C "$root" rev-parse "${OCS_COMMIT:-HEAD}")

quietly() { # what, command...
  local what=$1
  shift
  "$@" >"$work/log" 2>&1 || { echo "prepare.sh: $what failed:" >&2; tail -n 30 "$work/log" >&2; exit 1; }
}

rm -rf "$work/old" "$work/again" "$work/new"
quietly "the build" "$root/data/packaging/build.sh" --commit="$commit" --output="$work/old"
quietly "the second build" "$root/data/packaging/build.sh" --commit="$commit" --output="$work/again"
quietly "the build of a later version" "$root/data/packaging/build.sh" --commit="$commit" --output="$work/new" --version=9.9.9

[ -e "$work/build/build.ninja" ] || quietly "meson" meson setup "$work/build" "$root" -Dtray=disabled
quietly "ninja" ninja -C "$work/build" tests/lab/ocs-test-server

if [ ! -e "$work/tree.done" ]; then
  rm -rf "$work/tree"
  quietly "debootstrap" debootstrap --variant=minbase --include=systemd,dbus,procps "$suite" "$work/tree" "$mirror"
  depends=$(dpkg-deb -f "$work"/old/ocs-companion_*.deb Depends)
  # shellcheck disable=SC2016 # for the shell in the tree
  quietly "what the package depends on" unshare --mount --pid --fork chroot "$work/tree" \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive sh -c \
    'mount -t proc proc /proc && apt-get -q update && apt-get -q -y satisfy --no-install-recommends "$1" && apt-get clean' sh "$depends"
  touch "$work/tree.done"
fi
