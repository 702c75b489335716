# SPDX-License-Identifier: GPL-3.0-or-later
"""ocs-tray in a real xfce4-panel under Xvfb: the icon is drawn, the menu opens on a click, the window comes up. The pictures go to
OCS_SCREENSHOTS (or a temporary folder) to be looked at."""
import os
import pathlib
import subprocess

import gi
import pytest

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf  # noqa: E402

from fake_worker import FakeWorker, outcome, package, question, reason  # noqa: E402

SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "screenshot.sh"

STATES = {
    "well": {"outcome": outcome("sent"), "packages": [package("1763733600", "reported", result="SUCCESS")]},
    "working": {
        "state": "working", "outcome": outcome("sent"),
        "job": {"kind": "downloading", "package": "1763820001", "done": 47185920, "total": 104857600, "rate": 9400000, "from_cache": 40000000,
                "from_wan": 7185920},
        "packages": [package("1763820001", "fetching", fragments_done=9, fragments_total=20), package("1763733600", "reported", result="SUCCESS")]},
    "waiting": {"state": "waiting", "packages": [package("1763820001", "scheduled")]},
    "needs-you": {"state": "needs_you", "packages": [package("1763820001", "asking")], "questions": [question(ident="1763820001")]},
    "away": {"state": "away", "reason": reason("unreachable", "no route to ocs.example.org")},
    "off": {"state": "waiting", "reason": reason("refused", "the server wants nothing from this machine: its administrator has switched it off")},
    "problem": {
        "state": "problem", "insecure": True, "warnings": ["line 7 of ocsinventory.ini: unknown key Servre, ignored"],
        "reason": reason("proxy-auth", "cache.example.org:3128 wants another login: check ProxyUser and ProxyPwd in ocsinventory.ini"),
        "proxy": {"kind": "http", "host": "cache.example.org", "port": 3128, "reason": reason("proxy-auth", "407")}},
}


PAGES = {"working": ["deployments", "connection", "inventory"], "needs-you": ["question"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return pathlib.Path(os.environ.get("OCS_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))


def pixels(path, left, top, width, height):
    """The colours in a rectangle of a picture, and how often each is there."""
    part = GdkPixbuf.Pixbuf.new_from_file(str(path)).new_subpixbuf(left, top, width, height).copy()
    data, stride, channels = part.get_pixels(), part.get_rowstride(), part.get_n_channels()
    counts = {}
    for y in range(height):
        for x in range(width):
            colour = data[y * stride + x * channels:y * stride + x * channels + 3]
            counts[colour] = counts.get(colour, 0) + 1
    return counts


def draw(tmp_path, folder, name, state, language=""):
    worker = FakeWorker(tmp_path / "worker.sock").start()
    worker.set(**STATES[state])
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE=language, G_DEBUG="fatal-criticals", OCS_PAGES=" ".join(PAGES.get(state, [])))
    environment.pop("GTK_THEME", None)  # it would keep the panel from being dark
    done = subprocess.run([SCRIPT, worker.path, folder, name], env=environment, capture_output=True, text=True, timeout=90, check=False)
    worker.stop()
    if done.returncode == 77:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    assert "CRITICAL" not in done.stderr


@pytest.mark.parametrize("name", list(STATES))
def test_pictures(tmp_path, folder, name):
    draw(tmp_path, folder, name, name)
    panel, menu, window = (folder / f"{name}-{each}.png" for each in ("panel", "menu", "window"))
    corner = pixels(panel, 0, 0, 26, 29).items()
    assert sum(count for colour, count in corner if max(colour) < 80) > 200, "the panel is not dark"
    assert sum(count for colour, count in corner if min(colour) > 180) > 40, "the icon is not drawn light on the dark panel"
    assert pixels(menu, 20, 60, 200, 200) != pixels(panel, 20, 60, 200, 200), "no menu opened on a click"
    assert len(pixels(window, 200, 95, 80, 80)) > 50, "the window shows no coloured icon"
    for page in PAGES.get(name, []):
        assert pixels(folder / f"{name}-{page}.png", 200, 95, 500, 400) != pixels(window, 200, 95, 500, 400), page


def test_right_to_left(tmp_path, folder):
    """GTK's own catalogue of Hebrew turns all round; ours has none, so the words are English."""
    if not os.path.exists("/usr/share/locale/he/LC_MESSAGES/gtk30.mo"):
        pytest.skip("GTK has no catalogue of Hebrew here")
    draw(tmp_path, folder, "right-to-left", "working", "he")

    def chosen(left):
        """Of the page in the sidebar, which is blue."""
        found = pixels(folder / "right-to-left-window.png", left, 40, 150, 300).items()
        return sum(count for colour, count in found if colour[2] > 180 and colour[0] < 90)
    assert chosen(640) > 1000 and chosen(10) == 0


def test_icons_differ_without_colour(folder):
    """Each state has a shape of its own: the panel pictures of different states are not the same in grey."""
    shapes = []
    names = [name for name in STATES if name != "off"]
    for name in names:
        path = folder / f"{name}-panel.png"
        if not path.exists():
            pytest.skip("the pictures were not made")
        shapes.append(tuple(sorted(pixels(path, 0, 0, 26, 29).items())))
    assert len(set(shapes)) == len(names)
