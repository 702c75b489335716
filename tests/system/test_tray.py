# SPDX-License-Identifier: GPL-3.0-or-later
"""ocs-tray without a panel: a fake watcher reads icon, title and menu and clicks; AT-SPI reads the window; a fake worker is led through
every state, killed and brought back. Run by `xvfb-run -a dbus-run-session`."""
import os
import signal
import subprocess
import time

import pytest

from fake_worker import FakeWorker, outcome, package, reason

try:
    from desktop import Atspi, GLib, Screen, Watcher, name_is_owned, wait_for
    MISSING = None if os.environ.get("DISPLAY") and os.environ.get("DBUS_SESSION_BUS_ADDRESS") else "xvfb-run and dbus-run-session"
except (ImportError, ValueError) as error:
    MISSING = f"python3-gi and gir1.2-atspi-2.0 ({error})"

pytestmark = pytest.mark.skipif(MISSING is not None, reason=f"needs {MISSING}")

APPLICATION = "org.ocscompanion.Tray"
TRAY = os.environ["OCS_TRAY"]
ICONS = os.environ["OCS_ICON_DIR"]

STARTED = {"G_DEBUG": "fatal-criticals", "LC_ALL": "C.UTF-8", "LANGUAGE": "", "GSETTINGS_BACKEND": "memory", "TZ": "UTC"}

STATES = [
    ({"state": "well"}, "well", "All is well", None),
    ({"state": "working", "job": {"kind": "collecting"}}, "working", "Working", "Taking the inventory…"),
    ({"state": "waiting", "packages": [package("5", "scheduled")]}, "waiting", "Waiting", "Package 5 waits for its time"),
    ({"state": "needs_you", "packages": [package("6", "asking")]}, "needs-you", "Your answer is needed", "Package 6 waits for your answer"),
    ({"state": "away", "reason": reason("unreachable", "no route")}, "away", "Away from the server", "There is no way to the server from here"),
    ({"state": "problem", "reason": reason("proxy-auth", "407")}, "problem", "There is a problem", "The proxy wants another login"),
]


@pytest.fixture(scope="module")
def watcher():
    fake = Watcher()
    fake.own()
    Screen()
    return fake


@pytest.fixture
def worker(tmp_path):
    fake = FakeWorker(tmp_path / "worker.sock").start()
    yield fake
    fake.stop()


class Tray:
    def __init__(self, worker, *arguments):
        self.environment = dict(os.environ, **STARTED, XDG_RUNTIME_DIR=os.path.dirname(worker.path))
        self.environment.pop("NO_AT_BRIDGE", None)
        self.command = [TRAY, f"--socket={worker.path}"]
        self.process = self.start(*arguments)

    def start(self, *arguments):
        return subprocess.Popen([*self.command, *arguments], env=self.environment)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)
        wait_for(lambda: not name_is_owned(APPLICATION), "the name to be free")


@pytest.fixture
def tray(watcher, worker):
    watcher.item = None
    started = Tray(worker, "--background")
    wait_for(lambda: watcher.has_item_of(started.process.pid), "the icon")
    yield started
    alive = started.process.poll() is None
    started.stop()
    assert alive, f"the tray died: {started.process.returncode}"


def state_says_why(changes):
    return "job" not in changes


def test_states(watcher, worker, tray):
    for changes, icon, headline, line in STATES:
        worker.set(**changes)
        wait_for(lambda: watcher.property("IconName") == f"ocs-companion-{icon}-symbolic", icon)
        wait_for(lambda: watcher.labels()[0] == headline, headline)
        why = f". {line}" if line and state_says_why(changes) else ""
        assert watcher.property("Title") == f"OCS Companion: {headline}{why}"
        assert watcher.property("IconAccessibleDesc").startswith(f"OCS Companion: {headline}")
        assert watcher.property("Status") == "Active"
        assert line is None or line in watcher.labels()
        for name in (icon, f"{icon}-symbolic"):
            assert os.path.exists(f"{ICONS}/hicolor/scalable/status/ocs-companion-{name}.svg")
        enabled = [row[2] for row in watcher.menu() if row[1] != "-"]
        assert all(enabled), watcher.menu()


