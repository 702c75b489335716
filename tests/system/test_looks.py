# SPDX-License-Identifier: GPL-3.0-or-later
"""The looks of the session are read when a window is needed and not before, which is a quarter of the memory of the icon alone; each way to a
window has them then, and what GTK_THEME names is left alone."""
import subprocess

import pytest

from fake_worker import question
from test_dialogs import ask, button
from traytest import APPLICATION, STARTED, Tray, skip_without_display, watcher, worker  # noqa: F401

try:
    from desktop import Atspi, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display

PADDED = 28  # pixels; a button without any rule is as high as its words


def brightness(window):
    """0 to 1: of what is most of the window."""
    place = window.get_extents(Atspi.CoordType.SCREEN)
    part = f"{place.width}x{place.height}+{max(place.x, 0)}+{max(place.y, 0)}"
    picture = subprocess.run(["import", "-silent", "-window", "root", "png:-"], capture_output=True, timeout=20, check=True).stdout
    said = subprocess.run(["convert", "png:-", "-crop", part, "-colorspace", "gray", "-scale", "1x1!", "-format", "%[fx:mean]", "info:-"],
                          input=picture, capture_output=True, timeout=20, check=True).stdout
    return float(said)


def act(*action):
    subprocess.run(["gapplication", "action", APPLICATION, *action], check=True, timeout=20)


@pytest.fixture
def begin(watcher, worker, monkeypatch, tmp_path):
    begun = []

    def start(dark=False, theme="Adwaita", **environment):
        (tmp_path / "gtk-3.0").mkdir()
        (tmp_path / "gtk-3.0/settings.ini").write_text(f"[Settings]\ngtk-theme-name={theme}\ngtk-application-prefer-dark-theme={int(dark)}\n")
        monkeypatch.delenv("GTK_THEME", raising=False)
        monkeypatch.setitem(STARTED, "XDG_CONFIG_HOME", str(tmp_path))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        watcher.item = None
        begun.append(Tray(worker, "--background"))
        wait_for(lambda: watcher.has_item_of(begun[0].process.pid), "the icon")
        wait_for(lambda: watcher.labels()[0] == "All is well", "the menu")
        return begun[0].process
    yield start
    for each in begun:
        each.stop()


def height(name):
    return wait_for(lambda: button(name), name).get_extents(Atspi.CoordType.SCREEN).height


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_window(begin, dark):
    begin(dark)
    act("show", "'overview'")
    wait_for(lambda: height("Send inventory now") >= PADDED, "the looks")
    wait_for(lambda: (brightness(Screen.window()) < 0.4) == dark, "the session's")


def test_not_before(begin, tmp_path, monkeypatch, capfd):
    """Looks with a mistake, of which GTK complains when it reads them."""
    (tmp_path / "themes/Broken/gtk-3.0").mkdir(parents=True)
    (tmp_path / "themes/Broken/gtk-3.0/gtk.css").write_text("button { no-such-thing: 1; }\n")
    monkeypatch.setitem(STARTED, "XDG_DATA_HOME", str(tmp_path))
    begin(theme="Broken")
    assert "no-such-thing" not in capfd.readouterr().err
    act("show", "'overview'")
    wait_for(Screen.window, "the window")
    assert "no-such-thing" in capfd.readouterr().err


def test_question(begin, worker):
    begin(dark=True)
    ask(worker, question())
    wait_for(lambda: height("Install now") >= PADDED, "the looks")
    wait_for(lambda: brightness(Screen.window()) < 0.4, "the session's")


@pytest.mark.parametrize("action, name", [("about", "Close"), ("setup", "Cancel")])
def test_other_windows(begin, action, name):
    begin(dark=True)
    act(action)
    wait_for(Screen.window, "the window")
    wait_for(lambda: brightness(Screen.window()) < 0.4, "the session's")


def test_variable(begin):
    begin(GTK_THEME="HighContrastInverse")
    act("show", "'overview'")
    wait_for(Screen.window, "the window")
    wait_for(lambda: brightness(Screen.window()) < 0.3, "what it names")
