# SPDX-License-Identifier: GPL-3.0-or-later
"""The service switched on and off in the assistant: a systemd of the test's own, which does what it is told and keeps a list of it."""
import os
import subprocess

import pytest

from fake_worker import FakeWorker, reason
from traytest import APPLICATION, STARTED, Tray, skip_without_display, watcher  # noqa: F401

try:
    from desktop import Atspi, Gio, GLib, Screen, wait_for
except (ImportError, ValueError):
    pass  # skipped below

pytestmark = skip_without_display

MANAGER = """<node><interface name="org.freedesktop.systemd1.Manager">
<method name="GetUnitFileState"><arg type="s" direction="in"/><arg type="s" direction="out"/></method>
<method name="EnableUnitFiles"><arg type="as" direction="in"/><arg type="b" direction="in"/><arg type="b" direction="in"/>
 <arg type="b" direction="out"/><arg type="a(sss)" direction="out"/></method>
<method name="DisableUnitFiles"><arg type="as" direction="in"/><arg type="b" direction="in"/><arg type="a(sss)" direction="out"/></method>
<method name="StartUnit"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
<method name="StopUnit"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
</interface></node>"""
UNITS = ["ocs-worker.socket", "ocs-worker.service"]


class Systemd:
    def __init__(self, folder, state):
        self.state, self.calls, self.refusal, self.on_start = state, [], None, None
        self.address = f"unix:path={folder}/system-bus"
        self.daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.address}"],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: os.path.exists(f"{folder}/system-bus"), "the test's system bus")
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(self.address, flags, None, None)
        self.bus.set_exit_on_close(False)
        interface = Gio.DBusNodeInfo.new_for_xml(MANAGER).interfaces[0]
        self.bus.register_object("/org/freedesktop/systemd1", interface, self.on_call, None, None)
        Gio.bus_own_name_on_connection(self.bus, "org.freedesktop.systemd1", Gio.BusNameOwnerFlags.NONE, None, None)

    def on_call(self, _bus, _sender, _path, _interface, method, parameters, invocation):
        if method == "GetUnitFileState":
            invocation.return_value(GLib.Variant("(s)", (self.state,)))
            return
        self.calls.append((method, *parameters.unpack()))
        if self.refusal:
            invocation.return_dbus_error("org.freedesktop.DBus.Error." + self.refusal, "Interactive authentication required.")
        elif method == "EnableUnitFiles":
            invocation.return_value(GLib.Variant("(ba(sss))", (True, [])))
        elif method == "DisableUnitFiles":
            invocation.return_value(GLib.Variant("(a(sss))", ([],)))
        else:
            if method == "StartUnit" and self.on_start:
                self.on_start()
            invocation.return_value(GLib.Variant("(o)", ("/org/freedesktop/systemd1/job/1",)))

    def stop(self):
        self.bus.close_sync(None)
        self.daemon.terminate()
        self.daemon.wait()


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    made = Systemd(tmp_path, "enabled")
    monkeypatch.setitem(STARTED, "DBUS_SYSTEM_BUS_ADDRESS", made.address)
    yield made
    made.stop()


class Admin(FakeWorker):
    configured = 0

    def reply(self, method, parameters):
        if method == "GetSettings":
            return {"parameters": {"settings": [
                {"section": "HTTP", "key": "Server", "kind": "server", "set": True, "value": "https://ocs/ocsinventory", "help": ""}]}}
        if method == "Configure":
            self.configured += 1
            return {"parameters": {"changed": [], "warnings": []}}
        return super().reply(method, parameters)


@pytest.fixture
def worker(tmp_path):
    fake = Admin(tmp_path / "worker.sock").start()
    fake.set(state="problem", reason=reason("not-configured", "no server is set"))
    yield fake
    fake.stop()


@pytest.fixture
def tray(watcher, worker, systemd):
    watcher.item = None
    started = Tray(worker, "--background")
    wait_for(lambda: watcher.has_item_of(started.process.pid), "the icon")
    yield started
    alive = started.process.poll() is None
    started.stop()
    assert alive


def is_open(control):
    return control is not None and control.get_state_set().contains(Atspi.StateType.SENSITIVE)


def press(name):
    assert wait_for(lambda: is_open(Screen.find(Atspi.Role.PUSH_BUTTON, name)) and Screen.find(Atspi.Role.PUSH_BUTTON, name),
                    f"the button {name}").do_action(0)


def says(part):
    return any(part in text for text in Screen.texts())


def box():
    return wait_for(lambda: Screen.find(Atspi.Role.CHECK_BOX, "Run the service, also after each start of the machine"), "the service")


def open_assistant(watcher):
    wait_for(lambda: watcher.item and "Set up…" in watcher.labels(), "the item of the menu")
    watcher.click("Set up…")
    wait_for(Screen.window, "the assistant")


def turn_to_machine():
    for _ in range(3):
        press("Next")


def test_off(watcher, worker, tray, systemd):
    open_assistant(watcher)
    turn_to_machine()
    assert box().get_state_set().contains(Atspi.StateType.CHECKED) and is_open(box())
    box().do_action(0)
    press("Next")
    wait_for(lambda: says("The service is switched off: no inventory is sent"), "the summary")
    assert systemd.calls == [], "nothing before the last page"
    press("Apply")
    wait_for(lambda: says("nothing is done before it is switched on"), "the end")
    assert systemd.calls == [("DisableUnitFiles", UNITS, False), ("StopUnit", "ocs-worker.socket", "replace"), ("StopUnit", "ocs-worker.service", "replace")]
    assert worker.configured == 1 and worker.called("SendInventory") == 0


def test_nobody_knows_the_password(watcher, worker, tray, systemd):
    systemd.refusal = "InteractiveAuthorizationRequired"
    open_assistant(watcher)
    turn_to_machine()
    box().do_action(0)
    press("Next")
    press("Apply")
    wait_for(lambda: says("the service could not be switched"), "the end")
    assert says("Interactive authentication required") and len(systemd.calls) == 1


def test_on_again(watcher, worker, systemd, tmp_path):
    """Nobody answers the socket: the first page says why, and mends it."""
    systemd.state = "disabled"
    watcher.item = None
    started = Tray(worker, "--background")
    try:
        wait_for(lambda: watcher.item and "Set up…" in watcher.labels(), "the item of the menu")
        worker.stop()
        systemd.on_start = worker.start
        subprocess.run(["gapplication", "action", APPLICATION, "setup"], check=True, timeout=10)
        wait_for(lambda: says("The service is switched off: nothing can be read"), "why nothing is read")
        press("Switch the service on")
        press("Next")
        assert systemd.calls == [("EnableUnitFiles", UNITS, False, False), ("StartUnit", "ocs-worker.service", "replace")]
        for _ in range(2):
            press("Next")
        assert box().get_state_set().contains(Atspi.StateType.CHECKED)
    finally:
        started.stop()


def test_without_systemd(watcher, worker, monkeypatch):
    monkeypatch.setitem(STARTED, "DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    watcher.item = None
    started = Tray(worker, "--background")
    try:
        open_assistant(watcher)
        turn_to_machine()
        assert not is_open(box())
        assert says("not run by systemd")
    finally:
        started.stop()