def test_menu_rows(watcher, worker, tray):
    wait_for(lambda: "Next contact: in 3 hours" in watcher.labels(), "the menu")
    labels = watcher.labels()
    assert labels[-8:] == ["-", "Send inventory now", "Deployments", "Show inventory", "-", "Open", "About", "Quit"]
    assert "Proxy cache.example.org:3128: serves from its cache" in labels
    assert any("from the cache" in label and "80 % saved" in label for label in labels)
    assert any(label.startswith("Last contact: ") for label in labels)


def test_times_are_right_when_the_menu_opens(watcher, worker, tray):
    """No status comes in between, and no timer runs: opening the menu is what refreshes it."""
    soon = int(time.time()) + 62
    worker.update(next_contact=soon)
    wait_for(lambda: "Next contact: in 1 minute" in watcher.labels(), "the time to come")
    wait_for(lambda: time.time() > soon - 59, "the time to pass")
    assert "Next contact: in less than a minute" in watcher.labels()


def test_progress(watcher, worker, tray):
    for done in (10, 45, 99):
        worker.set(state="working", job={"kind": "downloading", "package": "7", "done": done, "total": 100})
        wait_for(lambda: f"Downloading package 7: {done} %" in watcher.labels(), f"{done} %")
    wait_for(lambda: watcher.property("XAyatanaLabel") == "99 %", "the label")
    worker.set()
    wait_for(lambda: watcher.property("XAyatanaLabel") == "", "no label")
    assert not any("Downloading" in label for label in watcher.labels())


def test_host_with_underscore(watcher, worker, tray):
    proxy = dict(worker.value["proxy"], host="my_proxy")
    worker.update(proxy=proxy)
    wait_for(lambda: any("my__proxy:3128" in label for label in watcher.labels()), "an escaped underscore")


def test_send(watcher, worker, tray):
    worker.on_send = lambda fake: fake.update(state="working", job={"kind": "sending"})
    wait_for(lambda: "Send inventory now" in watcher.labels(), "the menu")
    watcher.click("Send inventory now")
    wait_for(lambda: worker.called("SendInventory") == 1, "the call")
    wait_for(lambda: "The inventory is on its way…" in watcher.labels(), "the first answer")
    worker.update(state="well", job=None, outcome=outcome("sent"))
    wait_for(lambda: any(label.startswith("Inventory sent today") for label in watcher.labels()), "the result")
    worker.update(next_contact=int(time.time()) + 7200)
    wait_for(lambda: "Next contact: in 2 hours" in watcher.labels(), "another change")
    assert any(label.startswith("Inventory sent today") for label in watcher.labels()), "the result must stay readable"


def test_send_refused(watcher, worker, tray):
    worker.errors["SendInventory"] = ("Denied", "only a person who is logged in may send the inventory")
    wait_for(lambda: "Send inventory now" in watcher.labels(), "the menu")
    watcher.click("Send inventory now")
    wait_for(lambda: any(label.startswith("Inventory not sent: You may not do that") for label in watcher.labels()), "the refusal")


def test_never_flickers(watcher, worker, tray):
    """Many statuses that say the same: no signal goes to the panel."""
    wait_for(lambda: watcher.labels()[0] == "All is well", "the menu")
    wait_for(lambda: watcher.property("IconName").endswith("well-symbolic"), "the icon")
    end = time.monotonic() + 0.5
    wait_for(lambda: time.monotonic() > end, "quiet")
    watcher.signals.clear()
    for _ in range(20):
        worker.update(started=worker.value["started"] + 1)
        time.sleep(0.02)
    end = time.monotonic() + 1
    wait_for(lambda: time.monotonic() > end, "quiet")
    assert watcher.signals == []


def switches(process):
    """How often the threads of the process have gone to sleep, which is how often they were awake."""
    total = 0
    for thread in os.listdir(f"/proc/{process.pid}/task"):
        with open(f"/proc/{process.pid}/task/{thread}/status", encoding="ascii") as file:
            total += next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
    return total


