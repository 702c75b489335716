# SPDX-License-Identifier: GPL-3.0-or-later
"""The window of ocs-tray, page by page, as a screen reader and a keyboard see it."""
import time

import pytest

from fake_worker import outcome, package, reason
from traytest import STARTED, Tray, seconds_of_work, skip_without_display, switches, tray, watcher, worker  # noqa: F401

try:
    from desktop import Atspi, GLib, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display


def open_page(tray, page=None):
    assert tray.start().wait(10) == 0, "a second start opens the window of the first"
    wait_for(Screen.window, "the window")
    if page:
        Screen.turn_to(page)


NAMED = ("PUSH_BUTTON", "TOGGLE_BUTTON", "IMAGE", "ICON", "PROGRESS_BAR", "LIST_ITEM", "LIST_BOX", "LIST", "FRAME", "TEXT", "CHART", "TREE_TABLE")
CONTROLS = ("PUSH_BUTTON", "TOGGLE_BUTTON", "TEXT", "TREE_TABLE", "LINK", "CHART")
TITLE_BAR = ("Minimize", "Maximize", "Close")


def unnamed():
    roles = [getattr(Atspi.Role, name) for name in NAMED]
    return [node.get_role_name() for node in Screen.showing() if node.get_role() in roles and not node.get_name()]


def out_of_reach():
    """Sensitive controls that no keyboard gets to."""
    roles = [getattr(Atspi.Role, name) for name in CONTROLS]
    return [node.get_name() for node in Screen.showing() if node.get_role() in roles and node.get_name() not in TITLE_BAR
            and node.get_state_set().contains(Atspi.StateType.SENSITIVE) and not node.get_state_set().contains(Atspi.StateType.FOCUSABLE)]


def test_overview(watcher, worker, tray):
    worker.set(state="working", tag="paris", job={"kind": "downloading", "package": "7", "done": 10, "total": 100})
    assert Screen.window() is None
    open_page(tray)
    wait_for(lambda: "Downloading package 7" in Screen.texts(), "the job")
    for text in ("Working", "10 %", "in 3 hours", "https://ocs.example.org/ocsinventory", "host-2026-01-02-03-04-05", "paris"):
        assert text in Screen.texts(), Screen.texts()
    bar = Screen.find(Atspi.Role.PROGRESS_BAR, "Progress")
    seen = [bar.get_current_value()]
    for done in (30, 60, 90):
        worker.update(job={"kind": "downloading", "package": "7", "done": done, "total": 100})
        wait_for(lambda: bar.get_current_value() > seen[-1] + 0.1, "the bar to move")
        seen.append(bar.get_current_value())
    assert abs(seen[-1] - 0.9) < 0.01


def test_overview_is_named_and_acts(watcher, worker, tray):
    worker.set(state="problem", reason=reason("tls", "ocs.example.org: unknown CA: set CaBundle"), insecure=True, warnings=["line 7: odd"],
               job={"kind": "sending", "done": 1, "total": 2}, outcome=outcome("sent"))
    open_page(tray)
    wait_for(lambda: "There is a problem" in Screen.texts(), "the words")
    assert unnamed() == [] and out_of_reach() == []
    texts = "\n".join(Screen.texts())
    assert "set CaBundle" in texts and "Line 7: odd" in texts and "certificate is not checked" in texts and "Inventory sent today" in texts
    assert Screen.find(Atspi.Role.PUSH_BUTTON, "Send inventory now").do_action(0)
    wait_for(lambda: worker.called("SendInventory") == 1, "the call")


def test_contacts(watcher, worker, tray):
    """The history is read again after each contact; the arrow keys walk along it."""
    now = int(time.time())
    worker.history = [outcome("sent", time=now - 90000), outcome("failed", time=now - 80000, reason=reason("proxy-auth", "407")),
                      outcome("contacted", time=now - 60), outcome("contacted", time=now - 30 * 86400)]
    worker.update(last_contact=now - 60)
    open_page(tray)
    wait_for(lambda: "3 contacts in the last 7 days, 1 failed" in Screen.texts(), "the sum")
    chart = Screen.find(Atspi.Role.CHART, "Contacts of the last 7 days")
    assert chart.get_description() == "3 contacts in the last 7 days, 1 failed"
    assert "chart: Contacts of the last 7 days" in Screen.tab_round(Screen.window())
    while Screen.focused() is None or Screen.focused().get_role() != Atspi.Role.CHART:
        Screen.press("Tab")
        time.sleep(0.05)
    Screen.press("Left", "Left")
    wait_for(lambda: any(text.endswith("The contact failed: The proxy wants another login") for text in Screen.texts()), "the second mark")
    assert chart.get_description().endswith("The contact failed: The proxy wants another login")
    worker.history.append(outcome("sent", time=now))
    worker.update(last_contact=now, last_success=now)
    wait_for(lambda: "4 contacts in the last 7 days, 1 failed" in Screen.texts(), "the new contact")


