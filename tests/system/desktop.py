# SPDX-License-Identifier: GPL-3.0-or-later
"""A session bus as a panel and a screen reader see it: a StatusNotifierWatcher, one item's icon and menu, and the accessible tree.

Run inside `xvfb-run -a dbus-run-session`; only python3-gi and gir1.2-atspi-2.0.
"""
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_XML = """
<node><interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
  <signal name="StatusNotifierItemRegistered"><arg type="s"/></signal>
  <signal name="StatusNotifierHostRegistered"/>
</interface></node>
"""


def wait_for(condition, what, seconds=10):
    """Runs the main loop until condition() is true, and gives back its value."""
    context = GLib.MainContext.default()
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s in vain for {what}"
        if not context.iteration(False):
            time.sleep(0.01)


def ask_bus(method, name):
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    arguments = GLib.Variant("(s)", (name,))
    return bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method, arguments, None, 0, 5000, None).unpack()[0]


def name_is_owned(name):
    return ask_bus("NameHasOwner", name)


class Watcher:
    """The panel's side: owns the watcher's name and remembers the item that registered."""

    def __init__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.item = None
        self.signals = []
        node = Gio.DBusNodeInfo.new_for_xml(WATCHER_XML)
        self.object = self.bus.register_object("/StatusNotifierWatcher", node.interfaces[0], self.on_call, self.on_get, None)
        self.name = None
        self.bus.signal_subscribe(None, "org.kde.StatusNotifierItem", None, None, None, 0, self.on_signal)

    def own(self):
        self.name = Gio.bus_own_name_on_connection(self.bus, WATCHER, 0, None, None)

    def disown(self):
        Gio.bus_unown_name(self.name)
        self.item = None

    def on_call(self, _bus, sender, _path, _interface, method, parameters, invocation):
        if method == "RegisterStatusNotifierItem":
            self.item = (sender, parameters[0] if parameters[0].startswith("/") else "/StatusNotifierItem")
        invocation.return_value(None)

    @staticmethod
    def on_get(_bus, _sender, _path, _interface, name):
        return {"RegisteredStatusNotifierItems": GLib.Variant("as", []), "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
                "ProtocolVersion": GLib.Variant("i", 0)}[name]

    def on_signal(self, _bus, _sender, _path, _interface, name, _parameters):
        self.signals.append(name)

    def has_item_of(self, pid):
        """A registration of a process that has ended may still come in."""
        try:
            return self.item is not None and ask_bus("GetConnectionUnixProcessID", self.item[0]) == pid
        except GLib.Error:
            return False

    def call(self, path, interface, method, arguments):
        return self.bus.call_sync(self.item[0], path, interface, method, arguments, None, 0, 5000, None).unpack()

    def property(self, name):
        arguments = GLib.Variant("(ss)", ("org.kde.StatusNotifierItem", name))
        return self.call(self.item[1], "org.freedesktop.DBus.Properties", "Get", arguments)[0]

    def menu(self):
        """The rows that are seen: (dbusmenu id, label, enabled)."""
        path = self.property("Menu")
        self.call(path, "com.canonical.dbusmenu", "AboutToShow", GLib.Variant("(i)", (0,)))
        layout = self.call(path, "com.canonical.dbusmenu", "GetLayout", GLib.Variant("(iias)", (0, -1, [])))[1]
        return [(row, properties.get("label", "-"), properties.get("enabled", True))
                for row, properties, _ in layout[2] if properties.get("visible", True)]

    def labels(self):
        return [label for _, label, _ in self.menu()]

    def click(self, label):
        row = next(row for row, text, enabled in self.menu() if text == label and enabled)
        self.call(self.property("Menu"), "com.canonical.dbusmenu", "Event", GLib.Variant("(isvu)", (row, "clicked", GLib.Variant("i", 0), 0)))


NOTIFICATIONS_XML = """
<node><interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/></method>
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
    <arg type="u" direction="out"/></method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>
"""