@pytest.mark.parametrize("changes", [{}, {"state": "working", "job": {"kind": "running", "package": "7"}}], ids=["well", "working"])
def test_sleeps_while_nothing_changes(watcher, worker, tray, changes):
    """No timer, no poll: also while a job runs whose length nobody knows."""
    worker.set(**changes)
    end = time.monotonic() + 2
    wait_for(lambda: time.monotonic() > end, "quiet")
    before = switches(tray.process)
    time.sleep(5)
    assert switches(tray.process) - before <= 2


def test_worker_dies_and_comes_back(watcher, worker, tray):
    wait_for(lambda: watcher.property("IconName").endswith("-well-symbolic"), "well")
    worker.stop()
    wait_for(lambda: watcher.property("IconName") == "ocs-companion-not-running-symbolic", "not running")
    wait_for(lambda: watcher.labels()[0] == "The worker is not running", "the words")
    rows = {label: enabled for _, label, enabled in watcher.menu()}
    assert rows["Send inventory now"] is False and rows["Quit"] is True
    worker.start()
    wait_for(lambda: watcher.property("IconName") == "ocs-companion-well-symbolic", "well again", seconds=20)
    wait_for(lambda: watcher.labels()[0] == "All is well", "the words again")


def test_no_worker_at_all(watcher, tmp_path):
    watcher.item = None
    tray = Tray(FakeWorker(tmp_path / "nobody.sock"), "--background")
    try:
        wait_for(lambda: watcher.has_item_of(tray.process.pid), "the icon")
        wait_for(lambda: watcher.labels()[0] == "The worker is not running", "the words")
    finally:
        tray.stop()


def test_panel_restarts(watcher, worker, tray):
    watcher.disown()
    watcher.own()
    wait_for(lambda: watcher.has_item_of(tray.process.pid), "the icon again")
    assert watcher.property("IconName").startswith("ocs-companion-")


def test_no_panel(watcher, worker):
    """Neither a watcher nor an XEmbed tray: it stays, says nothing, changes its state, and the icon comes with the panel."""
    watcher.disown()
    tray = Tray(worker, "--background")
    try:
        wait_for(lambda: name_is_owned(APPLICATION), "the start")
        wait_for(lambda: worker.called("Watch") == 1, "the watch")
        for changes, *_ in STATES:
            worker.set(**changes)
            time.sleep(0.2)
        assert tray.process.poll() is None
        watcher.own()
        wait_for(lambda: watcher.has_item_of(tray.process.pid), "the icon")
        wait_for(lambda: watcher.labels()[0] == STATES[-1][2], "the newest state")
    finally:
        tray.stop()
        watcher.disown()
        watcher.own()


def test_nonsense_from_the_worker(watcher, worker, tray):
    worker.set(state="dancing", job="no object", packages=[5, {}, {"id": 7}], proxy=[], outcome="late", reason={"code": 5})
    wait_for(lambda: watcher.labels()[0] == "There is a problem", "an unknown state")
    worker.set(packages=[package(str(i), "fetching") for i in range(2000)])
    wait_for(lambda: watcher.labels()[0] == "All is well", "many packages")


def test_quit(watcher, worker):
    watcher.item = None
    tray = Tray(worker, "--background")
    wait_for(lambda: watcher.has_item_of(tray.process.pid), "the icon")
    wait_for(lambda: "Quit" in watcher.labels(), "the menu")
    watcher.click("Quit")
    assert tray.process.wait(10) == 0


def test_window(watcher, worker, tray):
    worker.set(state="working", job={"kind": "downloading", "package": "7", "done": 10, "total": 100},
               packages=[package("7", "fetching", fragments_done=1, fragments_total=10), package("3", "reported", result="EXIT_CODE_3")])
    assert Screen.window() is None
    assert tray.start().wait(10) == 0, "a second start opens the window of the first"
    wait_for(Screen.window, "the window")
    wait_for(lambda: "Downloading package 7" in Screen.texts(), "the job")
    texts = Screen.texts()
    for text in ("Working", "10 %", "in 3 hours", "https://ocs.example.org/ocsinventory", "Package 7", "Downloading: 1 of 10 parts",
                 "Finished: Its command failed with code 3"):
        assert text in texts, texts
    bar = Screen.find(Atspi.Role.PROGRESS_BAR, "Progress")
    seen = [bar.get_current_value()]
    for done in (30, 60, 90):
        worker.update(job={"kind": "downloading", "package": "7", "done": done, "total": 100})
        wait_for(lambda: bar.get_current_value() > seen[-1] + 0.1, "the bar to move")
        seen.append(bar.get_current_value())
    assert abs(seen[-1] - 0.9) < 0.01


