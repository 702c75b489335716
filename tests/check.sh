#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tries everything, from a bare Debian 12 on, as root: installs what is needed, builds with gcc and runs all tests, builds with clang,
# and runs unit and system tests under ASan and UBSan. The last line counts single cases: "N passed, N failed, N skipped".
#   tests/check.sh [--no-install] [gcc|clang|asan]...
# Builds in a folder of its own, which goes away at the end; OCS_CHECK_KEEP=1 keeps it.
set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS http_proxy https_proxy no_proxy OCS_COMPANION_SOCKET MAKEFLAGS CFLAGS LDFLAGS
install=yes
stages=()
passed=0 failed=0 skipped=0
child=

for word in "$@"; do
  case $word in
    --no-install) install=no ;;
    gcc | clang | asan) stages+=("$word") ;;
    *) echo "usage: tests/check.sh [--no-install] [gcc|clang|asan]..." >&2; exit 2 ;;
  esac
done
[ ${#stages[@]} -gt 0 ] || stages=(gcc clang asan)

# What a run that was killed has left behind.
for old in "${TMPDIR:-/tmp}"/ocs-check.*; do
  [ -f "$old/pid" ] && ! kill -0 "$(cat "$old/pid")" 2>/dev/null && rm -rf "$old"
done
work=$(mktemp -d "${TMPDIR:-/tmp}/ocs-check.XXXXXX") || exit 1
# The couriers, which run as somebody else, start a program from here.
chmod 755 "$work"
echo $$ >"$work/pid"

clean() {
  [ -z "$child" ] || kill -TERM -- "-$child" 2>/dev/null
  if [ -n "${OCS_CHECK_KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# In a process group of its own, so that it ends with us; waited for so that signals reach us meanwhile.
run() {
  setsid "$@" &
  child=$!
  wait "$child"
  local status=$?
  child=
  return $status
}

fail() { # what, log
  failed=$((failed + 1))
  echo "FAILED: $1"
  tail -n 40 "$2" | sed 's/^/    /'
}

build() { # stage, meson options
  local stage=$1 start=$SECONDS
  shift
  if run meson setup "$work/$stage" "$root" -Dwerror=true "$@" >"$work/$stage.log" 2>&1 && run ninja -C "$work/$stage" >>"$work/$stage.log" 2>&1; then
    passed=$((passed + 1))
    echo "$stage: built in $((SECONDS - start)) s"
    return 0
  fi
  # What the compiler said, without meson's and ninja's own lines.
  sed -n '/^FAILED:\|ERROR:/,$p' "$work/$stage.log" | grep -v '^\[[0-9]*/[0-9]*\] [A-Z]' >"$work/$stage.errors"
  [ -s "$work/$stage.errors" ] || cp "$work/$stage.log" "$work/$stage.errors"
  fail "$stage: build" "$work/$stage.errors"
  return 1
}

# Counts cases, not programs: see count-cases.py.
try() { # stage, meson test options
  local stage=$1 start=$SECONDS counts
  shift
  # Meson 1.0 ends with an assertion at the second of two TAP tests of one name.
  if meson test -C "$work/$stage" --no-rebuild --list 2>/dev/null | sort | uniq -d >"$work/$stage.twice" && [ -s "$work/$stage.twice" ]; then
    fail "$stage: two tests have the same name: rename one in its meson.build" "$work/$stage.twice"
  fi
  # More than there are cores: most of the system tests' time is waiting.
  run meson test -C "$work/$stage" --no-rebuild --num-processes 3 "$@" >"$work/$stage.test.log" 2>&1
  local status=$? again=() log="$work/$stage.testlog.json"
  cp "$work/$stage/meson-logs/testlog.json" "$log" 2>/dev/null
  # A desktop under load may be late for a test; what fails by itself too has failed.
  mapfile -t again < <(/usr/bin/python3 "$here/count-cases.py" --failed "$log" 2>/dev/null | grep .)
  if [ ${#again[@]} -gt 0 ] && [ ${#again[@]} -le 4 ]; then
    run meson test -C "$work/$stage" --no-rebuild --num-processes 1 --timeout-multiplier 3 "${again[@]}" >>"$work/$stage.test.log" 2>&1
    status=$?
    again=("$work/$stage/meson-logs/testlog.json")
  else
    again=()
  fi
  if ! /usr/bin/python3 "$here/count-cases.py" "$log" "$work/$stage.counts" "${again[@]}"; then
    fail "$stage: tests left no log" "$work/$stage.test.log"
    return
  fi
  read -r -a counts <"$work/$stage.counts"
  passed=$((passed + counts[0])) failed=$((failed + counts[1])) skipped=$((skipped + counts[2]))
  [ "$status" = 0 ] || [ "${counts[1]}" -gt 0 ] || fail "$stage: meson test ended with $status" "$work/$stage.test.log"
  echo "$stage: tests in $((SECONDS - start)) s: ${counts[0]} passed, ${counts[1]} failed, ${counts[2]} skipped"
}

stage_gcc() {
  build gcc -Dtray=enabled && try gcc
}

stage_clang() {
  CC=clang build clang -Dtray=enabled && try clang --suite unit
}

stage_asan() {
  export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1
  # Font lists of libfontconfig that a tray still holds when it ends.
  echo leak:libfontconfig >"$work/asan.leaks"
  export LSAN_OPTIONS=print_suppressions=0:suppressions=$work/asan.leaks
  export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
  build asan -Dtray=enabled -Db_sanitize=address,undefined -Db_lundef=false && try asan --suite unit --suite system --timeout-multiplier 3
}

if [ $install = yes ]; then
  start=$SECONDS
  if run "$here/install.sh" >"$work/install.log" 2>&1; then
    echo "install: $((SECONDS - start)) s"
  else
    fail install "$work/install.log"
    stages=()
  fi
fi
for stage in "${stages[@]}"; do
  "stage_$stage"
done
echo "all: $SECONDS s"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
