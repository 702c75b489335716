# SPDX-License-Identifier: GPL-3.0-or-later
"""ocs-tray in the hosts that people have: xfce4-panel, lxqt-panel, an XEmbed tray (trayer), sway with waybar, and sway with no tray at all.
The icon is drawn and changes its shape with the state, comes back after the host was killed, and nothing critical is said.
The pictures go to OCS_SCREENSHOTS (or a temporary folder) to be looked at."""
import os
import pathlib
import shutil
import time

import gi
import pytest

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf  # noqa: E402

from fake_worker import FakeWorker, package  # noqa: E402
from hosts import session, wait_until  # noqa: E402

TRAY = os.environ["OCS_TRAY"]
COMMON = ("dbus-daemon", "gdbus", "Xvfb", "openbox", "xprop", "import")
WAYLAND = ("dbus-daemon", "gdbus", "sway", "grim", "setpriv")

HOSTS = {
    "xfce4-panel": ("x11", ("xfce4-panel", "--disable-wm-check"), COMMON),
    "lxqt-panel": ("x11", ("lxqt-panel",), COMMON),
    "waybar": ("wayland", ("waybar",), WAYLAND),
}
STATES = ("well", "working", "waiting", "needs_you", "away", "problem")
# The icon's corner of the screen.
CORNER = (40, 30)


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            pytest.skip(f"needs {program}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = pathlib.Path(os.environ.get("OCS_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    made.mkdir(parents=True, exist_ok=True)
    return made


@pytest.fixture
def worker(request):
    """In a folder that another user may enter."""
    place = pathlib.Path(os.path.realpath(f"/tmp/ocs-hosts-worker-{os.getpid()}-{abs(hash(request.node.name))}"))
    place.mkdir(mode=0o755)
    fake = FakeWorker(place / "worker.sock").start()
    os.chmod(fake.path, 0o666)
    yield fake
    fake.stop()
    shutil.rmtree(place)


def corner(made, path):
    """What is drawn where the icon is, without colour."""
    made.picture(path)
    picture = GdkPixbuf.Pixbuf.new_from_file(str(path)).new_subpixbuf(0, 0, *CORNER).copy()
    data, stride, channels = picture.get_pixels(), picture.get_rowstride(), picture.get_n_channels()
    return tuple(sum(data[y * stride + x * channels:y * stride + x * channels + 3]) // 3 for y in range(CORNER[1]) for x in range(CORNER[0]))


def far(one, other):
    """How many points differ plainly."""
    return sum(1 for a, b in zip(one, other) if abs(a - b) > 40)


def lead_through_states(made, worker, folder, name):
    """Each state gets another picture; a picture is waited for, since a panel draws when it likes."""
    seen = {}
    for state in STATES:
        worker.set(state=state, packages=[package("5", "scheduled")])
        path = folder / f"{name}-{state}.png"
        wait_until(lambda: all(far(corner(made, path), other) > 8 for other in seen.values()), f"another icon for {state}")
        time.sleep(0.3)
        seen[state] = corner(made, path)
    for state, shape in seen.items():
        assert max(shape) - min(shape) > 60, f"{state} can hardly be seen"
        assert all(far(shape, other) > 8 for key, other in seen.items() if key != state), f"{state} looks like another one"


def complaints(made):
    """GTK itself says one thing critical now and then while it embeds an icon, which it also does between two panels: not fatal here."""
    return [line for line in made.log("ocs-tray").splitlines() if line and "gdk_window_thaw_toplevel_updates" not in line]


@pytest.mark.parametrize("name", list(HOSTS))
def test_panel(worker, folder, name):
    kind, command, programs = HOSTS[name]
    need(command[0], *programs)
    with session(kind) as made:
        panel = made.start(*command)
        made.wait_for_host()
        tray = made.start(TRAY, f"--socket={worker.path}", "--background")
        made.wait_for_item()
        time.sleep(1)
        lead_through_states(made, worker, folder, name)
        panel.kill()
        panel.wait()
        wait_until(lambda: "true" not in made.watcher("IsStatusNotifierHostRegistered"), "the panel's end")
        made.start(*command)
        made.wait_for_host()
        made.wait_for_item()
        assert tray.poll() is None, made.log("ocs-tray")
        assert not [line for line in complaints(made) if "CRITICAL" in line]


def test_xembed(worker, folder):
    """Where there is no StatusNotifier host the library draws an XEmbed icon."""
    need("trayer", "xdotool", *COMMON)
    with session("x11") as made:
        made.start("trayer", "--edge", "top", "--align", "left", "--width", "30", "--height", "30")
        wait_until(lambda: made.run("xdotool", "search", "--onlyvisible", "--class", "trayer").stdout.strip(), "trayer")
        empty = corner(made, folder / "trayer-empty.png")
        tray = made.start(TRAY, f"--socket={worker.path}", "--background")
        wait_until(lambda: far(corner(made, folder / "trayer-well.png"), empty) > 8, "the icon")
        time.sleep(0.5)
        lead_through_states(made, worker, folder, "trayer")
        assert tray.poll() is None, made.log("ocs-tray")
        assert complaints(made) == []


def test_no_tray_at_all(worker, folder):
    """As on GNOME without its extension: it stays quietly, and the launcher opens the window."""
    need(*WAYLAND)
    with session("wayland") as made:
        tray = made.start(TRAY, f"--socket={worker.path}", "--background", G_DEBUG="fatal-criticals")
        wait_until(lambda: worker.called("Watch") == 1, "the watch")
        for state in STATES:
            worker.set(state=state)
            time.sleep(0.15)
        before = corner(made, folder / "sway-before.png")
        launched = made.start(TRAY, f"--socket={worker.path}")
        wait_until(lambda: "OCS Companion" in made.run("swaymsg", "-t", "get_tree").stdout, "the window")
        wait_until(lambda: far(corner(made, folder / "sway-window.png"), before) > 100, "the window's picture")
        assert launched.wait(10) == 0 and tray.poll() is None
        assert made.log("ocs-tray") == ""
