# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by lab.sh: the folder, free ports, pid files, the environment file, the SOCKS proxy. Must not know the OCS server or Squid.

need() {
  for program in "$@"; do
    command -v "$program" >/dev/null || die "$program is missing: run tests/lab/lab.sh install"
  done
}

# Everything below the folder must be reachable for the users www-data and proxy, so a new one is 0755.
open_lab() {
  [ "$(id -u)" = 0 ] || die "must be root: Apache, MariaDB and Squid change their user"
  need python3 openssl setpriv
  [ -n "$1" ] || set -- "$(mktemp -d /tmp/ocs-lab.XXXXXX)"
  mkdir -p "$1"
  lab=$(cd "$1" && pwd)
  case $lab in *[!A-Za-z0-9/._+-]*) die "$lab: choose a folder with a plain name, it goes into configuration files" ;; esac
  chmod 755 "$lab"
  setpriv --reuid=65534 --clear-groups test -x "$lab" || die "$lab is not reachable for other users: choose a folder below 0755 folders"
  mkdir -p "$lab/env.d"
  "$here/make-ca.sh" "$lab/tls"
  printf 'LAB=%s\nCA_PEM=%s\nTLS_CERT=%s\nTLS_KEY=%s\n' "$lab" "$lab/tls/ca.pem" "$lab/tls/server.pem" "$lab/tls/server.key" >"$lab/env.d/00-lab"
}

write_env() {
  cat "$lab"/env.d/* >"$lab/env.new"
  mv "$lab/env.new" "$lab/env"
}

# In a fresh network namespace (unshare -n) even the loopback is down.
loopback_up() {
  python3 - <<'P' || die "cannot bring the loopback interface up"
import fcntl, socket, struct
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    flags = struct.unpack("16xH14x", fcntl.ioctl(s, 0x8913, struct.pack("16sH14x", b"lo", 0)))[0]
    if not flags & 1:
        fcntl.ioctl(s, 0x8914, struct.pack("16sH14x", b"lo", flags | 1))
P
}

# Prints N free ports. Kept apart from the ephemeral range, so that a client's connection cannot take one before the daemon has it.
free_ports() {
  python3 - "$1" <<'P'
import random, socket, sys
held = []
while len(held) < int(sys.argv[1]):
    s = socket.socket()
    try:
        s.bind(("127.0.0.1", random.randint(10000, 32000)))
        held.append(s)
    except OSError:
        s.close()
print(*(s.getsockname()[1] for s in held))
P
}

wait_port() {
  python3 - "$1" "${2:-20}" "${3:-127.0.0.1}" <<'P' || die "nothing answers on port $1"
import socket, sys, time
end = time.monotonic() + float(sys.argv[2])
while True:
    try:
        socket.create_connection((sys.argv[3], int(sys.argv[1])), 1).close()
        break
    except OSError:
        if time.monotonic() > end:
            sys.exit(1)
        time.sleep(0.05)
P
}

# Runs a program detached, with its output in a log and its pid in a file: detach NAME.pid NAME.log PROGRAM ARGS...
detach() {
  pid_file=$1 log_file=$2
  shift 2
  setsid "$@" </dev/null >>"$log_file" 2>&1 &
  echo $! >"$pid_file"
}

alive() {
  kill -0 "$(cat "$1" 2>/dev/null || echo none)" 2>/dev/null
}

# The lab is thrown away or restarted from clean files: it may end hard where a part will not end in time.
stop_pid_file() {
  # The part may end, and take its file along, at any moment.
  pid=$(cat "$1" 2>/dev/null || true)
  if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then
    kill "$pid" 2>/dev/null || true
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do
      sleep 0.1
      tries=$((tries + 1))
    done
    kill -9 "$pid" 2>/dev/null || true
  fi
  rm -f "$1"
}

start_socks() {
  need microsocks
  mkdir -p "$lab/socks"
  if ! alive "$lab/socks/socks.pid"; then
    port=$(free_ports 1)
    detach "$lab/socks/socks.pid" "$lab/socks/socks.log" microsocks -i 127.0.0.1 -p "$port"
    wait_port "$port" 5
    printf 'SOCKS_PORT=%s\n' "$port" >"$lab/env.d/30-socks"
  fi
}
