# SPDX-License-Identifier: GPL-3.0-or-later
"""A system bus of the test's own, with a logind that says what the test says: who is logged in, whose screen is locked, who presents.

The bus is a real dbus-daemon; the service is a program of its own (this file), told by lines of JSON.
"""
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lab"))

import lab  # noqa: E402

LOGIN = "org.freedesktop.login1"
NETWORK = "org.freedesktop.NetworkManager"
NOTHING = "unix:path=/nonexistent/no-system-bus"


def session(uid=1000, kind="wayland", active=True, locked=False, state=None, group="user", name="ada"):
    return {"uid": uid, "type": kind, "active": active, "locked": locked, "state": state or ("active" if active else "online"),
            "class": group, "name": name}


class SystemBus:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / "bus"
        self.address = f"unix:path={self.path}"
        self.daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.address}"],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lab.wait_for(self.path.exists, what="the test's bus")
        self.said = {"sessions": [], "inhibitors": [], "metered": 0}
        self.service = subprocess.Popen([sys.executable, "-B", __file__, self.address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.service.stdout.readline() == "ready\n"
        self.say()

    def say(self, **changes):
        """sessions=[session()…], inhibitors=[[what, uid]…], metered=0…4"""
        self.said.update(changes)
        self.service.stdin.write(json.dumps(self.said) + "\n")
        self.service.stdin.flush()
        assert self.service.stdout.readline() == "told\n"

    def stop_logind(self):
        self.service.send_signal(signal.SIGKILL)
        self.service.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop_logind()
        self.daemon.terminate()
        self.daemon.wait()


def serve(address):
    import dbus.bus
    import dbus.lowlevel
    import dbus.mainloop.glib
    from gi.repository import GLib

    bus = dbus.bus.BusConnection(address, mainloop=dbus.mainloop.glib.DBusGMainLoop())
    said = {"sessions": [], "inhibitors": [], "metered": 0}

    def path(index):
        return f"/org/freedesktop/login1/session/_{index}"

    def properties(each):
        return {"Active": dbus.Boolean(each["active"], variant_level=1), "LockedHint": dbus.Boolean(each["locked"], variant_level=1),
                "State": dbus.String(each["state"], variant_level=1), "Type": dbus.String(each["type"], variant_level=1),
                "Class": dbus.String(each["class"], variant_level=1), "Name": dbus.String(each["name"], variant_level=1),
                "User": dbus.Struct((dbus.UInt32(each["uid"]), dbus.ObjectPath("/org/freedesktop/login1/user")), signature="uo", variant_level=1)}

    def answer(message):
        member, where = message.get_member(), message.get_path()
        if member == "ListSessions":
            return "a(susso)", [(str(i), each["uid"], each["name"], "seat0", path(i)) for i, each in enumerate(said["sessions"])]
        if member == "ListInhibitors":
            return "a(ssssuu)", [(what, "test", "because", "block", uid, 1) for what, uid in said["inhibitors"]]
        if member == "GetAll":
            for i, each in enumerate(said["sessions"]):
                if where == path(i):
                    return "a{sv}", properties(each)
        if member == "Get" and list(message.get_args_list()) == [NETWORK, "Metered"]:
            return "v", dbus.UInt32(said["metered"], variant_level=1)
        return None, None

    def on_message(_connection, message):
        if not isinstance(message, dbus.lowlevel.MethodCallMessage) or message.get_path() is None or message.get_interface() == "org.freedesktop.DBus":
            return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        signature, value = answer(message)
        if signature is None:
            reply = dbus.lowlevel.ErrorMessage(message, "org.freedesktop.DBus.Error.UnknownObject", "not here")
        else:
            reply = dbus.lowlevel.MethodReturnMessage(message)
            reply.append(value, signature=signature)
        bus.send_message(reply)
        return dbus.lowlevel.HANDLER_RESULT_HANDLED

    def on_line(stream, _condition):
        line = stream.readline()
        if not line:
            loop.quit()
            return False
        said.update(json.loads(line))
        for where, interface in (("/org/freedesktop/login1", LOGIN + ".Manager"), ("/org/freedesktop/NetworkManager", NETWORK)):
            changed = dbus.lowlevel.SignalMessage(where, "org.freedesktop.DBus.Properties", "PropertiesChanged")
            told = {"Metered": dbus.UInt32(said["metered"], variant_level=1)} if interface == NETWORK else {}
            changed.append(interface, dbus.Dictionary(told, signature="sv"), dbus.Array([], signature="s"), signature="sa{sv}as")
            bus.send_message(changed)
        bus.flush()
        print("told", flush=True)
        return True

    loop = GLib.MainLoop()
    bus.add_message_filter(on_message)
    bus.request_name(LOGIN)
    bus.request_name(NETWORK)
    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, on_line)
    print("ready", flush=True)
    loop.run()


if __name__ == "__main__":
    os.environ.pop("DBUS_SYSTEM_BUS_ADDRESS", None)
    serve(sys.argv[1])
