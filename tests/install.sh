#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the Debian packages of the named sections of tests/lab/packages.txt (all sections, if none is named).
# Keeps their services down: nothing is started by the installation, and the machine's own policy-rc.d is put back.
# shellcheck disable=SC2046,SC2086,SC2116 # lists of names, which are split
set -eu

here=$(cd "$(dirname "$0")" && pwd)
list=$here/lab/packages.txt
policy=/usr/sbin/policy-rc.d

wanted() {
  [ $# -gt 0 ] || set -- $(sed -n 's/^\[\(.*\)\]$/\1/p' "$list")
  for section in "$@"; do
    grep -qx "\[$section\]" "$list" || { echo "install.sh: no section '$section' in $list" >&2; exit 2; }
    awk -v s="[$section]" '/^\[/ { on = ($0 == s); next } on && NF && !/^#/' "$list"
  done | sort -u
}

missing() {
  for name in $(wanted "$@"); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
  done
}

restore_policy() {
  if [ -e "$policy.ocs-saved" ]; then mv -f "$policy.ocs-saved" "$policy"; else rm -f "$policy"; fi
}

packages=$(missing "$@")
[ -n "$packages" ] || exit 0
[ "$(id -u)" = 0 ] || { echo "install.sh: must be root to install: $(echo $packages)" >&2; exit 1; }

log=$(mktemp)
trap 'restore_policy; rm -f "$log"' EXIT
trap 'exit 1' INT TERM
# A copy left by a killed run is the machine's own; never save ours over it.
if [ -e "$policy" ] && [ ! -e "$policy.ocs-saved" ]; then mv "$policy" "$policy.ocs-saved"; fi
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
apt="apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3"
# Package lists are fetched only where there are none, or where they turn out to be too old.
if ! $apt install --no-install-recommends --simulate $packages >/dev/null 2>&1; then $apt update >"$log" 2>&1 || { cat "$log" >&2; exit 1; }; fi
if ! $apt install --no-install-recommends $packages >"$log" 2>&1; then
  $apt update >"$log" 2>&1 || true
  $apt install --no-install-recommends $packages >>"$log" 2>&1 || { tail -n 30 "$log" >&2; exit 1; }
fi