NAMED = ("PUSH_BUTTON", "IMAGE", "ICON", "PROGRESS_BAR", "LIST_ITEM", "LIST_BOX", "FRAME", "LABEL")


def test_every_control_is_named(watcher, worker):
    watcher.item = None
    worker.set(state="problem", reason=reason("tls", "ocs.example.org: unknown CA: set CaBundle"), insecure=True, warnings=["line 7: odd"],
               job={"kind": "sending", "done": 1, "total": 2}, packages=[package("7", "verified")], outcome=outcome("sent"))
    tray = Tray(worker)
    try:
        wait_for(Screen.window, "the window")
        wait_for(lambda: "There is a problem" in Screen.texts(), "the words")
        roles = [getattr(Atspi.Role, name) for name in NAMED]
        unnamed = [node.get_role_name() for node in Screen.showing() if node.get_role() in roles and not node.get_name()]
        assert unnamed == []
        texts = "\n".join(Screen.texts())
        assert "set CaBundle" in texts and "Line 7: odd" in texts and "certificate is not checked" in texts and "Inventory sent today" in texts
        button = Screen.find(Atspi.Role.PUSH_BUTTON, "Send inventory now")
        assert button.do_action(0)
        wait_for(lambda: worker.called("SendInventory") == 1, "the call")
    finally:
        tray.stop()


def test_window_without_worker(watcher, worker, tray):
    tray.start().wait(10)
    wait_for(Screen.window, "the window")
    worker.stop()
    wait_for(lambda: "The worker is not running" in Screen.texts(), "the words")
    assert any("systemctl start ocs-worker" in text for text in Screen.texts())
    button = Screen.find(Atspi.Role.PUSH_BUTTON, "Send inventory now")
    assert not button.get_state_set().contains(Atspi.StateType.SENSITIVE)


def test_line_opens_the_window(watcher, worker, tray):
    wait_for(lambda: "All is well" in watcher.labels(), "the menu")
    watcher.click("All is well")
    wait_for(Screen.window, "the window")


def height_of(text):
    node = Screen.find(Atspi.Role.LABEL, text)
    return node.get_extents(Atspi.CoordType.WINDOW).y if node else -1


def test_line_scrolls_to_its_place(watcher, worker, tray):
    """The window is too small for so many packages; each line of the menu brings what it speaks of into sight."""
    worker.set(packages=[package(str(i), "reported", result="SUCCESS") for i in range(50)])
    wait_for(lambda: "All is well" in watcher.labels(), "the menu")
    watcher.click("All is well")
    wait_for(lambda: height_of("Deployments") > 200, "the window from its top")
    watcher.click("Deployments")
    wait_for(lambda: 0 <= height_of("Deployments") < 100, "the packages")
    watcher.click("Next contact: in 3 hours")
    wait_for(lambda: 0 <= height_of("Next contact") < 200, "the times")


INVENTORY = [
    {"section": "HARDWARE", "entries": [{"NAME": "desk-07", "OSNAME": "Debian GNU/Linux 12"}], "notes": ["UUID: only shown at the machine"]},
    {"section": "SOFTWARES", "entries": [{"NAME": "bash", "VERSION": "5.2"}, {"NAME": "firefox-esr", "VERSION": "115"}]},
    {"section": "SOFTWARES", "entries": [{"NAME": "zsh", "VERSION": "5.9"}]},
]


def cells():
    try:
        return [node.get_name() for node in Screen.showing() if node.get_role() == Atspi.Role.TABLE_CELL and node.get_name()]
    except GLib.Error:
        return []  # a row went away while it was looked at


def open_inventory(watcher):
    wait_for(lambda: "Show inventory" in watcher.labels(), "the menu")
    watcher.click("Show inventory")
    wait_for(lambda: Screen.window() and Screen.window().get_name() == "Inventory of this machine", "the window")


