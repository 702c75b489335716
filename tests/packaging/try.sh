#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tries the Debian packages of what is committed, as root: try.sh [DIR [pytest options]]. What it makes stays in DIR for the next time
# (without DIR it goes away). The tests have a network of their own, and see nothing but loopback.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=${1:-}
[ $# = 0 ] || shift
if [ -z "$work" ]; then
  work=$(mktemp -d "${TMPDIR:-/tmp}/ocs-packaging.XXXXXX")
  trap 'rm -rf "$work"' EXIT
fi
"$here/prepare.sh" "$work"
work=$(cd "$work" && pwd)
export OCS_PACKAGING_DIR=$work OCS_BUILD_DIR=$work/build
unshare --net sh -c 'ip link set lo up && exec "$@"' sh /usr/bin/python3 -B -m pytest -q -p no:cacheprovider "$here" "$@"