def test_whom_to_ask(watcher, worker, tray):
    worker.policy.update(support_text="Help desk: 4711%nTAG %t", support_url="https://help.example.org/?tag=%t", logo="/nowhere/logo.svg")
    worker.set(tag="a b", last_contact=1)
    open_page(tray)
    wait_for(lambda: "Help desk: 4711\nTAG a b" in Screen.texts(), "whom to ask")
    assert Screen.find(Atspi.Role.PUSH_BUTTON, "Open the help desk's page") or Screen.find(Atspi.Role.LINK, "Open the help desk's page")
    worker.policy = {"show": "seat", "support_url": "file:///etc/passwd"}
    worker.update(last_contact=int(time.time()))
    wait_for(lambda: "Whom to ask" not in Screen.texts(), "that nothing is set")


def test_policy_hides_the_inventory(watcher, worker, tray):
    worker.policy = {"show": "seat", "quit": True, "show_inventory": False}
    worker.update(last_contact=1)
    open_page(tray)
    wait_for(lambda: Screen.find(Atspi.Role.LIST_ITEM, "Overview") and not Screen.find(Atspi.Role.LIST_ITEM, "Inventory"), "no inventory")


def test_window_without_worker(watcher, worker, tray):
    open_page(tray)
    worker.stop()
    wait_for(lambda: "The worker is not running" in Screen.texts(), "the words")
    assert any("systemctl start ocs-worker" in text for text in Screen.texts())
    button = Screen.find(Atspi.Role.PUSH_BUTTON, "Send inventory now")
    assert not button.get_state_set().contains(Atspi.StateType.SENSITIVE)


def test_older_worker(watcher, worker, tray):
    """One that knows neither history nor policy: what is known is shown."""
    worker.errors = {name: ("Unsupported", "there is no such method") for name in ("GetHistory", "GetPolicy")}
    open_page(tray)
    wait_for(lambda: "All is well" in Screen.texts() and "No contact in the last 7 days" in Screen.texts(), "the page")
    assert "Whom to ask" not in Screen.texts()


def test_pages_by_keyboard(watcher, worker, tray):
    open_page(tray)
    reached = Screen.tab_round(Screen.window())
    assert {"push button: Send inventory now", "toggle button: Menu", "list item: Overview"} <= set(reached), reached
    Screen.press("ctrl+Page_Down")
    wait_for(lambda: "No deployments are known" in Screen.texts(), "the next page")
    assert "push button: Copy for the help desk" in Screen.tab_round(Screen.window())
    Screen.press("ctrl+Page_Up", "ctrl+Page_Up")
    wait_for(lambda: Screen.find(Atspi.Role.PUSH_BUTTON, "Unlock"), "the last page, from the first backwards")
    Screen.press("ctrl+w")
    wait_for(lambda: Screen.window() is None, "the window to close")


def test_menu_lines_open_their_page(watcher, worker, tray):
    worker.set(packages=[package("5", "scheduled")], state="waiting")
    for line, page, text in (("Deployments", "Deployments", "Copy for the help desk"), ("Last contact", "Overview", "Send inventory now"),
                             ("Proxy", "Connection", "Diagnose"), ("Diagnose connection", "Connection", "Diagnose"), ("Show inventory", "Inventory", None)):
        wait_for(lambda: any(label.startswith(line) for label in watcher.labels()), line)
        watcher.click(next(label for label in watcher.labels() if label.startswith(line)))
        wait_for(lambda: Screen.find(Atspi.Role.LIST_ITEM, page)
                 and Screen.find(Atspi.Role.LIST_ITEM, page).get_state_set().contains(Atspi.StateType.SELECTED), page)
        assert text is None or wait_for(lambda: text in Screen.texts() or Screen.find(Atspi.Role.PUSH_BUTTON, text), text)


