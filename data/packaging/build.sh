#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the Debian packages of what is committed.
#   data/packaging/build.sh [--output=DIR] [--commit=COMMIT] [--version=VERSION] [--tree=TREE] [--check]
# DIR: where the packages go (.). COMMIT: HEAD. VERSION: one that is not in the changelog, to try upgrades. TREE: another Debian in a folder,
# with what the build needs, to build in, as root. --check: run the unit tests too.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
output=.
commit=HEAD
version=
tree=
options=nocheck

for word in "$@"; do
  case $word in
    --output=*) output=${word#*=} ;;
    --commit=*) commit=${word#*=} ;;
    --version=*) version=${word#*=} ;;
    --tree=*) tree=${word#*=} ;;
    --check) options= ;;
    *) sed -n 's/^#   /usage: /p' "$0" >&2; exit 2 ;;
  esac
done
mkdir -p "$output"
output=$(cd "$output" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/ocs-build.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# One name for the folder, whatever the version, so that the same sources give the same bytes.
source=$work/ocs-companion
mkdir "$source"
git -C "$root" archive "$commit" | tar -x -C "$source"
cp -a "$source/data/packaging/debian" "$source/debian"
if [ -n "$version" ]; then
  sed "s/^ocs-companion ([^)]*)/ocs-companion ($version)/; s/^  \* .*/  * A build to try./" "$source/debian/changelog" >"$work/entry"
  { cat "$work/entry"; echo; cat "$source/data/packaging/debian/changelog"; } >"$source/debian/changelog"
fi

cd "$source"
jobs=$(nproc)
export LC_ALL=C.UTF-8 DEB_BUILD_OPTIONS="$options parallel=$jobs" DEB_BUILD_PROFILES="$options"
if [ -z "$tree" ]; then
  dpkg-buildpackage -us -uc -b
else
  # Its own processes and mounts, which end with it.
  # shellcheck disable=SC2016 # for the shell in there
  unshare --mount --pid --fork --kill-child sh -ec 'mkdir -p "$1/build"
    mount --bind "$2" "$1/build"
    mount -t proc proc "$1/proc"
    exec chroot "$1" sh -c "cd /build/ocs-companion && exec dpkg-buildpackage -us -uc -b"' sh "$tree" "$work"
fi
mv "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo "$output"
