#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The lab of real parts: Debian's OCS server (Apache, mod_perl, MariaDB), Squid (plain, Basic, Digest) and a SOCKS proxy,
# all on free loopback ports, all below one folder, started directly and stopped by pid file. Needs root, no systemd.
#
#   lab.sh install                                          the Debian packages
#   lab.sh start [--real] [--squid[=KIND,...]] [--socks] [--proxy=KIND,...] [--cache=KIND,...] [LAB]   without an option: all but caches; prints the folder
#   lab.sh stop LAB | status LAB
#
# KIND: plain, basic, digest; by name only: negotiate (brings a Kerberos realm), ntlm, inspect (opens TLS), manual (as the manual says), tls (spoken to over TLS).
# KIND of another proxy: tinyproxy, tinyproxy-basic, socks5-login, dante (SOCKS 4, 4a, 5).
# KIND of a cache: nginx, varnish (CACHE_ORIGIN=HOST:PORT), ats, ats-quiet, nginx-manual (CACHE_ORIGIN too), ats-manual; on CACHE_ADDRESS. LAB/env says where everything is (shell syntax). SQUID_EXTRA: further lines for each squid.conf.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
export PATH LC_ALL=C

die() {
  echo "lab.sh: $*" >&2
  exit 1
}

usage() {
  sed -n 's/^#   lab/usage: lab/p' "$here/lab.sh" >&2
  exit 2
}

. "$here/lab-parts.sh"
. "$here/lab-real.sh"
. "$here/lab-kdc.sh"
. "$here/lab-squid.sh"
. "$here/lab-caches.sh"
. "$here/lab-proxies.sh"

start() {
  real='' squids='' socks='' caches='' proxies='' lab='' real_job=''
  while [ $# -gt 0 ]; do
    case $1 in
      --real) real=1 ;;
      --squid) squids='plain basic digest' ;;
      --squid=*) squids=$(echo "${1#--squid=}" | tr , ' ') ;;
      --socks) socks=1 ;;
      --proxy=*) proxies=$(echo "${1#--proxy=}" | tr , ' ') ;;
      --cache=*) caches=$(echo "${1#--cache=}" | tr , ' ') ;;
      -*) usage ;;
      *) lab=$1 ;;
    esac
    shift
  done
  if [ -z "$real$squids$socks$caches$proxies" ]; then
    real=1 socks=1 squids='plain basic digest'
  fi
  open_lab "$lab"
  loopback_up
  # Half a lab is none: what runs already ends when a part does not start.
  trap '[ -z "$real_job" ] || wait "$real_job" || true; stop "$lab"' EXIT
  # The parts do not need each other, so the slow ones start side by side.
  if [ -n "$real" ]; then start_real & real_job=$!; fi
  for kind in $squids; do start_squid "$kind"; done
  for kind in $proxies; do start_proxy "$kind"; done
  for kind in $caches; do start_cache "$kind"; done
  [ -z "$socks" ] || start_socks
  if [ -n "$real" ]; then wait "$real_job" || die "the OCS server did not start, see $lab/real/*.log"; fi
  write_env
  trap - EXIT
  echo "$lab"
}

stop() {
  lab=${1:?lab.sh: name the lab folder}
  [ -d "$lab" ] || die "no lab at $lab"
  lab=$(cd "$lab" && pwd)
  for pid in "$lab"/*/*.pid; do
    [ ! -e "$pid" ] || ! alive "$pid" || kill "$(cat "$pid")" 2>/dev/null || true
  done
  for pid in "$lab"/*/*.pid; do
    [ ! -e "$pid" ] || stop_pid_file "$pid"
  done
  rm -rf "$lab/env.d" "$lab/env"
}

status() {
  lab=${1:?lab.sh: name the lab folder}
  rc=0
  for pid in "$lab"/*/*.pid; do
    [ -e "$pid" ] || { echo "nothing runs in $lab"; return 1; }
    if alive "$pid"; then echo "$(basename "$pid" .pid) runs"; else echo "$(basename "$pid" .pid) is dead"; rc=1; fi
  done
  return $rc
}

[ $# -gt 0 ] || usage
verb=$1
shift
case $verb in
  install)
    "$here/../install.sh" lab
    unpack_squid_openssl
    ;;
  start) start "$@" ;;
  stop) stop "$@" ;;
  status) status "$@" ;;
  *) usage ;;
esac
