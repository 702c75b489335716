# SPDX-License-Identifier: GPL-3.0-or-later
"""ocs-tray without a panel: a fake watcher reads icon, title and menu and clicks; a fake worker is led through every state, killed and
brought back. Run by `xvfb-run -a dbus-run-session`."""
import os
import subprocess
import time

import pytest

from fake_worker import FakeWorker, outcome, package, reason
from traytest import ICONS, STARTED, TRAY, Tray, skip_without_display, switches, tray, watcher, worker  # noqa: F401

try:
    from desktop import Atspi, Screen, name_is_owned, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display

APPLICATION = "org.ocscompanion.Tray"

STATES = [
    ({"state": "well"}, "well", "All is well", None),
    ({"state": "working", "job": {"kind": "collecting"}}, "working", "Working", "Taking the inventory…"),
    ({"state": "waiting", "packages": [package("5", "scheduled")]}, "waiting", "Waiting", "Package 5 waits for its time"),
    ({"state": "needs_you", "packages": [package("6", "asking")]}, "needs-you", "Your answer is needed", "Package 6 waits for your answer"),
    ({"state": "away", "reason": reason("unreachable", "no route")}, "away", "Away from the server", "There is no way to the server from here"),
    ({"state": "problem", "reason": reason("proxy-auth", "407")}, "problem", "There is a problem", "The proxy wants another login"),
]


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
    assert labels[-9:] == ["-", "Send inventory now", "Deployments", "Show inventory", "Diagnose connection", "-", "Open", "About", "Quit"]
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


def test_worker_that_says_nothing(watcher, worker):
    """It takes the calls and is silent: there is an icon that says so, and a window that can be used."""
    worker.silent |= {"Watch", "GetPolicy", "GetHistory", "GetTraffic", "GetSettings"}
    watcher.item = None
    tray = Tray(worker, "--background")
    try:
        wait_for(lambda: watcher.has_item_of(tray.process.pid), "the icon", 20)
        wait_for(lambda: watcher.labels()[0] == "The worker does not answer yet", "the words")
        assert tray.start().wait(10) == 0
        wait_for(Screen.window, "the window")
        Screen.turn_to("Settings")
        wait_for(lambda: Screen.find(Atspi.Role.PUSH_BUTTON, "Unlock"), "the page")
        worker.silent.clear()
        worker.stop()
        worker.start()
        wait_for(lambda: watcher.labels()[0] == "All is well", "the words of one that speaks", 20)
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


def test_line_opens_the_window(watcher, worker, tray):
    wait_for(lambda: "All is well" in watcher.labels(), "the menu")
    watcher.click("All is well")
    wait_for(Screen.window, "the window")


def test_options():
    shown = subprocess.run([TRAY, "--version"], capture_output=True, text=True, timeout=10, check=False)
    assert shown.returncode == 0 and shown.stdout.startswith("ocs-tray ")
    shown = subprocess.run([TRAY, "--help"], capture_output=True, text=True, timeout=10, check=False)
    assert shown.returncode == 0 and "--background" in shown.stdout and "--socket" in shown.stdout
    assert subprocess.run([TRAY, "--colour"], capture_output=True, timeout=10, check=False).returncode != 0


LANGUAGES = {
    "de": ("Alles in Ordnung", "Nächster Kontakt: in 3 Stunden", "Inventar jetzt senden", "Beenden", "Inventar", "3 Einträge"),
    "es": ("Todo va bien", "Próximo contacto: en 3 horas", "Enviar el inventario ahora", "Salir", "Inventario", "3 entradas"),
    "fr": ("Tout va bien", "Prochain contact\u00a0: dans 3 heures", "Envoyer l'inventaire maintenant", "Quitter", "Inventaire",
           "3 entrées"),
}


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_languages(watcher, worker, monkeypatch, language):
    if not os.path.exists(f"{os.environ.get('OCS_LOCALE_DIR')}/{language}/LC_MESSAGES/ocs-companion.mo"):
        pytest.skip("no translations were built")
    state, following, send, leave, page, entries = LANGUAGES[language]
    monkeypatch.setitem(STARTED, "LANGUAGE", language)
    watcher.item = None
    worker.inventory = [{"section": "SOFTWARES", "entries": [{"NAME": name, "VERSION": "1"} for name in ("bash", "tar", "zsh")]}]
    tray = Tray(worker, "--background")
    try:
        wait_for(lambda: watcher.has_item_of(tray.process.pid), "the icon")
        wait_for(lambda: watcher.labels()[0] == state, "the words")
        labels = watcher.labels()
        assert following in labels and labels[-1] == leave and send in labels
        watcher.click(labels[labels.index(send) + 2])
        wait_for(lambda: Screen.find(Atspi.Role.LIST_ITEM, page), "the page")
        wait_for(lambda: any(node.get_name() == entries for node in Screen.showing()), "its tree")
    finally:
        tray.stop()
