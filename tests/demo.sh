#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job before your eyes, on a bare Debian 12 as root: installs what it needs, builds, then one inventory up and one package down,
# for two machines behind one caching proxy. --real: with Debian's own OCS server instead of the small test server.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
build=${OCS_DEMO_BUILD:-$top/build}
real=
for argument; do
  case $argument in
    --real) real=--real ;;
    *) echo "usage: tests/demo.sh [--real]" >&2; exit 2 ;;
  esac
done

say() { printf '%s\n' "$*"; }

say "Installing what is missing from Debian's packages …"
"$top/tests/install.sh" build test lab desktop
say "Building …"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { [ -e "$build/build.ninja" ] || meson setup "$build" "$top"; } >"$log" 2>&1 || ! ninja -C "$build" >>"$log" 2>&1; then
  tail -n 40 "$log" >&2
  echo "tests/demo.sh: the build failed, see above" >&2
  exit 1
fi
rm -f "$log"
trap - EXIT
OCS_BUILD_DIR=$build exec /usr/bin/python3 -B "$top/tests/demo.py" $real