def test_inventory(watcher, worker, tray):
    worker.inventory = INVENTORY
    open_inventory(watcher)
    wait_for(lambda: "SOFTWARES" in cells(), "the tree")
    assert cells() == ["HARDWARE", "1 entry", "SOFTWARES", "3 entries"]
    assert any(text.startswith("2 sections, 8 values; taken today") for text in Screen.texts())
    search = Screen.find(Atspi.Role.TEXT, "Search")
    assert search.set_text_contents("fire VERSION")
    wait_for(lambda: cells() == ["SOFTWARES", "3 entries", "firefox-esr", "VERSION", "115"], "what is found")
    search.set_text_contents("uuid")
    wait_for(lambda: "UUID: only shown at the machine" in cells(), "what was left out")
    search.set_text_contents("teapot")
    wait_for(lambda: "Nothing of that is in the inventory" in Screen.texts(), "that nothing is found")
    search.set_text_contents("")
    wait_for(lambda: "HARDWARE" in cells(), "everything again")
    roles = [getattr(Atspi.Role, name) for name in NAMED if name != "LABEL"]
    assert [node.get_role_name() for node in Screen.showing() if node.get_role() in roles and not node.get_name()] == []
    assert Screen.find(Atspi.Role.PUSH_BUTTON, "Take it again").do_action(0)
    wait_for(lambda: worker.called("ShowInventory") == 2, "another inventory")


@pytest.mark.parametrize("error, words", [("Denied", "You may not do that"), ("Busy", "It is busy with something else")])
def test_inventory_refused(watcher, worker, tray, error, words):
    worker.errors["ShowInventory"] = (error, "ask somebody else")
    open_inventory(watcher)
    wait_for(lambda: words in Screen.texts(), "why there is none")
    assert any("Ask somebody else" in text for text in Screen.texts())
    worker.errors.clear()
    worker.inventory = INVENTORY
    assert Screen.find(Atspi.Role.PUSH_BUTTON, "Try again").do_action(0)
    wait_for(lambda: "SOFTWARES" in cells(), "the tree")


def test_inventory_without_worker(watcher, worker, tray):
    """Half an inventory is not shown as a whole one; the tray stays responsive while the worker says nothing."""
    worker.inventory = INVENTORY
    worker.dies_after = 2
    open_inventory(watcher)
    wait_for(lambda: Screen.find(Atspi.Role.PUSH_BUTTON, "Try again"), "the failure")
    assert cells() == []
    assert Screen.find(Atspi.Role.PUSH_BUTTON, "Try again").do_action(0)
    wait_for(lambda: "The worker is not running" in Screen.texts(), "that nobody answers")
    assert any("systemctl start ocs-worker" in text for text in Screen.texts())


def test_inventory_that_never_comes(watcher, worker, tray):
    worker.silent.add("ShowInventory")
    open_inventory(watcher)
    wait_for(lambda: any(text.startswith("Taking the inventory") for text in Screen.texts()), "that it is busy")
    worker.set(state="problem", reason=reason("tls", "x"))
    wait_for(lambda: watcher.labels()[0] == "There is a problem", "the menu while it waits")