def test_window_menu(watcher, worker, tray):
    """Where no panel shows the icon, the window's own menu has what only the icon's menu had."""
    open_page(tray)
    assert Screen.find(Atspi.Role.TOGGLE_BUTTON, "Menu").do_action(0)

    def entries():
        return {node.get_name(): node for window in Screen.windows() for node in Screen.walk(window) if node.get_name() in ("About", "Quit")}
    wait_for(lambda: len(entries()) == 2, "its menu")
    assert entries()["Quit"].do_action(0)
    assert tray.process.wait(10) == 0
    tray.process = tray.start("--background")


def test_deployments(watcher, worker, tray):
    now = int(time.time())
    worker.set(state="working", job={"kind": "downloading", "package": "7", "done": 10, "total": 100, "rate": 1000000},
               packages=[package("7", "fetching", fragments_done=3, fragments_total=10, fragment_map="ccwd......"),
                         package("5", "scheduled", scheduled=now + 7205, may_hurry=True),
                         package("3", "reported", result="EXIT_CODE_3", updated=now - 60)])
    open_page(tray, "Deployments")
    wait_for(lambda: "Under way" in Screen.texts(), "the packages")
    assert {"Waiting", "History"} <= set(Screen.texts())
    names = [node.get_name() for node in Screen.showing() if node.get_role() == Atspi.Role.TOGGLE_BUTTON]
    assert "Package 7. Downloading: 3 of 10 parts" in names and "Package 5. Waits for its time; it goes on in 2 hours" in names, names
    assert any(name.startswith("Package 3. Finished: Its command failed with code 3 (") for name in names), names
    chart = Screen.find(Atspi.Role.CHART, "Parts of the package")
    assert chart.get_description() == "2 parts from the cache, 1 over the line, 1 was here already, 6 missing"
    assert unnamed() == [] and out_of_reach() == []
    assert Screen.find(Atspi.Role.PUSH_BUTTON, "Do it now anyway").do_action(0)
    wait_for(lambda: worker.answers == [{"id": "5", "answer": "now"}], "the answer")
    wait_for(lambda: "It is done now." in Screen.texts(), "that it is done")
    worker.errors["Answer"] = ("Refused", "another package runs: wait for it")
    assert Screen.find(Atspi.Role.PUSH_BUTTON, "Do it now anyway").do_action(0)
    wait_for(lambda: any("Another package runs: wait for it" in text for text in Screen.texts()), "the refusal")


def test_details_of_a_package(watcher, worker, tray):
    """The command and its output are asked for only where somebody unfolds, and shown only where the worker gives them."""
    worker.set(packages=[package("3", "reported", result="EXIT_CODE_3", command="sh setup.sh", output="E: no such file\n")])
    open_page(tray, "Deployments")
    row = wait_for(lambda: next((node for node in Screen.showing() if node.get_role() == Atspi.Role.TOGGLE_BUTTON
                                 and node.get_name().startswith("Package 3. Finished")), None), "the row")
    assert worker.called("GetPackage") == 0
    assert row.do_action(0)
    wait_for(lambda: worker.called("GetPackage") == 1, "the call")
    wait_for(lambda: Screen.find(Atspi.Role.TEXT, "Output of the command"), "the output")
    output = Screen.find(Atspi.Role.TEXT, "Output of the command")
    assert Atspi.Text.get_text(output, 0, -1) == "E: no such file\n"
    assert any("What the console shows: EXIT_CODE_3" in text and "Command: sh setup.sh" in text for text in Screen.texts())
    assert unnamed() == []


def test_ten_thousand_packages(watcher, worker, tray):
    worker.set(packages=[{"id": str(i), "step": "reported", "result": "SUCCESS"} for i in range(10000)])
    before = seconds_of_work(tray.process)
    open_page(tray, "Deployments")
    wait_for(lambda: any(node.get_name() == "and 9800 more" for node in Screen.walk(Screen.window())), "the page", seconds=30)
    assert seconds_of_work(tray.process) - before < 4


def test_open_window_sleeps(watcher, worker, tray):
    open_page(tray, "Deployments")
    end = time.monotonic() + 3
    wait_for(lambda: time.monotonic() > end, "quiet")
    before = switches(tray.process)
    time.sleep(5)
    assert switches(tray.process) - before <= 2


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
    wait_for(lambda: Screen.find(Atspi.Role.TEXT, "Search"), "the page")


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
    assert unnamed() == []
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


