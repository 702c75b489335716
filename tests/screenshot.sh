#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Pictures of the tray in a real panel, without a display: Xvfb, a private session bus, openbox, xfce4-panel, ocs-tray.
#   tests/screenshot.sh SOCKET FOLDER [NAME]
# saves FOLDER/NAME-panel.png, NAME-menu.png (the menu is open) and NAME-window.png, and NAME-PAGE.png for each page of the window that
# OCS_PAGES names (and the window of a question, for the page called question). SOCKET is a worker's.
# OCS_TRAY is the program (else ocs-tray from PATH), OCS_ICON_DIR the icons where they are not installed, OCS_SCREEN the size.
# Ends 0 when all three are saved, 77 when a program is missing (which one is said).
set -eu

wait_for() { # SECONDS COMMAND...
    tries=$(($1 * 10)); shift
    while ! "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { echo "screenshot.sh: waited in vain for: $*" >&2; return 1; }
        sleep 0.1
    done
}

watcher() { # PROPERTY
    gdbus call --session -d org.kde.StatusNotifierWatcher -o /StatusNotifierWatcher \
        -m org.freedesktop.DBus.Properties.Get org.kde.StatusNotifierWatcher "$1"
}
host_is_there() { watcher IsStatusNotifierHostRegistered | grep -q true; }
item_is_there() { watcher RegisteredStatusNotifierItems | grep -q NotificationItem; }
shot() { import -window root -depth 8 -define png:compression-level=9 "$folder/$name-$1.png"; }

started=
start() { "$@" & started="$! $started"; }
finish() {
    for pid in $started; do kill "$pid" 2>/dev/null || true; done
    for pid in $started; do wait "$pid" 2>/dev/null || true; done
}

inside() {
    trap finish EXIT
    convert -size "$screen" gradient:'#4a7ba6-#22405f' "$HOME/background.png"
    start env -u G_DEBUG openbox --sm-disable
    display -window root "$HOME/background.png" || true
    start env -u G_DEBUG xfce4-panel --disable-wm-check
    wait_for 20 host_is_there
    start "$tray" --socket="$socket" --background
    wait_for 10 item_is_there
    sleep 1
    shot panel
    xdotool mousemove 16 15 click 1
    sleep 1
    shot menu
    xdotool key Escape
    "$tray"
    wait_for 10 xdotool search --onlyvisible --name '^OCS Companion$'
    xdotool mousemove 700 590
    sleep 1
    shot window
    for page in ${OCS_PAGES:-}; do
        case $page in
            question) gapplication action org.ocscompanion.Tray question "''" ;;
            *) gapplication action org.ocscompanion.Tray show "'$page'" ;;
        esac
        sleep 1.5
        shot "$page"
    done
}

socket=$1 folder=$2 name=${3:-tray}
tray=${OCS_TRAY:-ocs-tray} screen=${OCS_SCREEN:-800x600}
if [ "${4:-}" = inside ]; then
    inside
    exit 0
fi

for program in Xvfb dbus-run-session gdbus openbox xfce4-panel xdotool import "$tray"; do
    command -v "$program" >/dev/null || { echo "screenshot.sh: $program is not installed" >&2; exit 77; }
done
mkdir -p "$folder"
home=$(mktemp -d)
server=
clean_up() { # what the bus started may still write while it ends
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$home" 2>/dev/null || { sleep 1; rm -rf "$home" || true; }
}
trap clean_up EXIT
export HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" XDG_DATA_HOME="$home/data" XDG_RUNTIME_DIR="$home/run"
export GSETTINGS_BACKEND=memory GDK_BACKEND=x11 NO_AT_BRIDGE=1
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XAUTHORITY
mkdir -p "$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
cat >"$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="30"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
        <value type="int" value="3"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
    <property name="plugin-2" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-3" type="string" value="clock"/>
  </property>
</channel>
END
mkfifo "$home/display"
Xvfb -displayfd 3 -noreset -screen 0 "${screen}x24" -nolisten tcp 3>"$home/display" >"$home/xvfb.log" 2>&1 &
server=$!
DISPLAY=:$(head -n 1 "$home/display")
export DISPLAY
dbus-run-session -- "$0" "$socket" "$folder" "$name" inside 2>"$home/log" || { cat "$home/log" >&2; exit 1; }