def seconds_of_work(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_huge_inventory(watcher, worker, tray):
    """10,000 entries: the tree is there at once, and so is what a search leaves of it."""
    fields = {"VERSION": "1.0", "FROM": "deb", "COMMENTS": "some words about it"}
    worker.inventory = [{"section": "SOFTWARES", "entries": [{"NAME": f"part-{page}-{i}", **fields} for i in range(100)]} for page in range(100)]
    before = seconds_of_work(tray.process)
    open_inventory(watcher)
    wait_for(lambda: cells() == ["SOFTWARES", "10000 entries"], "the tree")
    Screen.find(Atspi.Role.TEXT, "Search").set_text_contents("part-77-42")
    wait_for(lambda: "part-77-42" in cells(), "what is found")
    assert seconds_of_work(tray.process) - before < 1.5


def test_every_control_is_reached_by_keyboard(watcher, worker, tray):
    worker.inventory = INVENTORY
    open_inventory(watcher)
    wait_for(lambda: "SOFTWARES" in cells(), "the tree")
    tray.start().wait(10)
    wait_for(lambda: len(Screen.windows()) == 2, "both windows")
    roles = [getattr(Atspi.Role, name) for name in ("PUSH_BUTTON", "TOGGLE_BUTTON", "TEXT", "TREE_TABLE", "LIST_ITEM")]
    title_bar = ("Minimize", "Maximize", "Close", "")
    controls = [node for window in Screen.windows() for node in Screen.walk(window) if node.get_role() in roles and node.get_name() not in title_bar
                and node.get_state_set().contains(Atspi.StateType.VISIBLE) and node.get_state_set().contains(Atspi.StateType.SENSITIVE)]
    assert {"Menu", "Send inventory now", "Take it again", "Search", "Inventory"} <= {node.get_name() for node in controls}
    assert [node.get_name() for node in controls if not node.get_state_set().contains(Atspi.StateType.FOCUSABLE)] == []


def test_about(watcher, worker, tray):
    wait_for(lambda: "About" in watcher.labels(), "the menu")
    watcher.click("About")
    wait_for(Screen.window, "the window")
    wait_for(lambda: any("Independent of the OCS Inventory project" in text for text in Screen.texts()), "the words")
    assert any("GNU General Public License" in text for text in Screen.texts())
    watcher.click("About")
    time.sleep(0.3)
    assert len(Screen.windows()) == 1


def test_window_replaces_the_menu(watcher, worker, tray):
    """Where no panel shows the icon, the window's own menu has what only the icon's menu had."""
    tray.start().wait(10)
    wait_for(Screen.window, "the window")
    assert Screen.find(Atspi.Role.TOGGLE_BUTTON, "Menu").do_action(0)

    def entries():
        return {node.get_name(): node for window in Screen.windows() for node in Screen.walk(window) if node.get_name() in ("Show inventory", "About", "Quit")}
    wait_for(lambda: len(entries()) == 3, "its menu")
    assert entries()["Show inventory"].do_action(0)
    wait_for(lambda: any(window.get_name() == "Inventory of this machine" for window in Screen.windows()), "the inventory")


def test_options():
    shown = subprocess.run([TRAY, "--version"], capture_output=True, text=True, timeout=10, check=False)
    assert shown.returncode == 0 and shown.stdout.startswith("ocs-tray ")
    shown = subprocess.run([TRAY, "--help"], capture_output=True, text=True, timeout=10, check=False)
    assert shown.returncode == 0 and "--background" in shown.stdout and "--socket" in shown.stdout
    assert subprocess.run([TRAY, "--colour"], capture_output=True, timeout=10, check=False).returncode != 0


LANGUAGES = {
    "de": ("Alles in Ordnung", "Nächster Kontakt: in 3 Stunden", "Inventar jetzt senden", "Beenden", "Inventar dieses Rechners", "3 Einträge"),
    "es": ("Todo va bien", "Próximo contacto: en 3 horas", "Enviar el inventario ahora", "Salir", "Inventario de este equipo", "3 entradas"),
    "fr": ("Tout va bien", "Prochain contact\u00a0: dans 3 heures", "Envoyer l'inventaire maintenant", "Quitter", "Inventaire de cette machine",
           "3 entrées"),
}


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_languages(watcher, worker, monkeypatch, language):
    if not os.path.exists(f"{os.environ.get('OCS_LOCALE_DIR')}/{language}/LC_MESSAGES/ocs-companion.mo"):
        pytest.skip("no translations were built")
    state, following, send, leave, window, entries = LANGUAGES[language]
    monkeypatch.setitem(STARTED, "LANGUAGE", language)
    watcher.item = None
    worker.inventory = INVENTORY
    tray = Tray(worker, "--background")
    try:
        wait_for(lambda: watcher.has_item_of(tray.process.pid), "the icon")
        wait_for(lambda: watcher.labels()[0] == state, "the words")
        labels = watcher.labels()
        assert following in labels and labels[-1] == leave and send in labels
        watcher.click(labels[labels.index(send) + 2])
        wait_for(lambda: Screen.window() and Screen.window().get_name() == window, "the inventory")
        wait_for(lambda: entries in cells(), "its tree")
    finally:
        tray.stop()
