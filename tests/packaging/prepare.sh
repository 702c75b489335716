#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes what the tests of the packages need in a folder: prepare.sh DIR, as root.
#   DIR/old, DIR/again  the packages of HEAD, built twice         DIR/new  the same as a later version
#   DIR/tree            a Debian (OCS_SUITE, bookworm) with systemd and what the package depends on
#   DIR/archives        packages of that Debian that single tests install: the Perl agent, polkitd
#   DIR/builder         where it is another Debian than this: one that has what the build needs
# All but the packages are made once, as are the programs in DIR/build.
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

inside() { # tree, shell text, arguments...
  local tree=$1 text=$2
  shift 2
  # shellcheck disable=SC2016 # for the shell in the tree
  unshare --mount --pid --fork --kill-child chroot "$tree" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
    sh -ec 'mount -t proc proc /proc; text=$1; shift; eval "$text"' sh "$text" "$@"
}

once() { # name, command...
  local name=$1
  shift
  [ ! -e "$work/$name.done" ] || return 0
  rm -rf "${work:?}/$name"
  "$@"
  touch "$work/$name.done"
}

packages() { # folder, options...
  local folder=$work/$1
  shift
  rm -rf "$folder"
  quietly "the build of $folder" "$root/data/packaging/build.sh" --commit="$commit" --output="$folder" "${builder[@]}" "$@"
}

# Between the first debootstrap and the last look there is no other way to know what Debian has: the lists come with the tree.
make_base() {
  quietly "debootstrap" debootstrap --variant=minbase --include=systemd,dbus,procps "$suite" "$work/base" "$mirror"
  quietly "the lists of packages" inside "$work/base" "apt-get -q update"
}

make_builder() {
  cp -a "$work/base" "$work/builder"
  needs=$(sed -n '/^Build-Depends:/,/^[A-Z][a-z-]*:.*/{/^Build-Depends:/s/^[^:]*://;/^[A-Z]/d;/<!nocheck>/d;p}' \
    "$root/data/packaging/debian/control" | tr '\n' ' ')
  # shellcheck disable=SC2016 # for the shell in the tree
  quietly "what the build needs" inside "$work/builder" \
    'apt-get -q -y satisfy --no-install-recommends "build-essential, $1"; apt-get clean' "${needs%,*}"
}

make_tree() {
  cp -a "$work/base" "$work/tree"
  depends=$(dpkg-deb -f "$work"/old/ocs-companion_*.deb Depends)
  # shellcheck disable=SC2016 # for the shell in the tree
  quietly "what the package depends on" inside "$work/tree" 'apt-get -q -y satisfy --no-install-recommends "$1"; apt-get clean' "$depends"
}

make_archives() {
  quietly "packages for single tests" inside "$work/tree" \
    'apt-get -q -y --download-only --no-install-recommends install ocsinventory-agent polkitd'
  mkdir "$work/archives"
  mv "$work"/tree/var/cache/apt/archives/*.deb "$work/archives"
}

once base make_base
builder=()
# shellcheck source=/dev/null
if [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" != "$suite" ]; then
  once builder make_builder
  builder=(--tree="$work/builder")
fi
packages old
packages again
packages new --version=9.9.9
[ -e "$work/build/build.ninja" ] || quietly "meson" meson setup "$work/build" "$root" -Dtray=disabled
quietly "ninja" ninja -C "$work/build" tests/lab/ocs-test-server
once tree make_tree
once archives make_archives