class Notifications:
    """The desktop's side of notifications: what is shown, by number, and a click on one."""

    PATH = "/org/freedesktop/Notifications"
    NAME = "org.freedesktop.Notifications"

    def __init__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.shown = {}
        self.count = 0
        node = Gio.DBusNodeInfo.new_for_xml(NOTIFICATIONS_XML)
        self.bus.register_object(self.PATH, node.interfaces[0], self.on_call, None, None)
        Gio.bus_own_name_on_connection(self.bus, self.NAME, 0, None, None)

    def on_call(self, _bus, _sender, _path, _interface, method, parameters, invocation):
        if method == "Notify":
            _, replaces, icon, title, body, actions, hints, _ = parameters.unpack()
            self.count = self.count if replaces else self.count + 1
            number = replaces or self.count
            self.shown[number] = {"title": title, "body": body, "icon": icon, "actions": actions, "urgency": hints.get("urgency")}
            invocation.return_value(GLib.Variant("(u)", (number,)))
        elif method == "CloseNotification":
            self.shown.pop(parameters[0], None)
            invocation.return_value(None)
        elif method == "GetCapabilities":
            invocation.return_value(GLib.Variant("(as)", (["actions", "body"],)))
        else:
            invocation.return_value(GLib.Variant("(ssss)", ("fake", "fake", "1", "1.2")))

    def find(self, title):
        return next((number for number, each in self.shown.items() if each["title"] == title), None)

    def click(self, title):
        number = self.find(title)
        self.bus.emit_signal(None, self.PATH, self.NAME, "ActionInvoked", GLib.Variant("(us)", (number, "default")))
        del self.shown[number]


class Screen:
    """The screen reader's side."""

    def __init__(self):
        Atspi.init()
        Atspi.set_timeout(2000, 5000)

    @staticmethod
    def windows():
        desktop = Atspi.get_desktop(0)
        found = []
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application and application.get_name() in ("ocs-tray", "OCS Companion"):
                found += [application.get_child_at_index(j) for j in range(application.get_child_count())]
        return [window for window in found if window and window.get_state_set().contains(Atspi.StateType.SHOWING)]

    @classmethod
    def window(cls):
        return (cls.windows() or [None])[0]

    @classmethod
    def walk(cls, node):
        """What goes away while it is looked at is passed over."""
        yield node
        try:
            children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
        except GLib.Error:
            return
        for child in children:
            if child:
                yield from cls.walk(child)

    @classmethod
    def showing(cls):
        window = cls.window()
        return [node for node in cls.walk(window) if node.get_state_set().contains(Atspi.StateType.SHOWING)] if window else []

    @classmethod
    def texts(cls):
        return [node.get_name() for node in cls.showing() if node.get_role() == Atspi.Role.LABEL]

    @classmethod
    def find(cls, role, name=None):
        for node in cls.showing():
            if node.get_role() == role and name in (None, node.get_name()):
                return node
        return None

    @classmethod
    def has(cls, role, *names):
        """Whether all of names are there as controls of this role."""
        return set(names) <= {node.get_name() for node in cls.showing() if node.get_role() == role}

    @classmethod
    def turn_to(cls, page, sidebar="Pages"):
        """Chooses a page in the sidebar of the window."""
        pages = wait_for(lambda: cls.find(Atspi.Role.LIST_BOX, sidebar) or cls.find(Atspi.Role.LIST, sidebar), "the sidebar")
        for i in range(pages.get_child_count()):
            if pages.get_child_at_index(i).get_name() == page:
                Atspi.Selection.select_child(pages, i)
                return
        raise AssertionError(f"there is no page {page}")

    @staticmethod
    def press(*keys):
        subprocess.run(["xdotool", "key", *keys], check=True, timeout=10)

    @classmethod
    def focused(cls, window=None):
        """A link in a text goes on calling itself focused when the focus has gone on."""
        found = [node for node in (cls.walk(window) if window else cls.showing())
                 if node.get_state_set().contains(Atspi.StateType.FOCUSED) and node.get_role() != Atspi.Role.FRAME]
        return next((node for node in found if node.get_role() != Atspi.Role.LINK), found[0] if found else None)

    @classmethod
    def tab_round(cls, window, limit=40):
        """Names of what the Tab key reaches in the window, in its order. There is no window manager: the keys go where the pointer is."""
        place = window.get_extents(Atspi.CoordType.SCREEN)
        subprocess.run(["xdotool", "mousemove", str(place.x + place.width // 2), str(place.y + place.height - 3)], check=True, timeout=10)
        names = []
        for _ in range(limit):
            cls.press("Tab")
            time.sleep(0.05)
            node = cls.focused(window)
            name = f"{node.get_role_name()}: {node.get_name()}" if node else None
            if name and name in names:
                break
            names += [name] if name else []
        return names
