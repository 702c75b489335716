# SPDX-License-Identifier: GPL-3.0-or-later
"""Real panels and compositors without a screen: an X server or a sway of their own, a private bus and home, and whatever is started there.
Everything ends with the block, by its process id."""
import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

PREFIX = "org/ayatana/NotificationItem"
XFCE = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array"><value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/><property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="30"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property>
</channel>
"""
LXQT = """[General]
panels=panel1

[panel1]
plugins=statusnotifier
position=Top
panelSize=32
width=100
width-percent=true

[statusnotifier]
type=statusnotifier
"""
WAYBAR = '{"layer": "top", "height": 30, "modules-left": ["tray"], "tray": {"icon-size": 21}}'


def wait_until(condition, what, seconds=40):
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s in vain for {what}"
        time.sleep(0.05)


class Session:
    """A desktop of one program at a time. user: for what refuses root. What is fatal for us (G_DEBUG) would end others' panels and daemons:
    it is given to the tray alone."""

    def __init__(self, folder, user=None):
        self.folder = pathlib.Path(folder)
        self.user = user
        self.started = []
        self.environment = {key: value for key, value in os.environ.items()
                            if key not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XAUTHORITY", "SWAYSOCK", "G_DEBUG")}
        self.environment.update(HOME=folder, XDG_CONFIG_HOME=f"{folder}/config", XDG_CACHE_HOME=f"{folder}/cache", XDG_DATA_HOME=f"{folder}/data",
                                XDG_RUNTIME_DIR=f"{folder}/run", GSETTINGS_BACKEND="memory", NO_AT_BRIDGE="1", LC_ALL="C.UTF-8", LANGUAGE="")
        os.makedirs(f"{folder}/run", mode=0o700)
        self.write("config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml", XFCE)
        self.write("config/lxqt/panel.conf", LXQT)
        self.write("config/waybar/config", WAYBAR)
        self.write("config/waybar/style.css", "window { background: #202830; }\n")
        (self.folder / "data/icons").mkdir(parents=True)
        # As installed, and where the session's user may look, which a checkout need not be.
        shutil.copytree(pathlib.Path(self.environment.pop("OCS_ICON_DIR")) / "hicolor", self.folder / "data/icons/hicolor")
        self.write("config/sway/config", "output HEADLESS-1 resolution 800x600\n")
        if user:
            for path in [self.folder, *self.folder.rglob("*")]:
                if path.is_symlink():
                    continue
                shutil.chown(path, user.pw_uid, user.pw_gid)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def start(self, *command, **environment):
        """Standard error goes to log(program)."""
        name = pathlib.Path(command[0]).name
        command = self.as_user(command)
        with open(self.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen(command, env=dict(self.environment, **environment), stdout=subprocess.DEVNULL, stderr=log)
        self.started.append(process)
        return process

    def as_user(self, command):
        return ["setpriv", f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups", *command] if self.user else command

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def run(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=10, check=False)

    def bus(self):
        address = f"unix:path={self.folder}/run/bus"
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = address
        self.start("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}")
        wait_until(lambda: (self.folder / "run/bus").exists(), "the bus")

    def x_server(self):
        """-noreset: without it the end of the first xprop would reset the server under a window manager that has just come."""
        read, write = os.pipe()
        server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-noreset", "-screen", "0", "800x600x24", "-nolisten", "tcp"],
                                  pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)
        self.started.append(server)
        os.close(write)
        with os.fdopen(read) as stream:
            self.environment["DISPLAY"] = ":" + stream.readline().strip()
        self.environment["GDK_BACKEND"] = "x11"
        self.start("openbox", "--sm-disable")
        wait_until(lambda: "window id" in self.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK").stdout, "the window manager")

    def sway(self):
        self.start("sway", WLR_BACKENDS="headless", WLR_LIBINPUT_NO_DEVICES="1", WLR_RENDERER="pixman")
        display = wait_until(lambda: [path for path in (self.folder / "run").glob("wayland-*") if path.suffix != ".lock"], "sway")[0]
        sock = wait_until(lambda: list((self.folder / "run").glob("sway-ipc.*")), "sway's socket")[0]
        self.environment.update(WAYLAND_DISPLAY=display.name, SWAYSOCK=str(sock), GDK_BACKEND="wayland")

    def watcher(self, name):
        done = self.run(*self.as_user(("gdbus", "call", "--session", "-d", "org.kde.StatusNotifierWatcher", "-o", "/StatusNotifierWatcher",
                        "-m", "org.freedesktop.DBus.Properties.Get", "org.kde.StatusNotifierWatcher", name)))
        return done.stdout

    def wait_for_host(self):
        wait_until(lambda: "true" in self.watcher("IsStatusNotifierHostRegistered"), "a panel", 25)

    def wait_for_item(self):
        try:
            wait_until(lambda: PREFIX in self.watcher("RegisteredStatusNotifierItems"), "the icon")
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.watcher('RegisteredStatusNotifierItems').strip()}; it said: {self.log('ocs-tray')}") from None

    def picture(self, path):
        command = ["grim", path] if "WAYLAND_DISPLAY" in self.environment else ["import", "-window", "root", "-depth", "8", path]
        done = self.run(*map(str, command))
        assert done.returncode == 0, done.stderr
        return path

    def end(self):
        for process in reversed(self.started):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in reversed(self.started):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def session(kind, worker=None):
    """kind: "x11" or "wayland". worker: its socket is opened to the session's user."""
    user = pwd.getpwnam("nobody") if kind == "wayland" and os.geteuid() == 0 else None
    folder = tempfile.mkdtemp(prefix="ocs-hosts-")
    made = Session(folder, user)
    try:
        made.bus()
        if kind == "wayland":
            made.sway()
        else:
            made.x_server()
        yield made
    finally:
        made.end()
        shutil.rmtree(folder, ignore_errors=True)
