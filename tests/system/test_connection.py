# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the connection: what the way is, what came by day, and the diagnosis while it goes."""
import datetime
import time

from fake_worker import reason
from test_window import open_page, out_of_reach, unnamed
from traytest import Tray, skip_without_display, tray, watcher, worker  # noqa: F401

try:
    from desktop import Atspi, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display

STEPS = [
    {"name": "resolve", "result": "ok", "milliseconds": 3, "detail": "cache.example.org is 10.0.0.3"},
    {"name": "connect", "result": "ok", "milliseconds": 12},
    {"name": "login", "result": "skipped", "milliseconds": 0},
    {"name": "cache", "result": "warning", "milliseconds": 0, "detail": "came twice, missed twice: too large for this proxy"},
    {"name": "server", "result": "failed", "milliseconds": 40, "reason": reason("tls", "ocs.example.org: unknown CA: set CaBundle")},
    {"name": "teleport", "result": "odd", "milliseconds": 1},
]


def button(name):
    return Screen.find(Atspi.Role.PUSH_BUTTON, name)


def test_facts(watcher, worker, tray):
    worker.set(insecure=True, proxy={"kind": "http", "host": "cache.example.org", "port": 3128, "authenticated": True, "verdict": "hit", "from_cache": 8,
                                     "from_wan": 2, "why": "pac", "ways": [{"purpose": "server", "kind": "none", "port": 0, "why": "bypassed"},
                                                                           {"purpose": "fragments", "kind": "http", "host": "cache.example.org",
                                                                            "port": 3128, "why": "pac"}]})
    open_page(tray, "Connection")
    wait_for(lambda: "HTTP, cache.example.org:3128" in Screen.texts(), "the proxy")
    texts = Screen.texts()
    for text in ("https://ocs.example.org/ocsinventory", "TLS, but the server's certificate is not checked", "With a login", "Serves from its cache",
                 "To the server: without a proxy, on the list of exceptions\nTo packages: cache.example.org:3128, named by the PAC file"):
        assert text in texts, texts
    assert unnamed() == [] and out_of_reach() == []


def test_diagnosis(watcher, worker, tray):
    worker.steps = STEPS
    worker.step_delay = 0.4
    open_page(tray, "Connection")
    assert wait_for(lambda: button("Diagnose"), "the button").do_action(0)
    wait_for(lambda: button("Stop"), "that it runs")
    rows = lambda: [node.get_name() for node in Screen.walk(Screen.window()) if node.get_role() == Atspi.Role.LIST_ITEM]  # noqa: E731
    wait_for(lambda: "Find the address. All right (3 ms)\nCache.example.org is 10.0.0.3" in rows()
             or "Find the address. All right (3 ms)\ncache.example.org is 10.0.0.3" in rows(), "the first step")
    assert button("Stop"), "the steps come as they are made"
    wait_for(lambda: button("Diagnose"), "the end")
    wait_for(lambda: any(node.get_name() == "2 steps were not all right" for node in Screen.walk(Screen.window())), "what it means")
    shown = "\n".join(rows())
    assert "Log in to the proxy. Not needed" in shown and "too large for this proxy" in shown
    assert "The server answers. Failed (40 ms)\nThe server's certificate is not accepted" in shown and "set CaBundle" in shown
    assert "teleport. odd (1 ms)" in shown, "a step of a newer worker"
    assert unnamed() == []


def test_diagnosis_stopped_and_refused(watcher, worker, tray):
    worker.steps = STEPS
    worker.step_delay = 5
    open_page(tray, "Connection")
    assert wait_for(lambda: button("Diagnose"), "the button").do_action(0)
    assert wait_for(lambda: button("Stop"), "that it runs").do_action(0)
    wait_for(lambda: "Stopped before its end" in Screen.texts(), "that it has stopped")
    worker.errors["TestProxy"] = ("Busy", "a diagnosis runs already: wait for its end")
    assert button("Diagnose").do_action(0)
    wait_for(lambda: "It is busy with something else" in Screen.texts(), "why there is none")


def test_days(watcher, worker, tray):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    worker.days = [{"day": str(today - datetime.timedelta(days=1)), "from_cache": 9000000, "from_wan": 1000000},
                   {"day": str(today), "from_cache": 0, "from_wan": 5000000}, {"day": "rubbish", "from_cache": -7}, 5]
    open_page(tray, "Connection")
    chart = wait_for(lambda: next((node for node in Screen.walk(Screen.window()) if node.get_role() == Atspi.Role.CHART
                                   and node.get_name() == "Bytes of packages by day"), None), "the plot")
    wait_for(lambda: chart.get_description() == "In 30 days: 9.0\u00a0MB from the cache, 6.0\u00a0MB over the line (60 % saved)", "the sum")
    Screen.tab_round(Screen.window(), limit=1)
    while Screen.focused() is None or Screen.focused().get_role() != Atspi.Role.CHART:
        Screen.press("Tab")
        time.sleep(0.05)
    Screen.press("Left", "Left")
    wait_for(lambda: chart.get_description().endswith(": 9.0\u00a0MB from the cache, 1.0\u00a0MB over the line (90 % saved)"), "yesterday")