def test_huge_inventory(watcher, worker, tray):
    """10,000 entries: the tree is there at once, and so is what a search leaves of it."""
    fields = {"VERSION": "1.0", "FROM": "deb", "COMMENTS": "some words about it"}
    worker.inventory = [{"section": "SOFTWARES", "entries": [{"NAME": f"part-{page}-{i}", **fields} for i in range(100)]} for page in range(100)]
    open_page(tray)
    before = seconds_of_work(tray.process)
    open_inventory(watcher)
    wait_for(lambda: cells() == ["SOFTWARES", "10000 entries"], "the tree")
    Screen.find(Atspi.Role.TEXT, "Search").set_text_contents("part-77-42")
    wait_for(lambda: "part-77-42" in cells(), "what is found")
    assert seconds_of_work(tray.process) - before < 4


def test_inventory_copied_and_exported(watcher, worker, monkeypatch, tmp_path):
    """What is shown, after a search too; the file is for its owner alone."""
    monkeypatch.setitem(STARTED, "HOME", str(tmp_path))
    watcher.item = None
    worker.inventory = INVENTORY
    tray = Tray(worker)
    try:
        wait_for(Screen.window, "the window")
        Screen.turn_to("Inventory")
        wait_for(lambda: "SOFTWARES" in cells(), "the tree")
        Screen.find(Atspi.Role.TEXT, "Search").set_text_contents("zsh")
        wait_for(lambda: "zsh" in cells(), "what is found")
        assert Screen.find(Atspi.Role.PUSH_BUTTON, "Copy what is shown").do_action(0)
        wait_for(lambda: "Copied" in Screen.texts(), "that it is copied")
        assert Screen.find(Atspi.Role.PUSH_BUTTON, "Export what is shown").do_action(0)

        def save():
            return next((node for window in Screen.windows() for node in Screen.walk(window)
                         if node.get_role() == Atspi.Role.PUSH_BUTTON and node.get_name() == "Save"), None)
        wait_for(lambda: save() and save().get_state_set().contains(Atspi.StateType.SENSITIVE), "the choice of a file")
        assert save().do_action(0)
        wait_for(lambda: any(text.startswith("Exported to ") for text in Screen.texts()), "the export")
        made = list(tmp_path.glob("*.csv"))
        assert len(made) == 1 and made[0].stat().st_mode & 0o777 == 0o600
        assert made[0].read_bytes().decode() == ('"section","entry","name","value"\r\n"SOFTWARES","zsh","NAME","zsh"\r\n'
                                                 '"SOFTWARES","zsh","VERSION","5.9"\r\n')
    finally:
        tray.stop()


def test_inventory_changes(watcher, worker, tray):
    worker.inventory = [dict(INVENTORY[0], come=["MEMORY: 2"], gone=["MEMORY: 1"]), dict(INVENTORY[1], come=[], gone=[])]
    open_inventory(watcher)
    wait_for(lambda: "Changed since the last inventory that was sent" in cells(), "the tree")
    assert any(text.endswith("; 2 changes since the last one was sent") for text in Screen.texts())
    Screen.find(Atspi.Role.TEXT, "Search").set_text_contents("gone")
    wait_for(lambda: cells() == ["Changed since the last inventory that was sent", "2 entries", "HARDWARE", "gone: MEMORY: 1"], "what is found")


def test_inventory_by_keyboard(watcher, worker, tray):
    worker.inventory = INVENTORY
    open_inventory(watcher)
    wait_for(lambda: "SOFTWARES" in cells(), "the tree")
    assert unnamed() == [] and out_of_reach() == []
    reached = Screen.tab_round(Screen.window())
    assert any(name.endswith(": Search") for name in reached) and "push button: Take it again" in reached, reached


def test_about(watcher, worker, tray):
    wait_for(lambda: "About" in watcher.labels(), "the menu")
    watcher.click("About")
    wait_for(Screen.window, "the window")
    wait_for(lambda: any("Independent of the OCS Inventory project" in text for text in Screen.texts()), "the words")
    assert any("GNU General Public License" in text for text in Screen.texts())
    watcher.click("About")
    time.sleep(0.3)
    assert len(Screen.windows()) == 1
